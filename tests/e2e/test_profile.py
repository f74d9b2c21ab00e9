"""Profiles in the browser: opening, tabs by address, editing, conflicts, related records, new customers."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from c360.services import custom_fields, records
from tests.e2e.conftest import assert_accessible, shoot, visit

expect.set_options(timeout=15_000)
TABS = ("summary", "general", "details", "marketing", "locations", "additional")


def seed(site):
    make = site.make
    site.perform("administrator", custom_fields.add, {"entity": "contact", "kind": "file", "label": "Passport"})
    site.accounts.append(
        make("business_user", "account", name="Bäckerei Müller & Söhne", email="info@baeckerei.example")
    )
    site.accounts.append(make("business_user", "account", name="株式会社 Neu"))
    site.contacts.append(
        make(
            "business_user", "contact", given_name="Zoë", family_name="Ångström", email="zoe@example.com",
            phone="030 123456", employer_id=str(site.accounts[0]), job_title="Clerk", birth_date="1984-05-17",
            forbidden_media="email", forbidden_reason="Asked us on 3 May", notes="Call before nine.",
        )
    )  # fmt: skip
    for name in ("Conflict", "Guard", "Keys", "Place", "Job"):
        site.contacts.append(make("business_user", "contact", given_name="Ann", family_name=name))
    for contact in (site.contacts[0], site.contacts[4]):
        site.perform(
            "business_user", records.create, "address", {"role": "main", "street": "Ring 1", "city": "Wien"},
            customer_id=contact,
        )  # fmt: skip


def open_form(page, card):
    page.get_by_role("region", name=card).get_by_role("button", name=re.compile("^Edit")).first.click()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()


@pytest.mark.feature("REC-4", "REC-5", "REC-6", "REC-7", "REC-16", "REC-20", "REC-29", "REC-36")
def test_a_link_lands_on_the_summary(page_as, site):
    page = page_as("business_user", f"/customer/{site.contacts[0]}")
    expect(page).to_have_url(re.compile(f"/contact/{site.contacts[0]}/summary"))
    expect(page.get_by_role("heading", name="Zoë Ångström", level=1)).to_be_visible()
    reach = page.get_by_role("region", name="How to reach them")
    expect(reach.get_by_role("link", name="030 123456")).to_have_attribute("href", "tel:030123456")
    expect(page.get_by_text(re.compile("Created .* by Ben Brückner"))).to_be_visible()
    expect(page.get_by_text("Lifetime value €0")).to_be_visible()
    expect(page.get_by_role("button", name="E-mail: Asked us on 3 May")).to_be_disabled()
    expect(page.get_by_role("link", name="Has notes")).to_be_visible()
    expect(
        page.get_by_role("region", name="Employer").get_by_role("link", name="Bäckerei Müller & Söhne")
    ).to_be_visible()
    page.get_by_text(re.compile("% complete")).click()
    expect(page.get_by_text("Salutation")).to_be_visible()
    reach.get_by_role("link", name="Ring 1, Wien").click()
    expect(page).to_have_url(re.compile("/locations"))
    expect(page.get_by_role("region", name="Locations")).to_contain_text("Ring 1, Wien")


@pytest.mark.feature("REC-8")
def test_tabs_are_addresses_and_the_back_button_goes_back(page_as, site):
    page = page_as("business_user", f"/contact/{site.contacts[0]}/summary")
    tabs = page.get_by_role("navigation", name="Sections of the profile")
    tabs.get_by_role("link", name="Details").click()
    expect(page).to_have_url(re.compile("/details"))
    expect(page.get_by_role("region", name="Socio-demographic")).to_contain_text("Age")
    tabs.get_by_role("link", name="Marketing").click()
    expect(page.get_by_role("region", name="Marketing")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("region", name="Socio-demographic")).to_be_visible()
    expect(tabs.get_by_role("link", name="Details")).to_have_attribute("aria-current", "page")


@pytest.mark.feature("BEY-13")
def test_a_record_out_of_reach_is_not_found(page_as, site):
    page = page_as("stranger", f"/contact/{site.contacts[0]}/summary")
    expect(page.get_by_role("alert")).to_contain_text("Not found")
    expect(page.get_by_text("Ångström")).to_have_count(0)
    visit(page, "/contact/not-an-id/summary")
    expect(page.get_by_role("alert")).to_contain_text("Not found")


@pytest.mark.feature("REC-9", "REC-10", "REC-24")
def test_an_edit_with_an_error_beside_its_field_is_mended_and_saved(page_as, site):
    page = page_as("business_user", f"/contact/{site.contacts[0]}/summary")
    open_form(page, "How to reach them")
    field = page.get_by_role("textbox", name="E-mail")
    field.fill("nonsense")
    save(page)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert").filter(has_text="not an e-mail address")).to_be_visible()
    expect(field).to_be_focused()
    field.fill("neu@example.com")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_role("region", name="How to reach them")).to_contain_text("neu@example.com")


def test_unsaved_changes_are_asked_about(page_as, site):
    page = page_as("business_user", f"/contact/{site.contacts[2]}/general")
    open_form(page, "Notes on role and relationship")
    page.get_by_label("Notes").fill("half a thought")
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    page.get_by_role("navigation", name="Sections of the profile").get_by_role("link", name="Details").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Leave without saving?")
    dialog.get_by_role("button", name="Keep editing").click()
    expect(page.get_by_label("Notes")).to_have_value("half a thought")
    page.get_by_role("navigation", name="Sections of the profile").get_by_role("link", name="Details").click()
    dialog.get_by_role("button", name="Discard changes").click()
    expect(page).to_have_url(re.compile("/details"))


@pytest.mark.feature("REC-18", "REC-27")
def test_a_second_main_address_takes_the_role_after_a_question(page_as, site):
    page = page_as("business_user", f"/contact/{site.contacts[4]}/locations")
    page.get_by_role("button", name="Add address").click()
    page.get_by_label("Street").fill("Gasse 2")
    page.get_by_label("City").fill("Graz")
    save(page)
    asked = page.get_by_role("alert").filter(has_text="Saving takes the role")
    asked.get_by_role("button", name="Save anyway").click()
    places = page.get_by_role("region", name="Locations").get_by_role("listitem")
    expect(places.filter(has_text="Gasse 2")).to_contain_text("Main")
    expect(places.filter(has_text="Ring 1")).to_contain_text("Other")


@pytest.mark.feature("REC-27")
def test_the_working_location_is_opened_met_at_and_peopled(page_as, site):
    contact = site.make("business_user", "contact", given_name="Öz", family_name="Çelik")
    places = (
        {"role": "main", "street": "Ring 9", "city": "Wien"},
        {"role": "other", "label": "Ferienhaus", "city": "Graz"},
        {"role": "working", "label": "Werk 2", "street": "Weg 7", "city": "Linz", "country": "AT",
         "opening_hours": "8–12 Uhr", "phone": "+43 732 55"},
    )  # fmt: skip
    for place in places:
        site.perform("business_user", records.create, "address", place, customer_id=contact)
    page = page_as("business_user", f"/contact/{contact}/summary")
    page.get_by_role("region", name="Working location").get_by_role("link", name="Werk 2").click()
    expect(page).to_have_url(re.compile(f"/contact/{contact}/locations"))
    shown = page.get_by_role("region", name="Locations").get_by_role("listitem")
    for role, told in (("Main", "Ring 9"), ("Working", "Werk 2"), ("Other", "Ferienhaus")):
        expect(shown.filter(has_text=told)).to_contain_text(role)
    work = shown.filter(has_text="Werk 2")
    expect(work).to_have_class(re.compile("lit"))
    for told in ("Weg 7", "Linz", "8–12 Uhr", "+43 732 55", "Local time"):
        expect(work).to_contain_text(told)
    drawn = work.get_by_role("link", name="Map")
    expect(drawn).to_have_attribute("href", re.compile(r"^https://www\.openstreetmap\.org/search\?query=Weg\+7\+"))
    shoot(page, "working-location")
    assert_accessible(page)

    for button, said, tab in (("Book a meeting", "Planned.", "Future"), ("Record a visit", "Recorded.", "History")):
        visit(page, f"/contact/{contact}/summary")
        card = page.get_by_role("region", name="Working location")
        card.get_by_role("button", name=button).click()
        expect(page.get_by_label("Place")).to_have_value(re.compile("Weg 7.*Linz"))
        page.get_by_label("Subject").fill(f"{button} 🏭")
        save(page)
        expect(page.get_by_text(said)).to_be_visible()
        page.get_by_role("navigation", name="Sections of the profile").get_by_role("link", name=tab).click()
        expect(page.get_by_role("list", name=tab).get_by_role("link", name=f"{button} 🏭")).to_be_visible()

    visit(page, f"/contact/{contact}/summary")
    page.get_by_role("region", name="Working location").get_by_role("link", name="Add a person").click()
    page.get_by_role("textbox", name="Last name").fill("Kollegin")
    page.get_by_role("button", name="Save and open").click()
    expect(page.get_by_role("heading", name="Kollegin", level=1)).to_be_visible()
    expect(page.get_by_role("region", name="Working location")).to_contain_text("Werk 2")


@pytest.mark.feature("REC-14")
def test_a_bad_iban_is_refused_beside_its_field(page_as, site):
    page = page_as("business_user", f"/account/{site.accounts[0]}/details")
    page.get_by_role("button", name="Add bank account").click()
    page.get_by_label("IBAN").fill("DE88 3704 0044 0532 0130 00")
    save(page)
    expect(page.get_by_role("alert").filter(has_text="not a valid IBAN")).to_be_visible()
    page.get_by_label("IBAN").fill("DE89 3704 0044 0532 0130 00")
    save(page)
    banking = page.get_by_role("region", name="Banking")
    expect(banking).to_contain_text("DE89 3704 0044 0532 0130 00")
    page.get_by_role("button", name="Add bank account").click()
    page.get_by_label("Number").fill("4711")
    page.get_by_label("Main account").check()
    save(page)
    expect(banking.get_by_role("listitem").filter(has_text="4711")).to_contain_text("Main account")
    expect(banking.get_by_role("button", name="Make main account")).to_have_count(1)


@pytest.mark.feature("REC-15", "REC-3")
def test_the_first_contact_person_is_primary(page_as, site):
    page = page_as("business_user", f"/account/{site.accounts[1]}/contacts")
    for name in ("Guard", "Keys"):
        page.get_by_role("button", name="Add contact person").click()
        page.get_by_role("combobox", name=re.compile("^Contact")).fill(name)
        page.get_by_role("option", name=f"Ann {name}", exact=True).click()
        save(page)
        expect(page.get_by_role("region", name="Contact persons")).to_contain_text(name)
    people = page.get_by_role("region", name="Contact persons").get_by_role("listitem")
    expect(people.filter(has_text="Guard")).to_contain_text("Primary")
    people.filter(has_text="Keys").get_by_role("button", name="Make primary").click()
    expect(people.filter(has_text="Guard").get_by_role("button", name="Make primary")).to_be_visible()


@pytest.mark.feature("REC-16", "REC-17")
def test_a_new_employer_gets_a_row_in_the_history(page_as, site):
    page = page_as("business_user", f"/contact/{site.contacts[0]}/details")
    open_form(page, "Work")
    employer = page.get_by_label("Employer")
    employer.fill("株式会社")
    page.get_by_role("option", name=re.compile("株式会社")).click()
    save(page)
    jobs = page.get_by_role("region", name="Employment").get_by_role("listitem")
    expect(jobs).to_have_count(2)
    expect(jobs.first).to_contain_text("株式会社 Neu")
    expect(jobs.first).to_contain_text("Current")


@pytest.mark.feature("REC-1", "REC-37", "REC-38")
def test_a_new_contact_by_keyboard_alone(page_as, site):
    page = page_as("business_user", "/contacts/new")
    expect(page.get_by_label("Salutation")).to_be_focused()
    expect(page.get_by_label("Industry")).to_have_count(0)
    page.get_by_label("First name").focus()
    page.keyboard.type("Çağla")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Öztürk")
    page.get_by_role("textbox", name="E-mail").focus()
    page.keyboard.type("info@baeckerei.example")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", name="Çağla Öztürk", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile("/contact/.*/summary"))


@pytest.mark.feature("REC-1")
def test_add_another_starts_the_next_account(page_as, site):
    page = page_as("business_user", "/accounts/new")
    expect(page.get_by_label("First name")).to_have_count(0)
    save_next = page.get_by_role("button", name="Save and add another")
    save_next.click()
    expect(page.get_by_role("alert").filter(has_text="Name is required")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("مصنع النور")
    save_next.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("")


@pytest.mark.feature("REC-28")
def test_a_record_is_made_inactive_with_a_reason_and_active_again(page_as, site):
    page = page_as("business_user", f"/contact/{site.contacts[3]}/summary")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Make inactive").click()
    page.get_by_role("button", name="Make inactive").click()
    expect(page.get_by_text("Choose a reason.")).to_be_visible()
    page.get_by_label("Reason").select_option(label="Moved away")
    page.get_by_label("Note").fill("to Lisbon")
    page.get_by_role("button", name="Make inactive").click()
    expect(page.get_by_role("status").filter(has_text="Moved away, to Lisbon")).to_be_visible()
    page.get_by_role("button", name="Make active again").click()
    expect(page.get_by_text("Moved away, to Lisbon")).to_have_count(0)


@pytest.mark.feature("LST-17")
def test_one_steps_to_the_next_record_of_the_list(page_as, site):
    page = page_as("business_user", "/contacts")
    page.get_by_role("gridcell", name=re.compile("Ann Guard")).first.dblclick()
    expect(page.get_by_role("heading", name="Ann Guard", level=1)).to_be_visible()
    # What changed last comes first: after the tests above nothing need come after this one, but others before it.
    page.get_by_role("button", name="Previous record").click()
    expect(page.get_by_role("heading", name="Ann Guard", level=1)).to_have_count(0)
    page.get_by_role("button", name="Next record").click()
    expect(page.get_by_role("heading", name="Ann Guard", level=1)).to_be_visible()


def test_the_profile_speaks_german(page_as, site):
    page = page_as("business_user", f"/contact/{site.contacts[0]}/summary")

    def speak(language):
        page.get_by_role("complementary").get_by_role("button", name="Ben Brückner").click()
        page.get_by_role("menuitem", name=language).click()

    speak("Deutsch")
    expect(page.get_by_text("Umsatz insgesamt")).to_be_visible()
    expect(page.get_by_role("link", name="Organisationen")).to_be_visible()
    speak("English")
    expect(page.get_by_text("Lifetime value")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_tab_is_accessible(page_as, site, scheme):
    page = page_as("business_user", color_scheme=scheme)
    for tab in TABS:
        visit(page, f"/contact/{site.contacts[0]}/{tab}")
        expect(page.locator(".pcards section").first).to_be_visible()
        shoot(page, f"profile-{tab}-{scheme}")
        assert_accessible(page)
    visit(page, f"/account/{site.accounts[1]}/contacts")
    expect(page.get_by_role("region", name="Subsidiaries")).to_be_visible()
    assert_accessible(page)
    open_form(visit(page, f"/contact/{site.contacts[0]}/details"), "Name")
    shoot(page, f"profile-form-{scheme}")
    assert_accessible(page)


def test_a_phone_shows_it_all_in_one_column(page_as, site):
    page = page_as("business_user", f"/contact/{site.contacts[0]}/summary", viewport={"width": 390, "height": 844})
    expect(page.get_by_role("heading", name="Zoë Ångström", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    shoot(page, "profile-390-light")


DROP = """async (area, given) => {
  const data = new DataTransfer();
  for (const [name, text] of given) data.items.add(new File([text], name));
  for (const kind of ["dragenter", "dragover", "drop"])
    area.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


@pytest.mark.feature("REC-30", "R19")
def test_files_are_dropped_looked_at_removed_and_brought_back(page_as, site):
    page = page_as("business_user", f"/contact/{site.contacts[4]}/attachments")
    expect(page.get_by_text("No files yet")).to_be_visible()
    area = page.locator(".fdrop")
    area.evaluate(DROP, [["Contract.txt", "first words"], ["setup.exe", "MZ"], ["empty.txt", ""]])
    expect(page.get_by_role("alert").filter(has_text="setup.exe")).to_be_visible()
    page.get_by_role("button", name="Dismiss setup.exe").click()
    page.get_by_role("button", name="Dismiss empty.txt").click()
    expect(page.get_by_text("Contract.txt was added.")).to_be_visible()
    assert_accessible(page)
    area.evaluate(DROP, [["contract.TXT", "second words"]])
    page.get_by_role("button", name="2 versions").click()
    old = page.get_by_role("list", name="Versions of contract.TXT").get_by_role(
        "button", name="Contract.txt", exact=True
    )
    old.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("first words")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    picture = BytesIO()
    pages = [Image.new("RGB", (300, 400), color) for color in ("teal", "orange")]
    pages[0].save(picture, "PDF", save_all=True, append_images=pages[1:])
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="New version of contract.TXT").click()
    chooser.value.set_files({"name": "signed.pdf", "mimeType": "text/html", "buffer": picture.getvalue()})
    expect(page.get_by_role("button", name="3 versions")).to_be_visible()
    page.get_by_role("button", name="contract.TXT", exact=True).click()
    expect(dialog.get_by_role("img")).to_be_visible()
    dialog.get_by_role("button", name="Next page").click()
    expect(dialog.get_by_text("Page 2 of 2")).to_be_visible()
    assert_accessible(page)
    dialog.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Comment on contract.TXT").first.click()
    page.get_by_label("Comment", exact=True).fill("Signed on 3 May")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Signed on 3 May")).to_be_visible()
    shoot(page, "profile-attachments-light")
    page.get_by_role("button", name="Remove contract.TXT").click()
    expect(page.get_by_text("No files yet")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="3 versions")).to_be_visible()
    page.route("**/api/attachments/**", lambda route: None)
    area.evaluate(DROP, [["slow.txt", "never arrives"]])
    page.get_by_role("button", name="Cancel the upload of slow.txt").click()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    for door in ("/_upload/a.txt", "/uploaded_files/a.txt"):
        assert page.request.get(door).status == 404


@pytest.mark.feature("REC-9", "ADM-1")
def test_a_photo_hangs_and_a_file_fills_a_field(page_as, site):
    page = page_as("business_user", f"/contact/{site.contacts[5]}/additional")
    raw = BytesIO()
    Image.new("RGB", (60, 60), "teal").save(raw, "PNG")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add a photo").click()
    chooser.value.set_files({"name": "me.png", "mimeType": "image/png", "buffer": raw.getvalue()})
    expect(page.get_by_role("button", name="Change the photo")).to_be_visible()
    expect(page.locator(".hero img")).to_have_js_property("naturalWidth", 60)
    open_form(page, "Additional")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Passport: Choose a file").click()
    chooser.value.set_files({"name": "pass.txt", "mimeType": "text/plain", "buffer": b"words"})
    expect(page.get_by_role("link", name="pass.txt")).to_be_visible()
    save(page)
    link = page.get_by_role("region", name="Additional").get_by_role("link", name="pass.txt")
    answer = page.request.get(link.get_attribute("href"))
    assert (answer.status, answer.text()) == (200, "words")
    assert answer.headers["content-disposition"].startswith('attachment; filename="pass.txt"')
