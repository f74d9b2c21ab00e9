"""The rules for duplicates in the browser: a rule that holds for some customers only."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import assert_accessible, seed_customers, shoot


def seed(site):
    """Give the usual customers."""
    seed_customers(site)


@pytest.mark.feature("B-DUP-3")
def test_a_rule_is_given_a_filter_and_says_for_whom_it_holds(page_as):
    page = page_as("administrator", "/admin/duplicates/contact")
    page.get_by_role("button", name="Add rule").click()
    dialog = page.get_by_role("dialog", name="Rule")
    dialog.get_by_label("Name").fill("Ein Telefon ☎")
    dialog.get_by_label("Condition 1").select_option("phone:0")
    expect(dialog).to_contain_text("Without a condition the rule holds for everybody.")
    dialog.get_by_role("button", name="Condition", exact=True).click()
    dialog.get_by_label("Field", exact=True).select_option(label="Last name")
    dialog.get_by_label("Operator").select_option(label="contains")
    dialog.get_by_label("Last name contains").fill("müller")
    told = "Only: Contacts where Last name contains “müller” (6 of 60 customers now)"
    expect(dialog).to_contain_text(told)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width, height in ((1440, 900), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            shoot(page, f"duplicate-rule-{scheme}-{width}")
    assert_accessible(page)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).not_to_be_visible()
    row = page.get_by_role("listitem").filter(has_text="Ein Telefon ☎")
    expect(row).to_contain_text(told)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved").first).to_be_visible()
    page.reload()
    expect(page.get_by_role("listitem").filter(has_text="Ein Telefon ☎")).to_contain_text(told)


@pytest.mark.feature("BEY-16", "ADM-6")
def test_values_that_never_count_are_named_by_field(page_as):
    page = page_as("administrator", "/admin/duplicates/contact")
    page.locator("summary", has_text="Phone").click()
    box = page.get_by_label("Values of Phone that never count, one a line")
    box.fill("030 5550101\n–")
    box.blur()
    expect(page.get_by_role("alert").filter(has_text="Not a value of this field")).to_contain_text("–")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width, height in ((1440, 900), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            box.scroll_into_view_if_needed()
            shoot(page, f"duplicate-values-{scheme}-{width}")
    assert_accessible(page)
    box.fill("030 5550101\n+49 30 5550101\n040 99887766")
    box.blur()
    expect(page.get_by_role("alert").filter(has_text="Not a value of this field")).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved").first).to_be_visible()
    page.reload()
    expect(page.locator("summary", has_text="Phone")).to_contain_text("2")
    page.locator("summary", has_text="Phone").click()
    expect(box).to_have_value("030 5550101\n040 99887766")


@pytest.mark.feature("B-DUP-3")
def test_a_field_is_given_a_weight(page_as):
    page = page_as("administrator", "/admin/duplicates/contact")
    box = page.get_by_label("How much Phone counts")
    expect(box).to_have_value("1")
    box.select_option("counts double")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width, height in ((1440, 900), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            box.scroll_into_view_if_needed()
            shoot(page, f"duplicate-weights-{scheme}-{width}")
    assert_accessible(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved").first).to_be_visible()
    page.reload()
    expect(box).to_have_value("2")


@pytest.mark.feature("B-DUP-3")
def test_a_field_is_read_as_an_administrator_says(page_as):
    page = page_as("administrator", "/admin/duplicates/account")
    menu = page.get_by_role("combobox", name="How Name is read")
    menu.select_option("without brackets")
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    page.get_by_label("Name, first record").fill("Bärenmarkt (geschlossen seit 2019)")
    page.get_by_label("Name, second record").fill("Bärenmarkt")
    page.get_by_role("button", name="Weigh").click()
    expect(page.get_by_role("status").filter(has_text="same name")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved").first).to_be_visible()
    for theme, size in (("light", {}), ("dark", {"viewport": {"width": 390, "height": 844}})):
        page = page_as("administrator", "/admin/duplicates/account", color_scheme=theme, **size)
        expect(menu := page.get_by_role("combobox", name="How Name is read")).to_have_value("bare")
        menu.scroll_into_view_if_needed()
        assert_accessible(page)
        shoot(page, f"duplicate-readings-{theme}")
    menu.select_option("read as usual")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved").first).to_be_visible()
