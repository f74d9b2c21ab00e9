"""A customer of another team: the form tells that he is there, the owner is asked, and answers."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site, assert_accessible, shoot

expect.set_options(timeout=20_000)
EMAIL = "zoe.angstrom@example.org"


def seed(site: Site) -> None:
    """Give the business user a contact nobody of another team may open."""
    site.contacts.append(
        site.make("business_user", "contact", given_name="Zoë", family_name="Ångström", email=EMAIL,
                  job_title="CANARY", notes="CANARY 山")
    )  # fmt: skip


def narrow(page: Page, name: str) -> None:
    """Look at the page on a phone at night."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    assert_accessible(page)
    shoot(page, name)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")


@pytest.mark.feature("BEY-9", "B-DUP-12")
def test_who_may_not_open_a_customer_asks_his_owner_who_answers(page_as, site):
    asker, frames = page_as("stranger", "/contacts/new"), []
    asker.on("websocket", lambda socket: socket.on("framereceived", lambda sent: frames.append(str(sent))))
    asker.reload()
    for name, text in (("given_name", "Zoë"), ("family_name", "Ångström"), ("email", EMAIL)):
        box = asker.locator(f"#f-{name}")
        box.fill(text)
        box.blur()
    hint = asker.get_by_role("status", name="Possible duplicates").or_(asker.locator(".dup-panel"))
    expect(hint.first).to_contain_text("Ben Brückner")
    assert_accessible(asker)
    shoot(asker, "enquiry-hint-light")
    asker.get_by_role("button", name="Ask the owner").click()
    expect(asker.get_by_label("Your question (optional)")).to_be_focused()
    narrow(asker, "enquiry-dialog-dark")
    asker.keyboard.type("Is she yours? 小明")
    asker.keyboard.press("Enter")
    expect(hint.first).to_contain_text("Asked.")
    expect(asker).to_have_url(re.compile("/contacts/new$"))
    narrow(asker, "enquiry-hint-dark")

    owner = page_as("business_user", "/duplicates")
    owner.get_by_role("link", name=re.compile("Questions to owners")).click()
    expect(owner.get_by_role("link", name="Zoë Ångström")).to_be_visible()
    expect(owner.get_by_text("Is she yours? 小明")).to_be_visible()
    assert_accessible(owner)
    shoot(owner, "enquiries-light")
    narrow(owner, "enquiries-dark")
    owner.get_by_role("button", name="Answer", exact=True).click()
    expect(owner.get_by_label("Your answer")).to_be_focused()
    owner.keyboard.type("She is. Call me ☎️")
    owner.keyboard.press("Enter")
    expect(owner.get_by_text("No questions")).to_be_visible()

    with asker.expect_popup() as opened:
        hint.first.get_by_role("link", name="Questions to owners").click()
    answered = opened.value
    expect(answered.get_by_text("She is. Call me ☎️")).to_be_visible()
    expect(answered.get_by_role("button", name="Answer", exact=True)).to_have_count(0)
    narrow(answered, "enquiries-mine-dark")
    told = asker.content() + answered.content() + "".join(frames)
    assert frames
    assert "CANARY" not in told
    assert str(site.contacts[0]) not in told
