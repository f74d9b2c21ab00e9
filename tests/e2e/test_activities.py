"""Activities in the browser: a call in three keystrokes, a meeting planned and completed, read by a colleague."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from c360.core.clock import utc_now
from c360.services import activities
from tests.e2e.conftest import assert_accessible, shoot, visit

expect.set_options(timeout=15_000)


def seed(site):
    make = site.make
    site.accounts.append(make("business_user", "account", name="Bäckerei Müller & Söhne"))
    for name in ("Ångström", "Ōnishi"):
        site.contacts.append(
            make("business_user", "contact", given_name="Zoë", family_name=name, employer_id=str(site.accounts[0]))
        )
    for hours, subject in ((-30, "Send the samples"), (50, "Discuss next year")):
        at = (utc_now() + timedelta(hours=hours)).isoformat()
        values = {"kind": "meeting", "subject": subject, "starts_at": at}
        site.perform("business_user", activities.add, [site.contacts[1], site.accounts[0]], values)
    at = (utc_now() - timedelta(days=3)).isoformat()
    values = {"kind": "mail", "subject": "Offer sent", "status": "closed", "starts_at": at, "direction": "out"}
    site.perform("business_user", activities.add, [site.contacts[1]], values)


@pytest.mark.feature("ACT-8", "ACT-9", "ACT-10", "ACT-11")
def test_a_call_takes_three_keystrokes_and_a_meeting_moves_to_the_history(page_as, site):
    page = page_as("business_user", f"/contact/{site.contacts[0]}/summary")
    expect(page.get_by_role("region", name="Record or plan")).to_be_visible()
    page.keyboard.press("l")
    page.keyboard.press("c")
    expect(page.get_by_label("Subject")).to_be_focused()
    shoot(page, "activities-quick")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Recorded.")).to_be_visible()
    page.get_by_role("region", name="Record or plan").get_by_role("button", name="Meeting").click()
    page.get_by_label("Subject").fill("Yearly talk")
    page.get_by_label("Place").fill("Ring 1, Wien")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Planned.")).to_be_visible()
    page.get_by_role("link", name="Future").click()
    planned = page.get_by_role("list", name="Future")
    expect(planned.get_by_role("link", name="Yearly talk")).to_be_visible()
    planned.get_by_role("button", name="Complete: Yearly talk").click()
    expect(page.get_by_text("Nothing is planned")).to_be_visible()
    page.get_by_role("link", name="History").click()
    done = page.get_by_role("list", name="History")
    expect(done.get_by_role("link", name="Yearly talk")).to_be_visible()
    expect(done.get_by_role("link", name=re.compile("^Call, "))).to_be_visible()
    assert_accessible(page)
    for width, scheme in ((1440, "light"), (390, "dark")):
        other = page_as("manager", "", viewport={"width": width, "height": 900}, color_scheme=scheme)
        for tab in ("future", "history", "summary"):
            visit(other, f"/contact/{site.contacts[1]}/{tab}")
            expect(other.get_by_role("navigation", name="Sections of the profile").first).to_be_visible()
            shoot(other, f"activities-{tab}-{width}-{scheme}")
