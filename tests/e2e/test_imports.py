"""Importing in the browser: a file dropped, looked at, run, undone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ROOT, assert_accessible, shoot

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


@pytest.mark.feature("IMP-1", "IMP-3", "IMP-4", "B-IMP-1", "B-IMP-2")
def test_northwind_is_imported_through_the_browser(site, page_as):
    page = page_as("business_user", "/imports")
    assert_accessible(page)
    shoot(page, "imports-empty")
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
    path = tmp_path / "people.csv"
    path.write_text("First name,Last name,E-mail\nZoë,Ångström,zoe@example.org\nBo,Bad,nonsense\n", "utf-8")
    page = page_as("business_user", "/imports", viewport={"width": 390, "height": 844}, color_scheme=scheme)
    drop(page, path, "Contacts")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert_accessible(page)
    shoot(page, f"imports-phone-{scheme}")
    wide = page_as("business_user", page.url, color_scheme=scheme)
    shoot(wide, f"imports-wide-{scheme}")
