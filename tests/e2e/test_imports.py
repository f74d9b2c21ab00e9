"""Importing in the browser: a file dropped, looked at, run, worked with, undone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ROOT, assert_accessible, shoot, visit

WORKER = True
NORTHWIND = ROOT / "c360" / "data" / "northwind" / "customers.csv"


def seed(site) -> None:
    """Start with an empty base."""


def drop(page: Page, path: Path, kind: str) -> None:
    """Say what the file holds and give it to the page."""
    page.get_by_role("button", name=kind, exact=True).click()
    expect(page.get_by_role("button", name=kind, exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Choose a file").set_input_files(path)
    expect(page.get_by_role("heading", name="What the columns mean")).to_be_visible(timeout=30_000)


@pytest.mark.feature("IMP-1", "IMP-3", "IMP-4", "B-IMP-1", "B-IMP-2", "LST-8", "LST-14", "B-LST-5", "REC-24", "BEY-4")
def test_northwind_is_imported_filtered_viewed_edited_changed_in_bulk_and_undone(page_as):
    page = page_as("business_user", "/imports")
    assert_accessible(page)
    shoot(page, "imports-empty")
    _import_northwind(page)
    _filter_and_view(page)
    _edit_with_a_conflict(page)
    _change_in_bulk_and_undo(page)


def _import_northwind(page: Page) -> None:
    drop(page, NORTHWIND, "Accounts")
    expect(page.get_by_text("24 rows were torn by a comma")).to_be_visible()
    expect(page.get_by_label("What “companyName” means")).to_have_value("name")
    expect(page.get_by_label("What “contactName” means")).to_have_value("person.name")
    assert_accessible(page)
    shoot(page, "imports-mapping")
    page.get_by_role("button", name="Check without writing").click()
    expect(page.get_by_role("heading", name="What this import would do")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("definition").first).to_have_text("91", timeout=30_000)
    shoot(page, "imports-checked")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", name="Result")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Undo this import")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("definition").first).to_have_text("91")
    assert_accessible(page)
    shoot(page, "imports-result")


def _filter_and_view(page: Page) -> None:
    page.get_by_role("navigation", name="Main").first.get_by_role("link", name="Accounts", exact=True).click()
    expect(page.get_by_text("91 rows", exact=True)).to_be_visible()
    page.get_by_role("button", name="Filter", exact=True).click()
    panel = page.get_by_role("dialog", name="Filter")
    panel.get_by_role("button", name="Condition").click()
    panel.get_by_role("combobox", name="Field").select_option(label="City")
    panel.get_by_role("textbox", name="City contains").fill("London")
    expect(page.get_by_text("6 rows", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save view").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Name").fill("Londoners")
    page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("tab", name="Londoners", selected=True)).to_be_visible()
    expect(page.get_by_role("navigation", name="Saved views")).to_contain_text("Londoners")


def _edit_with_a_conflict(page: Page) -> None:
    page.get_by_role("gridcell", name=re.compile("Around the Horn")).first.dblclick()
    expect(page.get_by_role("heading", name="Around the Horn", level=1)).to_be_visible()
    other = visit(page.context.new_page(), page.url.replace("/summary", "/details"))
    visit(page, other.url)
    for tab, text in ((page, "GB 1 mine"), (other, "GB 2 theirs")):
        tab.get_by_role("region", name="Company details").get_by_role("button", name=re.compile("^Edit")).first.click()
        tab.get_by_label("Tax number").fill(text)
    page.get_by_label("Registration number").fill("HRB 7")
    other.keyboard.press("Control+s")
    expect(other.get_by_text("Saved.")).to_be_visible()
    other.close()
    page.get_by_role("button", name="Save", exact=True).click()
    clash = page.get_by_role("alert").filter(has_text="You both changed these fields")
    expect(clash).to_contain_text("GB 2 theirs")
    shoot(page, "profile-conflict-light")
    theirs = clash.get_by_role("radio", name="GB 2 theirs")
    theirs.click()  # The server says what is chosen, so the tick comes a moment after the click.
    expect(theirs).to_be_checked()
    clash.get_by_role("button", name="Save my choice").click()
    details = page.get_by_role("region", name="Company details")
    expect(details).to_contain_text("GB 2 theirs")
    expect(details).to_contain_text("HRB 7")


def _change_in_bulk_and_undo(page: Page) -> None:
    page.get_by_role("navigation", name="Saved views").get_by_role("link", name=re.compile("Londoners")).click()
    expect(page.get_by_text("6 rows", exact=True)).to_be_visible()
    page.locator(".ag-row[row-index='0']").get_by_role("checkbox").check()
    bar = page.get_by_role("region", name="Selection")
    bar.get_by_role("button", name="Select all 6").click()
    expect(bar.get_by_role("status")).to_have_text("6 selected")
    page.get_by_role("columnheader", name="Name").click()
    expect(bar.get_by_role("status")).to_have_text("6 selected")
    bar.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Field").select_option(label="Tax number")
    dialog.get_by_role("textbox").fill("GB 811 ß")
    dialog.get_by_role("button", name="Preview").click()
    expect(dialog.get_by_text("6 records would change.")).to_be_visible()
    assert_accessible(page, but=("aria-hidden-focus", "region"))
    shoot(page, "bulk-preview")
    dialog.get_by_role("button", name="Change 6 records").click()
    toast = page.locator("[data-sonner-toast]", has_text="6 records changed")
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-sonner-toast]", has_text="6 records restored")).to_be_visible()
    page.goto("/imports")
    expect(page.get_by_role("link", name=re.compile("customers.csv"))).to_be_visible()
    shoot(page, "imports-list")


@pytest.mark.feature("BEY-21", "B-IMP-3", "B-IMP-6", "IMP-5")
def test_problem_rows_are_mended_in_the_page_and_the_import_undone(site, page_as, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(
        "First name,Last name,E-mail,Status\nZoë,Ångström,zoe@example.com,Active\nBo,Bad,nonsense,Kunde\n", "utf-8"
    )
    page = page_as("business_user", "/imports")
    drop(page, path, "Contacts")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", name="1 row needs you")).to_be_visible(timeout=30_000)
    shoot(page, "imports-problems")
    page.get_by_label("What “Kunde” means").select_option("Active")
    cell = page.get_by_label("Row 3, cell 3")
    expect(cell).to_have_value("nonsense")
    cell.fill("bo@example.com")
    cell.press("Tab")
    page.get_by_role("button", name=re.compile("Import the mended rows")).click()
    expect(page.get_by_role("heading", name="1 row needs you")).not_to_be_visible(timeout=30_000)
    expect(page.get_by_role("definition").first).to_have_text("2", timeout=30_000)
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_text(re.compile("Undone: .* rows are as they were"))).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_a_phone(site, page_as, tmp_path, scheme):
    path = tmp_path / "visitors.csv"
    path.write_text("First name,Last name,E-mail\nZoë,Ångström,zoe@example.org\nBo,Bad,nonsense\n", "utf-8")
    page = page_as("business_user", "/imports", viewport={"width": 390, "height": 844}, color_scheme=scheme)
    drop(page, path, "Contacts")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert_accessible(page)
    shoot(page, f"imports-phone-{scheme}")
    wide = page_as("business_user", page.url, color_scheme=scheme)
    shoot(wide, f"imports-wide-{scheme}")


@pytest.mark.feature("IMP-1", "IMP-3", "ACT-14", "ACT-18")
def test_calls_and_ties_from_another_system_arrive_on_the_customers(page_as, site, tmp_path):
    zoe = site.make("business_user", "contact", given_name="Zoë", family_name="Ångström", email="zoe@example.com")
    site.make("business_user", "contact", given_name="小明", family_name="王", email="wang@example.com")
    calls, ties = tmp_path / "calls.csv", tmp_path / "ties.csv"
    calls.write_text(
        "Type,Subject,Customer,Date,Status\n"
        "Call,Asked for 試食,zoe@example.com; wang@example.com,2026-03-02 10:00,done\n"
        "Meeting,With nobody we know,nobody@example.com,2026-03-03 10:00,done\n", "utf-8",
    )  # fmt: skip
    ties.write_text("From,To,Relation\nzoe@example.com,wang@example.com,is married to\n", "utf-8")
    page = page_as("business_user", "/imports")
    drop(page, calls, "Activities")
    assert_accessible(page)
    shoot(page, "imports-activities")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", name="Result")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("nobody@example.com").first).to_be_visible(timeout=30_000)
    shoot(page, "imports-activities-result")
    visit(page, f"/contact/{zoe}/history")
    expect(page.get_by_role("link", name="Asked for 試食")).to_be_visible()

    visit(page, "/imports")
    drop(page, ties, "Relations")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", name="Result")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Undo this import")).to_be_visible(timeout=30_000)
    visit(page, f"/contact/{zoe}/relations")
    expect(page.get_by_text("小明 王").first).to_be_visible()
