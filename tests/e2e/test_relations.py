"""Relationships: tied by dragging in the chart, read in the table by another with less reach, taken back."""

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from c360.models.relationship import RelationType
from c360.services.relationships import making
from tests.e2e.conftest import assert_accessible, shoot, visit


def seed(site):
    """Three colleagues of one company; the third is a stranger's."""
    company = site.make("business_user", "account", name="Nordwind Holding AG", email="info@nordwind.example")
    site.make("business_user", "contact", given_name="Ida", family_name="Nord", email="ida@nordwind.example")
    below = site.make("business_user", "account", name="Nordwind Süd GmbH", parent_id=str(company))
    site.accounts += [company, below]
    for role, given, family in (
        ("business_user", "Zoë", "Ångström"), ("business_user", "Jürgen", "Müller"), ("stranger", "Greta", "Geheim"),
    ):  # fmt: skip
        site.contacts.append(site.make(role, "contact", given_name=given, family_name=family))
    for one in site.contacts:
        site.perform("administrator", making.connect, one, company, f"{kind(site, 'is a member of')}:forward")


def kind(site, name):
    """Return the id of a relation type."""
    return site.perform(
        "administrator", lambda uow: uow.session.exec(select(RelationType.id).where(RelationType.name == name)).one()
    )


def card(page, name):
    """Return a customer's card in the chart."""
    return page.get_by_role("application").get_by_role("group", name=name)


def group(page):
    """Put two under a name by the keyboard and one by the table; see the frame, and whom the tab suggests."""
    page.get_by_role("button", name="Chart", exact=True).click()
    card(page, "Zoë Ångström").focus()
    page.keyboard.press("g")
    form = page.get_by_role("dialog", name="Group in the chart")
    form.get_by_label("Name of the group").fill("Beirat ♥")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Change the group Beirat ♥")).to_be_visible()
    shoot(page, "relations-groups-light")
    assert_accessible(page)
    page.get_by_role("button", name="Table").click()
    expect(page.get_by_role("row", name="Beirat ♥").first).to_contain_text("Zoë Ångström")
    page.get_by_role("button", name="Group of Jürgen Müller").first.click()
    form.get_by_label("Name of the group").fill("Beirat ♥")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="Beirat ♥").filter(has_text="Jürgen Müller")).to_be_visible()
    suggested = page.get_by_role("region", name="Suggestions")
    expect(suggested.get_by_text("Same mail domain: nordwind.example")).to_be_visible()
    suggested.get_by_role("button", name="Dismiss the suggestion Ida Nord").click()
    expect(suggested).to_have_count(0)


def pan(page):
    """Drag the chart's empty ground; everything goes along, and stays where it was dragged."""
    chart = page.get_by_role("application").last.bounding_box()
    was = card(page, "Zoë Ångström").bounding_box()
    page.mouse.move(chart["x"] + 30, chart["y"] + 30)
    page.mouse.down()
    page.mouse.move(chart["x"] + 60, chart["y"] + 40, steps=6)
    page.mouse.up()
    now = card(page, "Zoë Ångström").bounding_box()
    assert (round(now["x"] - was["x"]), round(now["y"] - was["y"])) == (30, 10)


def drag_together(page):
    """Tie two cards of the chart by dragging one onto the other."""
    card(page, "Zoë Ångström").hover()
    card(page, "Zoë Ångström").get_by_title("Drag to another card").drag_to(
        card(page, "Greta Geheim"), target_position={"x": 20, "y": 24}
    )
    form = page.get_by_role("dialog", name="New relation")
    form.get_by_label("Relation", exact=True).click()
    page.get_by_role("option", name="is married to").click()
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Related.")).to_be_visible()


@pytest.mark.feature("REL-3", "REL-1", "REL-6", "REL-7", "B-REL-2", "B-REL-3")
def test_two_are_tied_in_the_chart_and_read_by_another(page_as, site):
    page = page_as("administrator", f"/account/{site.accounts[0]}/relations")
    expect(card(page, "Zoë Ångström")).to_be_visible()
    expect(card(page, "Nordwind Süd GmbH")).to_be_visible()
    shoot(page, "relations-chart-light")
    assert_accessible(page)

    pan(page)
    drag_together(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    page.get_by_role("button", name="Table").click()
    table = page.get_by_role("table", name="Relations as a table")
    expect(table.get_by_role("row")).to_have_count(5)
    page.get_by_role("button", name="Chart", exact=True).click()
    drag_together(page)
    page.get_by_role("button", name="Table").click()
    expect(table.get_by_role("row", name="is married to")).to_be_visible()
    group(page)

    other = page_as("business_user", f"/contact/{site.contacts[0]}/relations", color_scheme="dark")
    expect(card(other, "Not in your reach")).to_be_visible()
    shoot(other, "relations-chart-dark")
    assert_accessible(other)
    other.get_by_role("button", name="Table").click()
    row = other.get_by_role("row", name="is married to")
    expect(row).to_contain_text("Not in your reach")
    expect(row.get_by_role("button")).to_have_count(0)
    assert "Geheim" not in other.content()
    shoot(other, "relations-table-dark")
    assert_accessible(other)
    other.get_by_role("button", name="Tree").click()
    tree = other.get_by_role("tree")
    tree.get_by_role("treeitem").first.focus()
    other.keyboard.press("ArrowDown")
    expect(tree.get_by_role("treeitem").nth(1)).to_be_focused()
    assert_accessible(other)
    with other.expect_download() as saved:
        other.get_by_role("button", name="Chart", exact=True).click()
        expect(card(other, "Zoë Ångström")).to_be_visible()
        other.get_by_role("button", name="Save as picture").click()
        other.get_by_role("menuitem", name="SVG drawing").click()
    drawn = saved.value.path().read_text("utf-8")
    assert "Zoë Ångström" in drawn
    assert "Geheim" not in drawn
    with other.expect_download() as saved:
        other.get_by_role("button", name="Save as picture").click()
        other.get_by_role("menuitem", name="PNG picture").click()
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")
    card(other, "Nordwind Holding AG").click()
    other.get_by_role("region", name="What is chosen").get_by_role("button", name="Centre here").click()
    expect(other).to_have_url(f"{site.url}/account/{site.accounts[0]}/relations")
    expect(card(other, "Nordwind Süd GmbH")).to_be_visible()


@pytest.mark.feature("REL-5", "REL-2")
def test_the_structure_and_the_types_are_shown(page_as, site):
    page = page_as("administrator", f"/account/{site.accounts[1]}/relations")
    page.get_by_role("button", name="Corporate structure").click()
    expect(page.get_by_role("heading", name="History of the group")).to_be_visible()
    expect(card(page, "Nordwind Holding AG")).to_be_visible()
    shoot(page, "relations-structure-light")
    visit(page, "/admin/relations")
    page.get_by_role("button", name="Add type").click()
    form = page.get_by_role("dialog", name="New relation type")
    form.get_by_label("Wording, as in").fill("knows ♥")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_be_visible()
    form.get_by_label("Wording from the other side").fill("is known by")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_text("knows ♥")).to_be_visible()
    shoot(page, "admin-relations-light")
    assert_accessible(page)
    phone = page_as("business_user", f"/contact/{site.contacts[0]}/relations", viewport={"width": 390, "height": 844})
    expect(card(phone, "Zoë Ångström")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    shoot(phone, "relations-390-light")
