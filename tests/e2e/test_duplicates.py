"""Possible duplicates in the browser: told while typing, saved with a reason, decided on in the queue with keys."""

import re

import pytest
from playwright.sync_api import expect

from c360.core.actor import SYSTEM
from c360.services import administration
from c360.services.duplicates import running
from c360.services.uow import perform
from tests.e2e.conftest import assert_accessible, shoot, visit

EMIL = {"given_name": "Emil", "family_name": "Konrád", "birth_date": "1972-02-16", "email": "e.konrad@example.org"}


def seed(site):
    """One man entered twice, and others who are nobody's twin."""
    for given in ("Emil", "Emil"):
        site.make("business_user", "contact", **{**EMIL, "given_name": given})
    for given, family in (("Zoë", "Ångström"), ("小明", "王"), ("ليلى", "حداد")):
        site.make("business_user", "contact", given_name=given, family_name=family)
    running.at_once(SYSTEM, "contact", changed=False)


@pytest.mark.feature("BEY-22", "B-DUP-2", "B-DUP-8", "B-MRG-1", "DUP-5", "DUP-21")
def test_a_twin_is_seen_in_the_form_and_told_apart_in_the_queue_by_keyboard(page_as, site):
    strict = {"contact": {"save": "block", "sure": 0.5}}
    perform(SYSTEM, administration.change, "duplicates", strict)
    page = page_as("business_user", "/contacts/new")
    page.get_by_label("First name").fill("Emil")
    page.get_by_label("Last name").fill("Konrad")
    page.get_by_role("textbox", name="E-mail").fill("E.Konrad@example.org")
    panel = page.get_by_role("status", name="This may be there already")
    expect(panel.get_by_role("link", name="Emil Konrád").first).to_be_visible(timeout=20_000)
    expect(panel).to_contain_text("same e-mail")
    assert_accessible(page)
    page.keyboard.press("Control+s")
    reason = panel.get_by_label("Why is this somebody else?")
    expect(reason).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text("Say why")
    shoot(page, "duplicates-form")
    reason.fill("his grandson")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Emil Konrad", level=1)).to_be_visible()

    visit(page, "/duplicates")
    group = page.get_by_role("list", name="Duplicates").get_by_role("listitem").filter(has_text="2 records").first
    expect(group).to_contain_text("same birth date")
    assert_accessible(page)
    shoot(page, "duplicates-queue")
    boss = page_as("manager", "/duplicates")
    expect(boss.get_by_role("list", name="Duplicates").get_by_role("listitem").first).to_be_visible()
    boss.keyboard.press("m")
    expect(boss).to_have_url(re.compile(r"/merge\?ids="))
    page.keyboard.press("n")
    dialog = page.get_by_role("dialog", name="Not duplicates")
    dialog.get_by_label("Why are they not the same?").fill("father and son")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing waits here")).to_be_visible()
    expect(page.get_by_text("Told apart in 30 days").locator("..")).to_contain_text("1")
