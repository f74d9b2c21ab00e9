"""A customer's life in one sitting: done, planned, attached, tied, allowed, read by another, and forgotten."""

import json
import re
import zipfile
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from c360.core.actor import SYSTEM
from c360.core.clock import today, utc_now
from c360.services import reminders
from c360.services.consents import purposes
from c360.services.privacy import requests
from c360.services.relationships import making
from c360.services.uow import unit_of_work
from tests.e2e.conftest import shoot, visit
from tests.e2e.test_profile import DROP
from tests.e2e.test_relations import card, drag_together, kind


def seed(site):
    """A company with a person of the reader's and one out of his reach."""
    make = site.make
    firm = make("business_user", "account", name="Bäckerei Müller & Söhne")
    zoe = make("business_user", "contact", given_name="Zoë", family_name="Ångström", email="zoe@example.com")
    greta = make("stranger", "contact", given_name="Greta", family_name="Geheim")
    site.accounts.append(firm)
    site.contacts += [zoe, greta]
    for one in site.contacts:
        values = f"{kind(site, 'is a member of')}:forward"
        site.perform("administrator", making.connect, one, firm, values)
    with unit_of_work(SYSTEM) as uow:
        promotion = purposes.promotion(uow)
        assert promotion is not None
        promotion.double_opt_in = False


def record(page):
    """Log a call and plan a meeting that is soon; return to the summary."""
    panel = page.get_by_role("region", name="Record or plan")
    panel.get_by_role("button", name="Call").click()
    page.get_by_label("Subject").fill("Asked for the offer")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Recorded.")).to_be_visible()
    panel.get_by_role("button", name="Meeting").click()
    page.get_by_label("Subject").fill("Tasting 試食")
    page.get_by_label("When").fill((utc_now() + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Planned.")).to_be_visible()


def allow_and_withdraw(page):
    """Record a consent to promotion by e-mail with the keyboard, and withdraw it with the switch."""
    cell = page.get_by_role("button", name=re.compile("^Promotional information, E-mail"))
    cell.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Record a yes")).to_be_focused()
    page.keyboard.press("Enter")
    form = page.get_by_role("form", name="Record a yes")
    form.get_by_label("Where, in which campaign").fill("Fair in Köln")
    form.get_by_label("Where, in which campaign").press("Enter")
    expect(cell).to_have_accessible_name("Promotional information, E-mail: Yes")
    page.get_by_role("switch", name="Receives promotional e-mails").click()
    expect(cell).to_have_accessible_name("Promotional information, E-mail: No")


@pytest.mark.feature("ACT-1", "ACT-7", "ACT-8", "REC-30", "REL-1", "REL-7", "CNS-1", "CNS-3", "CNS-9", "CNS-10", "R38")
def test_a_life_is_recorded_read_by_another_and_forgotten(page_as, site, tmp_path):
    zoe = f"/contact/{site.contacts[0]}"
    page = page_as("administrator", f"{zoe}/summary")
    record(page)
    reminders.sweep()  # What the worker does each minute.
    visit(page, "/day")
    expect(page.get_by_role("main").get_by_role("link", name=re.compile("Tasting 試食")).first).to_be_visible()
    page.get_by_role("link", name=re.compile("^Reminder: Tasting 試食")).click()
    expect(page.get_by_role("heading", name="Tasting 試食", level=1)).to_be_visible()
    page.locator(".fdrop").evaluate(DROP, [["Agenda Ü.txt", "bread and wine"], ["setup.exe", "MZ"]])
    expect(page.get_by_text("Agenda Ü.txt was added.")).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text="setup.exe")).to_be_visible()
    shoot(page, "journey-activity")
    visit(page, f"{zoe}/attachments")
    page.locator(".fdrop").evaluate(DROP, [["Vertrag.txt", "signed"]])
    expect(page.get_by_text("Vertrag.txt was added.")).to_be_visible()
    visit(page, f"/account/{site.accounts[0]}/relations")
    expect(card(page, "Zoë Ångström")).to_be_visible()
    drag_together(page)
    visit(page, f"{zoe}/consents")
    allow_and_withdraw(page)

    reader = page_as("business_user", f"{zoe}/timeline")
    planned = reader.get_by_role("list", name="Planned")
    expect(planned.get_by_role("link", name="Tasting 試食")).to_be_visible()
    expect(planned.get_by_role("link", name="Agenda Ü.txt")).to_be_visible()
    stream = reader.get_by_role("list", name="Timeline")
    for told in ("Asked for the offer", "Vertrag.txt", "Withdrawn: Promotional information, E-mail",
                 "Yes: Promotional information, E-mail"):  # fmt: skip
        expect(stream.get_by_role("link", name=told, exact=True)).to_be_visible()
    assert "Geheim" not in reader.content()
    shoot(reader, "journey-timeline")
    reader.get_by_label("Type", exact=True).select_option("consent")
    reader.get_by_role("button", name="Show", exact=True).click()
    expect(stream.get_by_role("listitem")).to_have_count(2)

    for asked in ("access", "erasure"):
        site.perform("administrator", requests.open_, site.contacts[0], asked, today(), "passport shown")
    officer = page_as("data_protection_officer", "/privacy")
    with officer.expect_download() as arriving:
        officer.get_by_role("link", name="Get the file").click()
    arriving.value.save_as(tmp_path / "data.zip")
    archive = zipfile.ZipFile(tmp_path / "data.zip")
    data = json.loads(archive.read("data.json"))
    assert {row["name"] for row in data["attachment"]} == {"Agenda Ü.txt", "Vertrag.txt"}
    assert {row["subject"] for row in data["activity"]} == {"Asked for the offer", "Tasting 試食"}
    assert [row["event"] for row in data["consent_event"]] == ["given", "withdrawn"]
    officer.get_by_role("button", name="Erase…").click()
    dialog = officer.get_by_role("dialog")
    dialog.get_by_role("button", name="Erase for good").click()
    expect(dialog).to_have_count(0)  # what lies behind a dialog counts as away as long as it is open
    expect(officer.get_by_role("button", name="Erase…")).to_have_count(0)
    visit(reader, f"{zoe}/timeline")
    expect(reader.get_by_role("heading", name=re.compile("^Erased "))).to_be_visible()
    reader.get_by_role("button", name="Clear", exact=True).click()
    # The ledger stays as proof; it names nobody.
    expect(stream.get_by_text("Withdrawn: Promotional information, E-mail")).to_be_visible()
    for gone in ("Asked for the offer", "Tasting 試食", "Vertrag.txt", "Agenda Ü.txt"):
        expect(reader.get_by_text(gone)).to_have_count(0)
    assert "Ångström" not in reader.content()
