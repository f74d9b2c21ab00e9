"""The merge wizard: three accounts become one through the list's menu; by keyboard alone, and taken apart again."""

import re
from collections import Counter
from datetime import timedelta
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, func
from sqlmodel import select as select_rows

from c360.core.clock import utc_now
from c360.models.activity import CONTACTS, ActivityCustomer
from c360.models.contact_person import ContactPerson
from c360.services import activities, attachments, files, records, tags
from tests.e2e.conftest import assert_accessible, open_palette, shoot, visit

expect.set_options(timeout=15_000)

NAMES = ("Acuserv", "Big Bear Stores", "Body Toning")
ABOUT = {
    "Acuserv": {"notes": "Repairs photocopiers.", "email": "info@acuserv.example", "phone": "+49 511 555 01"},
    "Big Bear Stores": {"notes": "Sells groceries, 🐻 since 1933.", "website": "https://bigbear.example"},
    "Body Toning": {"notes": "Trains bodies.", "employees": "8", "phone": "+49 40 555 03", "tax_number": "DE 811 907"},
}
KINDS = ("call", "meeting", "mail", "note", "task")
REPLACED = {
    "Tags": "Acuserv", "Task": "Body Toning", "Attachments": "Big Bear Stores", "Meeting": "Acuserv",
}  # fmt: skip
"""Whose rows replace the others', kind by kind; what is not named adds up."""


def seed(site):
    """Give the manager the three accounts of the example, each with one row of every kind, and two alike contacts."""
    tag_ids = {name: site.perform("manager", tags.save, f"Tag of {name}", "public") for name in NAMES}
    shared = site.perform("manager", tags.save, "Wholesale", "public")
    for name in NAMES:
        owner = {"owner_id": str(site.actors["business_user"].user_id)} if name == "Body Toning" else {}
        made = site.make("manager", "account", name=name, **ABOUT[name], **owner)
        site.accounts.append(made)
        for kind in KINDS:
            values = {"kind": kind, "subject": f"{kind} with {name}", "status": "closed", "direction": "in"}
            at = (utc_now() - timedelta(days=len(site.accounts))).isoformat()
            site.perform("manager", activities.add, [made], {**values, "starts_at": at})
        file = files.receive(f"{name}.txt", BytesIO(name.encode()))
        site.perform("manager", attachments.attach, "account", made, file)
        site.perform("manager", tags.put, "account", made, [tag_ids[name], shared])
        contact = site.make("manager", "contact", given_name="Zoë", family_name=f"of {name}")
        person = {"account_id": str(made), "contact_id": str(contact), "is_primary": "yes"}
        site.perform("manager", records.create, "contact_person", person)
    for number, given in enumerate(("Jürgen", "Juergen")):
        values = {"family_name": "Müller-Lüdenscheidt", "phone": f"+49 30 555 {number}1", "job_title": f"Head {number}"}
        site.contacts.append(site.make("manager", "contact", given_name=given, **values))


def select(page: Page, *names: str) -> None:
    expect(page.locator(".ag-row[row-index='0'] [col-id=name]").first).not_to_be_empty()
    for name in names:
        page.locator(".ag-row", has=page.get_by_text(name, exact=True)).get_by_role("checkbox").click()


def from_the_menu(page: Page) -> None:
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Merge", exact=True).click()


def cell(page: Page, field: str, record: str):
    return page.get_by_role("gridcell", name=re.compile(f"^{field}, {record}"))


def result(page: Page, field: str):
    return page.get_by_role("gridcell", name=re.compile(f"^{field}, Result:"))


