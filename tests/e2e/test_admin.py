"""Administration as an administrator meets it in the browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from c360.services import choices
from c360.services.uow import ask
from tests.e2e.conftest import Site, assert_accessible, seed_customers, shoot, visit

PAGES = (
    "",
    "/lists/status",
    "/fields/contact",
    "/sections/account",
    "/completeness/contact",
    "/general",
    "/purposes",
    "/privacy",
    "/duplicates/contact",
)


def seed(site: Site) -> None:
    """Besides the usual customers, give one with notes and a website."""
    seed_customers(site)
    site.contacts.append(site.make("business_user", "contact", family_name="Öz", notes="Früh an", website="oz.example"))


def row(page: Page, name: str):
    """Return the row of an entry or a field."""
    return page.get_by_role("main").get_by_role("listitem").filter(has_text=name)


@pytest.mark.feature("B-PRF-1")
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_accessible_wide_and_narrow(page_as, path):
    page = page_as("administrator", f"/admin{path}")
    expect(page.get_by_role("navigation", name="Administration")).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_contain_class(scheme)
        for width, height in ((1440, 900), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            assert_accessible(page)
            shoot(page, f"admin{path.replace('/', '-')}-{scheme}-{width}")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


@pytest.mark.feature("REC-40", "ADM-2")
def test_an_entry_is_added_changed_moved_and_retired(page_as, site):
    page = page_as("administrator", "/admin/lists/status")
    page.get_by_role("button", name="Add entry").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("prospect")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Prospect is in this list already")
    dialog.get_by_label("Name").fill("Wartend <b>⏳</b>")
    dialog.get_by_role("radio", name="Plum").check()
    dialog.get_by_label("Comment").fill("until spring")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(row(page, "Wartend <b>⏳</b>")).to_contain_text("Not used")

    page.get_by_role("button", name="Move Wartend <b>⏳</b> up").click()
    expect(page.get_by_role("main").get_by_role("listitem").nth(3)).to_contain_text("Wartend")

    page.get_by_role("button", name="More for Active").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_text(re.compile(r"Active is held by \d+ records"))).to_be_visible()
    expect(page.get_by_role("menu")).to_have_count(0)
    page.get_by_role("button", name="More for Active").click()
    page.get_by_role("menuitem", name="Retire").click()
    expect(row(page, "Active")).to_contain_text("Retired")
    found = {e.name: e for e in ask(site.actors["administrator"], choices.entries, "status")}
    assert (found["Active"].retired, found["Wartend <b>⏳</b>"].color) == (True, "plum")
    page.get_by_role("button", name="More for Active").click()
    page.get_by_role("menuitem", name="Offer again").click()
    expect(row(page, "Active")).not_to_contain_text("Retired")


@pytest.mark.feature("ADM-1", "REC-26")
def test_a_field_with_options_is_added_and_appears_in_the_list(page_as):
    page = page_as("administrator", "/admin/fields/contact")
    page.get_by_role("button", name="Add field").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Label").fill("Sitzplatz 🪑")
    dialog.get_by_label("Kind").select_option("choice")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("at least one option")
    dialog.get_by_label("Option 1", exact=True).fill("Loge")
    dialog.get_by_label("Colour of option 1").select_option("plum")
    dialog.get_by_label("Option 2", exact=True).fill("Parkett")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(row(page, "Sitzplatz 🪑")).to_contain_text("x_sitzplatz")
    answer = page.request.get("/api/lists/contact/columns")
    assert not answer.ok or "Sitzplatz" in answer.text()


@pytest.mark.feature("REC-8", "ADM-3", "ADM-4")
def test_a_tab_is_switched_off_and_general_stays(page_as):
    page = page_as("administrator", "/admin/sections/contact")
    locations = page.get_by_role("switch", name="Show Locations and communication")
    expect(page.get_by_role("switch", name="Show General").first).to_be_disabled()
    locations.click()
    expect(locations).not_to_be_checked()
    visit(page, "/admin/sections/contact")
    expect(page.get_by_role("switch", name="Show Locations and communication")).not_to_be_checked()
    page.get_by_role("switch", name="Show Locations and communication").click()
    expect(page.get_by_role("switch", name="Show Locations and communication")).to_be_checked()


@pytest.mark.feature("ADM-3")
def test_components_and_fields_are_put_in_order_and_hidden(page_as, site):
    page = page_as("administrator", "/admin/sections/contact")
    page.get_by_role("button", name="Move Notes on role and relationship up").click()
    page.get_by_text("Contact data", exact=False).last.click()
    page.get_by_role("switch", name="Show Website").click()
    expect(page.get_by_role("switch", name="Show Website")).not_to_be_checked()
    expect(page.get_by_role("switch", name="Show Last name")).to_have_count(0)
    shoot(page, "admin-sections")
    assert_accessible(page)
    visit(page, f"/contact/{site.contacts[-1]}/summary")
    titles = page.get_by_role("main").get_by_role("heading", level=2)
    expect(titles.filter(has_text="Notes on role and relationship")).to_be_visible()
    page.get_by_role("region", name="How to reach them").get_by_role("button", name=re.compile("^Edit")).first.click()
    expect(page.get_by_role("textbox", name="E-mail")).to_be_visible()
    expect(page.get_by_role("textbox", name="Website")).to_have_count(0)


@pytest.mark.feature("REC-36", "ADM-6")
def test_weights_are_kept_only_when_they_total_a_hundred(page_as):
    page = page_as("administrator", "/admin/completeness/account")
    save = page.get_by_role("button", name="Save")
    expect(save).to_be_enabled()
    page.get_by_label("E-mail", exact=True).fill("20")
    expect(page.get_by_role("status").filter(has_text="Total 105")).to_be_visible()
    expect(save).to_be_disabled()
    page.get_by_label("City", exact=True).fill("10")
    expect(save).to_be_enabled()
    save.click()
    expect(page.get_by_text("Saved.")).to_be_visible()


@pytest.mark.feature("REC-13")
def test_the_mask_shows_what_it_makes(page_as):
    page = page_as("administrator", "/admin/general")
    page.get_by_label("Mask of account codes").fill("K-{YY}-###")
    expect(page.get_by_text(re.compile(r"K-\d\d-042"))).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_label("Mask of account codes").fill("no number")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("exactly one run of #").first).to_be_visible()


@pytest.mark.feature("SEC-4", "R13")
def test_a_business_user_is_told_that_this_is_not_for_him(page_as):
    page = page_as("business_user", "/admin/lists/status")
    expect(page.get_by_text("For administrators")).to_be_visible()
    expect(page.get_by_text("Prospect")).to_have_count(0)
