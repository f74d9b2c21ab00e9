"""Consent and privacy in the browser: record by keyboard, receipt, preference page, access file, erasure."""

import json
import re
import zipfile

import pytest
from playwright.sync_api import expect

from c360.core.actor import SYSTEM
from c360.core.clock import today
from c360.services.consents import purposes
from c360.services.privacy import requests
from c360.services.uow import unit_of_work
from tests.e2e.conftest import assert_accessible, shoot, visit

expect.set_options(timeout=15_000)


def seed(site):
    site.contacts.append(
        site.make("business_user", "contact", given_name="Zoë", family_name="Ångström", email="zoe@example.com",
                  phone="+49 30 123456")
    )  # fmt: skip
    with unit_of_work(SYSTEM) as uow:
        purpose = purposes.promotion(uow)
        assert purpose is not None
        purpose.double_opt_in = False


@pytest.mark.feature("CNS-1", "CNS-2", "CNS-3")
def test_a_consent_is_recorded_and_withdrawn_by_keyboard(page_as, site):
    page = page_as("business_user", f"/contact/{site.contacts[0]}/consents")
    cell = page.get_by_role("button", name=re.compile("^Promotional information, E-mail"))
    expect(cell).to_have_accessible_name("Promotional information, E-mail: Not asked")
    cell.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Record a yes")).to_be_focused()
    page.keyboard.press("Enter")
    form = page.get_by_role("form", name="Record a yes")
    expect(form.get_by_label("How we know")).to_be_focused()
    form.get_by_label("Where, in which campaign").fill("Fair in Frankfurt")
    assert_accessible(page)
    shoot(page, "consents-form")
    form.get_by_label("Where, in which campaign").press("Enter")
    expect(cell).to_have_accessible_name("Promotional information, E-mail: Yes")
    switch = page.get_by_role("switch", name="Receives promotional e-mails")
    expect(switch).to_be_checked()
    switch.focus()
    page.keyboard.press("Space")
    expect(switch).not_to_be_checked()
    expect(cell).to_have_accessible_name("Promotional information, E-mail: No")
    open_cell = page.get_by_role("region", name="Promotional information, E-mail")
    expect(open_cell.get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_text("It is in the ledger.")).to_have_count(0)  # What fades has no contrast.
    assert_accessible(page)
    shoot(page, "consents")
    with page.context.expect_page() as opened:
        open_cell.get_by_role("link", name="Receipt").last.click()
    receipt = opened.value
    expect(receipt.get_by_role("heading", name="Receipt of a consent")).to_be_visible()
    expect(receipt.get_by_text("Fair in Frankfurt")).to_be_visible()
    assert_accessible(receipt)
    told = json.loads(page.request.get(receipt.url.replace("/receipt", "/receipt.json")).text())
    assert told["events"][0]["event_type"] == "given"


@pytest.mark.feature("CNS-4")
def test_the_customer_chooses_on_his_own_page(page_as, site):
    page = page_as("business_user", f"/contact/{site.contacts[0]}/consents")
    page.get_by_role("button", name="Link to his preferences").click()
    link = page.locator(".secret").inner_text()
    own = page_as(None)
    own.goto(link)
    assert_accessible(own)
    own.get_by_role("group", name="Promotional information").get_by_label("Post").check()
    own.get_by_role("button", name="Save").click()
    expect(own.get_by_role("status")).to_contain_text("Saved on")
    shoot(own, "preferences")
    visit(page, f"/contact/{site.contacts[0]}/consents")
    expect(page.get_by_role("button", name="Promotional information, Post: Yes")).to_be_visible()


@pytest.mark.feature("CNS-9", "CNS-10", "R37", "R38")
def test_a_person_gets_his_data_and_is_erased_by_a_second_one(page_as, site, tmp_path):
    for kind in ("access", "erasure"):
        site.perform("administrator", requests.open_, site.contacts[0], kind, today(), "passport shown")
    page = page_as("data_protection_officer", "/privacy")
    with page.expect_download() as arriving:
        page.get_by_role("link", name="Get the file").click()
    arriving.value.save_as(tmp_path / "data.zip")
    data = json.loads(zipfile.ZipFile(tmp_path / "data.zip").read("data.json"))
    assert data["customer"][0]["email"] == "zoe@example.com"
    assert_accessible(page)
    page.get_by_role("button", name="New request").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Erase…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("row")).not_to_have_count(1)
    assert_accessible(page)
    shoot(page, "privacy-erasure")
    dialog.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_role("button", name="Erase…")).to_have_count(0)
    shoot(page, "privacy")
    other = page_as("business_user", "/contacts")
    expect(other.get_by_text("Ångström")).to_have_count(0)
