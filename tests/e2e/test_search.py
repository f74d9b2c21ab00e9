"""Search over everything, from the palette to its page."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import assert_accessible, open_palette, shoot

expect.set_options(timeout=15_000)


@pytest.mark.feature("LST-15")
def test_the_palette_finds_people_and_leads_to_everything_found(page_as):
    page = page_as("business_user", "/")
    open_palette(page).fill("Müller")
    expect(page.get_by_role("option", name=re.compile("Jürgen Müller")).first).to_be_visible()
    page.get_by_role("option", name=re.compile("Search everything")).click()
    expect(page.get_by_role("heading", name="6 customers found")).to_be_visible()
    shoot(page, "search")
    assert_accessible(page)
    page.get_by_role("searchbox").fill("nobody-at-all")
    page.get_by_role("main").get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_text("Nothing found")).to_be_visible()
