"""Rules of merges, tried on merges that were decided: in the wizard, and in administration before they are kept."""

import re

import pytest
from playwright.sync_api import expect

from c360.services.merging import planning, policy
from c360.services.merging.shapes import Choices
from tests.e2e.conftest import assert_accessible, shoot, visit

expect.set_options(timeout=15_000)
PHONE = {"viewport": {"width": 390, "height": 844}}
NOTES = ("Prefers letters.", "Prefers e-mail, and never before nine in the morning 🌅.")


def seed(site):
    """Give the manager two contacts who were merged, and two who may be."""
    for family in ("Tamm", "Ćosić"):
        ids = [site.make("manager", "contact", given_name="Åsa", family_name=family, notes=one) for one in NOTES]
        site.contacts.extend(ids)
    site.perform("manager", planning.merge, site.contacts[:2], Choices(site.contacts[0], {"notes": "by:longest"}))


@pytest.mark.feature("BEY-14")
def test_a_recipe_is_tried_on_past_merges_before_it_is_kept(page_as, site):
    page = page_as("manager", "/merge?ids=" + ",".join(map(str, site.contacts[2:])))
    page.get_by_role("button", name="Continue").click()
    menu = page.get_by_role("combobox", name="Notes: Rule")
    menu.select_option("Longest")
    page.get_by_role("button", name="Try on past merges").click()
    dialog = page.get_by_role("dialog", name="The rules, tried on past merges")
    expect(dialog).to_contain_text("1 conflict was decided; the rules give the same in 1.")
    expect(dialog.get_by_role("row", name=re.compile("Notes")).first).to_contain_text("the same:")
    expect(dialog.get_by_role("link", name=re.compile("Tamm"))).to_have_attribute("href", re.compile("/unmerge/"))
    assert_accessible(page)
    shoot(page, "rehearsal-light")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    menu.select_option("Shortest")
    page.get_by_role("button", name="Try on past merges").click()
    expect(dialog.get_by_role("row", name=re.compile("Notes")).first).to_contain_text("something else:")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


@pytest.mark.feature("BEY-14")
def test_an_administrator_tries_rules_nobody_has_kept(page_as, site):
    for theme, size in (("light", {}), ("dark", PHONE)):
        page = page_as("administrator", "/admin/merging", color_scheme=theme, **size)
        page.get_by_role("combobox", name="Notes").select_option("Shortest")
        page.get_by_role("button", name="Try on past merges").click()
        dialog = page.get_by_role("dialog", name="The rules, tried on past merges")
        expect(dialog.get_by_role("row", name=re.compile("Notes")).first).to_contain_text(NOTES[0])
        assert_accessible(page)
        shoot(page, f"rehearsal-admin-{theme}")
        dialog.get_by_role("button", name="Close").click()
        expect(dialog).to_be_hidden()
    visit(page, "/admin/merging/account")
    page.get_by_role("combobox", name="Notes").select_option("Shortest")
    page.get_by_role("button", name="Try on past merges").click()
    expect(dialog).to_contain_text("There is nothing to try these rules on yet")
    shoot(page, "rehearsal-none-dark")
    kept = site.perform("administrator", lambda uow: policy.of(uow.session, "contact"))
    assert kept.strategies == {}, "trying keeps nothing"