@pytest.mark.feature(
    "DUP-7", "DUP-8", "DUP-9", "DUP-10", "DUP-13", "B-MRG-1", "B-MRG-2", "B-MRG-3", "B-MRG-4", "B-MRG-12"
)
def test_three_accounts_become_one_through_the_lists_menu(page_as, site):
    page = page_as("manager", "/accounts")
    select(page, "Acuserv")
    from_the_menu(page)
    expect(page.get_by_text("Select 2 to 20 records to merge them; 1 is selected.")).to_be_visible()
    select(page, "Big Bear Stores", "Body Toning")
    from_the_menu(page)
    expect(page).to_have_url(re.compile("/merge\\?ids="))
    address = page.url
    master = page.get_by_role("radio", name=re.compile("Acuserv"))
    expect(page.get_by_text("most is known of it")).to_be_visible()
    master.click()
    expect(master).to_be_checked()
    assert_accessible(page)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name=re.compile("conflicts?, .* filled, .* equal"))).to_be_visible()
    expect(page.get_by_role("gridcell", name="Make Acuserv the master record")).to_have_attribute(
        "aria-selected", "true"
    )
    expect(page.get_by_role("gridcell", name=re.compile("equal$"))).to_have_attribute("aria-expanded", "false")
    page.get_by_role("gridcell", name="Take every value of Body Toning").click()
    expect(result(page, "Name")).to_have_text("Body Toning")
    expect(result(page, "Phone")).to_have_text(ABOUT["Body Toning"]["phone"])
    expect(page.get_by_role("gridcell", name="Name, Body Toning")).to_have_attribute("aria-selected", "true")
    cell(page, "Name", "Big Bear Stores").click()
    expect(result(page, "Name")).to_have_text("Big Bear Stores")
    cell(page, "Owner", "Body Toning").click()
    expect(result(page, "Owner")).to_have_text("Ben Brückner")
    expect(result(page, "Primary contact")).to_have_text("Zoë of Body Toning")
    cell(page, "Primary contact", "Big Bear Stores").click()
    expect(result(page, "Primary contact")).to_have_text("Zoë of Big Bear Stores")
    page.get_by_role("combobox", name="Notes: Rule").select_option("Longest")
    expect(result(page, "Notes")).to_have_text(ABOUT["Big Bear Stores"]["notes"])
    expect(result(page, "Last contact")).not_to_be_empty()
    page.get_by_role("textbox", name="Name of the recipe").fill("Langes bleibt")
    page.get_by_role("combobox", name="Visible to").select_option("Everyone")
    page.get_by_role("button", name="Save the rules as a recipe").click()
    expect(page.get_by_role("combobox", name="Recipe", exact=True)).to_contain_text("Langes bleibt")
    expect(page.get_by_role("button", name="Remove the recipe")).to_be_visible()
    page.get_by_role("gridcell", name="Make Body Toning the master record").click()
    expect(result(page, "Name")).to_have_text("Big Bear Stores")
    page.get_by_role("gridcell", name="Make Acuserv the master record").click()
    assert_accessible(page)
    shoot(page, "merge-fields-light")
    _phone(page_as, address)
    page.get_by_role("button", name="Continue").click()
    for kind, whose in REPLACED.items():
        menu = page.get_by_role("combobox", name=f"What becomes of {kind}")
        menu.select_option(f"Replace with those of {whose}")
    for kind in ("Call", "E-mail", "Note", "Contact persons"):
        expect(page.get_by_role("combobox", name=f"What becomes of {kind}")).to_have_value("append")
    assert_accessible(page)
    page.get_by_role("button", name="Continue").click()
    merge = page.get_by_role("button", name="Merge 3 records")
    expect(merge).to_be_enabled()
    shoot(page, "merge-plan-light")
    site.perform("administrator", records.update, "account", site.accounts[1], {"website": "https://bär.example"})
    merge.click()
    meanwhile = page.get_by_role("alert").filter(has_text="Somebody changed these records meanwhile")
    expect(meanwhile).to_contain_text("Ada Admin")
    expect(meanwhile).to_contain_text("https://bär.example")
    merge.click()
    expect(page.get_by_role("status").filter(has_text="3 records are now one")).to_be_visible()
    page.get_by_role("link", name="Back to the list").click()
    expect(page.get_by_text("1 row", exact=True)).to_be_visible()
    for old in site.accounts[1:3]:
        visit(page, f"/account/{old}/summary")
        expect(page).to_have_url(re.compile(f"/account/{site.accounts[0]}/summary"))
        expect(page.get_by_text("was merged into this record by Mia Manager")).to_be_visible()
        expect(page.get_by_role("heading", name="Big Bear Stores")).to_be_visible()
    site.perform("manager", _as_chosen, site.accounts)
    page.get_by_role("link", name="Attachments").click()
    expect(page.get_by_role("button", name="Big Bear Stores.txt", exact=True)).to_be_visible()
    expect(page.get_by_text("1 file", exact=True)).to_be_visible()


