"""The lists as people use them: found, arranged, saved, edited, changed in bulk and taken back."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests.e2e.conftest import assert_accessible, open_palette, shoot

expect.set_options(timeout=15_000)

PHONE = {"width": 390, "height": 844}


def grid_of(page: Page):
    """Return the table once its first row is there."""
    expect(page.locator(".ag-row[row-index='0'] [col-id=name]").first).not_to_be_empty()
    return page.locator(".cg")


def cell(page: Page, row: int, column: str):
    return page.locator(f".ag-row[row-index='{row}'] [col-id={column}]")


@pytest.mark.feature("LST-1", "LST-2", "LST-10")
def test_each_list_opens_from_the_menu_and_says_how_many(page_as):
    page = page_as("manager", "/")
    for name, rows in (("Contacts", "60 rows"), ("Accounts", "12 rows"), ("Customers", "72 rows")):
        page.get_by_role("navigation", name="Main").first.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_text(rows, exact=True)).to_be_visible()
        grid_of(page)
        expect(page.get_by_role("button", name=re.compile("^Add a"))).to_be_visible()
    shoot(page, "customers-light")
    assert_accessible(page)


@pytest.mark.feature("LST-5", "LST-3", "LST-8", "B-LST-1", "B-LST-3", "B-LST-7")
def test_filters_columns_and_sort_live_in_the_address_and_in_a_saved_view(page_as):
    page = page_as("business_user", "/contacts")
    grid_of(page)
    page.get_by_role("searchbox", name="Find in list").fill("Müller")
    expect(page.get_by_text("6 rows", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("q=M"))
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="Language", exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Sort").click()
    page.get_by_role("button", name="Add a column").click()
    page.get_by_role("combobox", name="Direction").select_option(label="Descending")
    page.keyboard.press("Escape")
    expect(cell(page, 0, "name")).to_contain_text("51")
    expect(page.get_by_role("img", name="Unsaved changes")).to_be_visible()
    page.reload()
    expect(cell(page, 0, "name")).to_contain_text("51")
    page.get_by_role("button", name="Save view").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Name").fill("Müllers")
    page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("tab", name="Müllers", selected=True)).to_be_visible()
    expect(page.get_by_role("navigation", name="Saved views")).to_contain_text("Müllers")
    page.goto("/contacts")
    page.get_by_role("tab", name="Müllers").click()
    expect(page.get_by_text("6 rows", exact=True)).to_be_visible()
    page.get_by_role("button", name="Columns").click()
    expect(page.get_by_role("checkbox", name="Hide Language")).to_be_checked()
    page.keyboard.press("Escape")
    page.get_by_role("searchbox", name="Find in list").fill("Jürgen Müller-Lüdenscheidt 01")
    expect(page.get_by_text("1 row", exact=True)).to_be_visible()
    page.get_by_role("tab", name="All").click()
    expect(page.get_by_text("60 rows", exact=True)).to_be_visible()
    page.get_by_role("tab", name="Müllers").click()
    expect(page.get_by_text("1 row", exact=True)).to_be_visible()
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_text("6 rows", exact=True)).to_be_visible()


@pytest.mark.feature("LST-6", "LST-7", "B-LST-2", "LST-4")
def test_the_builder_nests_groups_marks_the_incomplete_and_tells_a_sentence(page_as):
    page = page_as("business_user", "/contacts")
    grid_of(page)
    page.get_by_role("button", name="Filter", exact=True).click()
    panel = page.get_by_role("dialog", name="Filter")
    panel.get_by_role("button", name="Condition").click()
    expect(panel.get_by_text("Incomplete")).to_be_visible()
    expect(page.get_by_text("60 rows", exact=True)).to_be_visible()
    panel.get_by_role("combobox", name="Field").select_option(label="E-mail")
    panel.get_by_role("textbox", name="E-mail contains").fill("person1")
    expect(page.get_by_text("11 rows", exact=True)).to_be_visible()
    panel.get_by_role("button", name="Group").click()
    inner = panel.get_by_role("group", name="Group of conditions").last
    inner.get_by_role("combobox", name="Field").select_option(label="Created")
    inner.get_by_role("combobox", name="Created is within").select_option(label="this month")
    expect(
        panel.get_by_text("Contacts where E-mail contains “person1” and Created is within this month")
    ).to_be_visible()
    expect(page.get_by_text("11 rows", exact=True)).to_be_visible()
    shoot(page, "builder-light")
    assert_accessible(page, but=("aria-hidden-focus", "region"))


@pytest.mark.feature("LST-5", "B-LST-3", "LST-11", "LST-14")
def test_quick_filters_go_back_and_the_palette_acts_on_the_list(page_as):
    page = page_as("business_user", "/contacts")
    grid_of(page)
    bar = page.get_by_role("search", name="Filters")
    bar.get_by_role("button", name="Status", exact=True).click()
    page.get_by_role("checkbox", name="Lost").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("0 rows", exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_text("60 rows", exact=True)).to_be_visible()
    page.go_forward()
    expect(page.get_by_text("0 rows", exact=True)).to_be_visible()
    page.get_by_role("button", name=re.compile("^Remove filter")).first.click()
    expect(page.get_by_text("60 rows", exact=True)).to_be_visible()
    cell(page, 0, "name").focus()
    page.keyboard.press("Space")
    open_palette(page)
    palette = page.get_by_role("dialog", name="Command palette")
    expect(palette.get_by_role("option", name="Add tag", exact=True)).to_be_visible()
    assert_accessible(page, but=("region",))
    shoot(page, "palette-light")
    palette.get_by_role("option", name="Add tag", exact=True).click()
    dialog = page.get_by_role("dialog", name="Add tag")
    expect(dialog).to_contain_text("1 record is selected.")
    dialog.get_by_role("combobox", name="Tags").fill("Frisch")
    expect(page.get_by_role("option", name="Create “Frisch”")).to_be_visible()
    shoot(page, "bulk-tag-light")


@pytest.mark.feature("LST-13", "B-LST-6")
def test_a_cell_is_edited_checked_and_restored(page_as):
    page = page_as("business_user", "/contacts")
    grid_of(page)
    was = cell(page, 0, "email").inner_text()
    cell(page, 0, "email").dblclick()
    page.get_by_role("textbox", name="E-mail").fill("gone@example.com")
    page.keyboard.press("Escape")
    expect(cell(page, 0, "email")).to_have_text(was)
    cell(page, 0, "email").dblclick()
    page.get_by_role("textbox", name="E-mail").fill("no address")
    page.keyboard.press("Enter")
    expect(page.locator("[data-sonner-toast]", has_text="e-mail address")).to_be_visible()
    expect(cell(page, 0, "email")).to_have_text(was)
    cell(page, 0, "job_title").dblclick()
    page.get_by_role("textbox", name="Job title").fill("Prüferin")
    with page.expect_response("**/api/grid/contact"):
        page.keyboard.press("Enter")
    page.reload()
    expect(page.get_by_role("gridcell", name="Prüferin")).to_be_visible()


@pytest.mark.feature("LST-5", "B-LST-3", "REC-23", "SEC-4")
def test_a_link_to_a_filtered_list_opens_with_its_readers_rights(page_as):
    page = page_as("business_user", "/contacts")
    grid_of(page)
    page.get_by_role("searchbox", name="Find in list").fill("Müller")
    page.keyboard.press("Enter")
    expect(page.get_by_text("6 rows", exact=True)).to_be_visible()
    page.get_by_role("button", name="Updated", exact=True).click()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("6 rows", exact=True)).to_be_visible()
    cell(page, 0, "name").click()
    panel = page.get_by_role("complementary", name="Compact profile")
    expect(panel.get_by_role("link", name=re.compile("^Jürgen Müller"))).to_be_visible()
    cell(page, 0, "phone").dblclick()
    page.get_by_role("textbox", name="Phone").fill("+49 511 4711")
    page.keyboard.press("Enter")
    expect(panel.get_by_text("+49 511 4711")).to_be_visible()
    link = page.url
    other = page_as("stranger", link)
    expect(other.get_by_role("searchbox", name="Find in list")).to_have_value("Müller")
    expect(other.get_by_text("0 rows", exact=True)).to_be_visible()
    expect(other.get_by_text("4711")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("6 rows", exact=True)).to_be_visible()
    page.go_back()


@pytest.mark.feature("LST-1", "B-LST-3")
def test_the_keyboard_alone_finds_selects_and_looks(page_as):
    page = page_as("business_user", "/")
    expect(page.get_by_role("heading", name="Changed lately")).to_be_visible()
    for _ in range(3):  # On a busy machine the second key can come too late to belong to the first.
        page.keyboard.press("g")
        page.keyboard.press("c")
        with suppress(TimeoutError):
            page.wait_for_url("**/contacts", timeout=4_000)
            break
    grid_of(page)
    open_palette(page).fill("accounts")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Accounts")).to_be_visible()
    page.goto("/contacts")
    grid_of(page)
    cell(page, 0, "name").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.get_by_role("region", name="Selection").get_by_role("status")).to_have_text("1 selected")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("peek="))
    expect(page.get_by_role("complementary", name="Compact profile")).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("complementary", name="Compact profile")).to_have_count(0)


@pytest.mark.feature("LST-1")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_two_lines_a_row_and_no_one_is_shut_out(page_as, scheme):
    page = page_as("business_user", "/contacts", viewport=PHONE, color_scheme=scheme)
    grid_of(page)
    expect(page.locator(".ag-row").first.locator(".cg-sub")).to_be_attached()
    shoot(page, f"contacts-phone-{scheme}")
    assert_accessible(page)


@pytest.mark.feature("LST-1")
def test_german_reaches_every_corner_and_stays(page_as):
    page = page_as("stranger", "/contacts", color_scheme="dark")
    expect(page.get_by_text("No contacts yet")).to_be_visible()
    page.get_by_role("button", name=re.compile("Account of")).click()
    page.get_by_role("menuitem", name="Deutsch").click()
    expect(page.get_by_role("heading", name="Kontakte")).to_be_visible()
    expect(page.get_by_text("Noch keine Kontakte")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Kontakte")).to_be_visible()
    shoot(page, "contacts-empty-german-dark")
    assert_accessible(page)
