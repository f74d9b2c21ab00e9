"""Activities in the browser: a call in three keystrokes, a meeting planned and completed, read by a colleague."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from c360.core.clock import utc_now
from c360.services import activities, choices
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
    for name, color in (("Käsebrett „Alp“", "amber"), ("Rye bread", "gray")):
        site.perform("administrator", choices.add, "product", {"name": name, "color": color})


@pytest.mark.feature("ACT-8", "ACT-9", "ACT-10", "ACT-11")
def test_a_call_takes_three_keystrokes_and_a_meeting_moves_to_the_history(page_as, site):
    page = page_as("business_user", f"/contact/{site.contacts[0]}/summary")
    expect(page.get_by_role("region", name="Record or plan")).to_be_visible()
    for _ in range(8):  # On a busy machine the second key may come too late to belong to the first.
        page.keyboard.type("ll")
        page.wait_for_timeout(400)
        if page.get_by_label("Subject").count():
            break
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
    done.get_by_role("link", name="Yearly talk").click()
    expect(page.get_by_role("heading", name="Yearly talk", level=1)).to_be_visible()
    shoot(page, "activities-card")


def fetched(page, name):
    """Return the scripts the page has fetched whose name holds this."""
    names = page.evaluate("() => performance.getEntriesByType('resource').map((one) => one.name)")
    return [one for one in names if name in one]


@pytest.mark.feature("ACT-1", "ACT-2", "ACT-7", "RPT-7", "SEC-7")
def test_the_timeline_and_my_day_tell_it_all_to_a_colleague(page_as, site):
    page = page_as("manager", f"/contact/{site.contacts[1]}/timeline")
    planned = page.get_by_role("list", name="Planned")
    expect(planned.get_by_role("link", name="Send the samples")).to_be_visible()
    page.get_by_role("textbox", name="Post").fill("Met at the fair, @Ben Brückner please call")
    page.get_by_role("button", name="Post", exact=True).click()
    stream = page.get_by_role("list", name="Timeline")
    expect(stream.get_by_text("Met at the fair")).to_be_visible()
    stream.get_by_role("button", name="Like (0)").click()
    expect(stream.get_by_role("button", name="Like (1)")).to_be_visible()
    stream.get_by_role("textbox", name="Comment").fill("Will do")
    page.keyboard.press("Enter")
    expect(stream.get_by_text("Will do")).to_be_visible()
    assert not fetched(page, "plotly")
    page.get_by_text("Contacts by month").click()
    expect(page.get_by_role("img", name="Chart: 1 contacts")).to_be_visible()
    expect(page.locator(".plot .bars .point").filter(visible=True).first).to_be_visible()
    assert fetched(page, "plotly")
    page.get_by_role("button", name="E-mail", exact=True).click()
    expect(stream.get_by_text("Met at the fair")).not_to_be_visible()
    expect(stream.get_by_role("link", name="Offer sent")).to_be_visible()
    assert_accessible(page)
    mine = page_as("business_user", "/day")
    expect(mine.get_by_role("link", name="Mia Manager mentioned you on Zoë Ōnishi.")).to_be_visible()
    expect(mine.get_by_role("list", name="Overdue").get_by_role("link", name="Send the samples")).to_be_visible()
    assert_accessible(mine)
    shoot(mine, "activities-day")
    for width, scheme in ((1440, "light"), (390, "dark")):
        other = page_as("business_user", "", viewport={"width": width, "height": 900}, color_scheme=scheme)
        for path in (f"contact/{site.contacts[1]}/timeline", "day", "account"):
            visit(other, f"/{path}")
            expect(other.get_by_role("main")).to_be_visible()
            other.wait_for_load_state("networkidle")
            shoot(other, f"activities-{path.rpartition('/')[2]}-{width}-{scheme}")


def discuss(page, product, **said):
    """Add a product with what was said of it, by the form."""
    page.get_by_role("button", name="Add product", exact=True).click()
    for label, text in {"Product": product, **said}.items():
        box = page.get_by_label(label, exact=True)
        if label in ("Product", "Adoption stage"):
            box.click()
            page.get_by_role("option", name=text).click()
        else:
            box.fill(text)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("list", name=re.compile("Ångström")).get_by_text(product)).to_be_visible()


@pytest.mark.feature("ACT-19")
def test_a_call_holds_the_products_discussed_in_order(page_as, site):
    values = {"kind": "call", "subject": "Presented the range", "status": "closed", "direction": "out"}
    call = site.perform("business_user", activities.add, [site.contacts[0]], values)
    page = page_as("business_user", f"/activity/{call}")
    expect(page.get_by_text("Nothing has been noted of a product yet.")).to_be_visible()
    page.get_by_role("button", name="Add product", exact=True).click()
    expect(page.get_by_label("Objections")).to_be_visible()
    assert_accessible(page)
    shoot(page, "products-form")
    page.get_by_role("button", name="Cancel").click()
    discuss(
        page, "Käsebrett „Alp“", **{
            "Adoption stage": "Trial", "Objections": "Too dear\nin small packs", "Samples given": "3",
            "Next objective": "A first order",
        },
    )  # fmt: skip
    discuss(page, "Rye bread")
    talk = page.get_by_role("list", name=re.compile("Ångström"))
    expect(talk.get_by_role("listitem").first).to_contain_text("Trial")
    expect(talk.get_by_role("button", name="Earlier: Käsebrett „Alp“")).to_be_disabled()
    talk.get_by_role("button", name="Earlier: Rye bread").click()
    expect(talk.get_by_role("listitem").first).to_contain_text("Rye bread")
    expect(page.get_by_text("The order was changed.")).to_be_visible()
    assert_accessible(page)
    talk.get_by_role("button", name="Archive Rye bread").click()
    expect(talk.get_by_role("listitem")).to_have_count(1)
    page.get_by_role("listitem").filter(has_text="taken out").get_by_role("button", name="Undo").click()
    expect(talk.get_by_role("listitem")).to_have_count(2)
    for width, scheme in ((1440, "dark"), (1440, "light"), (390, "light"), (390, "dark")):
        other = page_as("business_user", "", viewport={"width": width, "height": 900}, color_scheme=scheme)
        visit(other, f"/activity/{call}")
        expect(other.get_by_role("heading", name="Products discussed")).to_be_visible()
        shoot(other, f"products-{width}-{scheme}")
    visit(page, f"/contact/{site.contacts[0]}/history")
    expect(page.get_by_role("list", name="History").get_by_text("Rye bread")).to_be_visible()
    shoot(page, "products-history")
    admin = page_as("administrator", "/admin/lists/product")
    expect(admin.get_by_text("Rye bread")).to_be_visible()
    shoot(admin, "products-list")
