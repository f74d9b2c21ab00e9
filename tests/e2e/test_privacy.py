"""Consent and privacy in the browser: record by keyboard, receipt, preference page, access file, erasure."""

import json
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