def _as_chosen(uow, accounts) -> None:
    """Look at what became of the rows, the default contact and the counters that follow from them."""
    master = uow.get("account", accounts[0])
    mine = col(ActivityCustomer.customer_id) == master.id, col(ActivityCustomer.archived_at).is_(None)
    kinds = Counter(uow.session.exec(select_rows(ActivityCustomer.kind).where(*mine)))
    assert kinds == {"call": 3, "mail": 3, "note": 3, "meeting": 1, "task": 1}
    persons = uow.session.exec(
        select_rows(ContactPerson).where(
            col(ContactPerson.account_id) == master.id, col(ContactPerson.archived_at).is_(None)
        )
    ).all()
    primary = {uow.get("contact", person.contact_id).family_name: person.is_primary for person in persons}
    assert primary == {f"of {name}": name == "Big Bear Stores" for name in NAMES}
    assert master.contacts_total == master.contacts_in == sum(kinds[one] for one in CONTACTS)
    last = uow.session.exec(
        select_rows(func.max(ActivityCustomer.at)).where(*mine, col(ActivityCustomer.counts).is_not(None))
    )
    assert master.last_contact_at == last.one()


def _phone(page_as, address: str) -> None:
    """Look at the grid on a phone, in the dark."""
    page = page_as("manager", address, viewport={"width": 390, "height": 844}, color_scheme="dark")
    cards = page.locator(".mside")
    expect(cards.first).to_be_visible()
    sides = cards.evaluate_all("all => all.map(card => card.getBoundingClientRect().right)")
    assert max(sides) <= 390, "a card of a record reaches out of the screen"
    page.get_by_role("button", name="Continue").click()
    expect(cell(page, "Name", "Acuserv")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    assert_accessible(page)
    shoot(page, "merge-fields-phone-dark")
    page.close()


@pytest.mark.feature("BEY-10", "DUP-16", "B-MRG-15", "BEY-23")
def test_the_keyboard_alone_merges_and_takes_apart_again(page_as, site):
    one, other = site.contacts[-2:]
    page = page_as("manager", f"/contact/{one}/summary")
    keys = page.keyboard
    expect(page.get_by_role("heading", name="Jürgen")).to_be_visible()
    expect(open_palette(page)).to_be_focused()
    keys.type("Merge with")
    expect(page.get_by_role("option", name="Merge with…")).to_be_visible()
    keys.press("Enter")
    expect(page.get_by_role("dialog", name="Merge with…")).to_be_visible()
    expect(page.get_by_role("combobox", name="Other records")).to_be_focused()
    keys.type("Juergen")
    expect(page.get_by_role("option", name=re.compile("^Juergen"))).to_be_visible()
    keys.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("button", name="Continue")).to_be_enabled()
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_role("radio", name=re.compile("Juergen"))).to_be_visible()
    keys.press("1")
    expect(page.get_by_role("radio", name=re.compile("Jürgen"))).to_be_checked()
    keys.press("Control+Enter")
    expect(cell(page, "Name", "Jürgen")).to_be_focused()
    keys.press("2")
    expect(result(page, "Name")).to_have_text(re.compile("^Juergen"))
    keys.press("ArrowDown")
    expect(page.locator("[role=gridcell]:focus")).to_have_count(1)
    keys.press("ArrowRight")
    keys.press("s")
    expect(page.get_by_role("gridcell", name=re.compile("^Make Juergen"))).to_have_attribute("aria-selected", "true")
    expect(result(page, "Name")).to_have_text(re.compile("^Juergen"))
    keys.press("ArrowLeft")
    keys.press("s")
    expect(page.get_by_role("gridcell", name=re.compile("^Make Jürgen"))).to_have_attribute("aria-selected", "true")
    keys.press("Control+Enter")
    expect(page.get_by_role("heading", name="Related records")).to_be_visible()
    keys.press("Control+Enter")
    expect(page.get_by_role("button", name="Merge 2 records")).to_be_enabled()
    keys.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="2 records are now one")).to_be_visible()
    site.perform("manager", records.update, "contact", one, {"given_name": "Jürgen Ägidius"})
    values = {"kind": "note", "subject": "Rang zurück", "status": "closed"}
    site.perform("manager", activities.add, [one], values)
    visit(page, f"/contact/{one}/changes")
    page.get_by_role("link", name="Un-merge").focus()
    keys.press("Enter")
    expect(page.get_by_role("radio", name=re.compile("^Put back"))).to_have_count(1)
    assert_accessible(page)
    shoot(page, "unmerge-light")
    page.get_by_role("radio", name=re.compile("^Keep")).focus()
    keys.press("ArrowRight")
    expect(page.get_by_role("radio", name=re.compile("^Put back"))).to_be_checked()
    keys.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="2 records stand on their own again")).to_be_visible()
    visit(page, f"/contact/{other}/summary")
    expect(page).to_have_url(re.compile(f"/contact/{other}/summary$"))
    expect(page.get_by_role("heading", name="Juergen")).to_be_visible()
