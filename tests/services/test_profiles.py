"""What a profile shows: the header, the compact card, every tab, within the actor's rights."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from c360.core.errors import Conflict, Invalid, NotFound
from c360.models.custom_field import CustomField
from c360.models.journal import AccessEntry
from c360.services import forms, history, locations, panels, profiles, records, undo
from c360.services.uow import ask, perform, unit_of_work
from tests.conftest import required, statements

IBAN = "DE89370400440532013000"


def cards(actor, key, record_id, tab):
    with unit_of_work(actor, reads=True) as uow:
        return {c.key: c for c in panels.PANELS[tab](uow, profiles.load(uow, key, record_id))}


def told(card):
    return {f.name: f.text or ", ".join(c.text for c in f.chips) for f in card.facts}


def header(actor, key, record_id):
    with unit_of_work(actor, reads=True) as uow:
        return profiles.header(uow, profiles.load(uow, key, record_id))


@pytest.mark.feature("REC-4", "REC-5", "REC-22")
def test_the_summary_tells_address_phone_email_and_target(agent, make_as):
    contact_id = make_as(agent, "contact", given_name="Zoë", family_name="Öz", email="z@example.com", phone="030 123")
    given = {"customer_id": contact_id}
    make_as(agent, "address", given, role="delivery", city="Graz")
    main = make_as(agent, "address", given, role="main", street="Ring 1", postal_code="1010", city="Wien", country="AT")
    found = cards(agent, "contact", contact_id, "summary")
    reach = {f.name: f for f in found["reach"].facts}
    assert reach["address"].text == "Ring 1, 1010 Wien, Austria"
    assert reach["address"].href == f"/contact/{contact_id}/locations?open={main}"
    assert (reach["email"].href, reach["phone"].href) == ("mailto:z@example.com", "tel:030123")
    assert "UTC+" in reach["local_time"].text
    target = told(found["target"])
    assert (target["segment_id"], target["status_id"]) == ("Standard", "Active")
    assert target["responsible_id"] == agent.name


@pytest.mark.feature("REC-6", "REC-7")
def test_the_header_tells_who_made_and_changed_the_record_and_its_value(agent, admin, make_as):
    account_id = make_as(agent, "account", name="株式会社 Müller")
    with unit_of_work(admin) as uow:
        records.update(uow, "account", account_id, {"website": "example.com"})
    shown = header(agent, "account", account_id)
    assert (shown.created_by, shown.updated_by) == (agent.name, admin.name)
    assert shown.updated_at > shown.created_at
    assert (shown.lifetime_value, shown.currency, shown.square) == (0, "EUR", True)
    assert [chip.text for chip in shown.dots] == ["Active", "Standard"]
    assert (shown.may_edit, shown.may_archive) == (True, True)


@pytest.mark.feature("REC-20")
def test_a_forbidden_channel_is_disabled_and_says_why_and_preferred_ones_come_first(agent, make_as):
    contact_id = make_as(
        agent, "contact", family_name="Öz", email="z@example.com", phone="030 123", preferred_media="phone;post",
        forbidden_media="email", forbidden_reason="Asked us on 3 May",
    )  # fmt: skip
    actions = header(agent, "contact", contact_id).actions
    assert [(a.medium, a.preferred) for a in actions] == [("phone", True), ("email", False), ("web", False)]
    reasons = {a.medium: a.reason for a in actions}
    assert reasons["email"] == "Asked us on 3 May"
    assert reasons["phone"] == ""
    assert reasons["web"]


@pytest.mark.feature("REC-20")
def test_every_link_of_a_closed_way_is_gone_and_says_why(agent, make_as):
    contact_id = make_as(
        agent, "contact", family_name="Öz", email="Z@example.com", phone="030 123", website="öz.example",
        forbidden_media="phone;visit", forbidden_reason="Wants peace",
    )  # fmt: skip
    firm = make_as(agent, "account", name="Firma")
    make_as(agent, "contact_person", {"account_id": firm}, contact_id=str(contact_id))
    given = {"customer_id": contact_id}
    make_as(agent, "communication", given, family="email", value="z@example.com", do_not_use="yes", comment="Bounces")
    make_as(agent, "address", given, role="working", city="Wien", phone="01 555")
    reach = {f.name: f for f in cards(agent, "contact", contact_id, "summary")["reach"].facts}
    assert (reach["phone"].href, reach["phone"].reason) == ("", "Wants peace")
    assert (reach["email"].href, reach["email"].reason) == ("", "Bounces")
    assert (bool(reach["website"].href), reach["website"].reason) == (True, "")
    shown = perform(agent, profiles.compact, "contact", contact_id)
    assert {f.name: f.reason for f in shown.facts if f.reason} == {"phone": "Wants peace", "email": "Bounces"}
    assert {a.medium: a.reason for a in shown.header.actions} == {"email": "Bounces", "phone": "Wants peace", "web": ""}
    found = cards(agent, "contact", contact_id, "locations")
    (place,) = found["addresses"].lines
    assert {f.name: f.reason for f in place.facts if f.name == "phone"} == {"phone": "Wants peace"}
    assert {act.key: act.reason for act in place.acts if act.reason} == {"meeting": "Wants peace"}
    assert all(not line.href for line in found["communications"].lines if "example.com" in line.title)
    (person,) = cards(agent, "account", firm, "contacts")["people"].lines
    assert {f.name: (f.href, f.reason) for f in person.facts} == {
        "email": ("", "Bounces"), "phone": ("", "Wants peace")
    }  # fmt: skip
    assert "tel:" not in str(found)
    seen = replace(agent, hidden=frozenset({"contact.forbidden_reason", "communication.comment"}))
    assert "Wants peace" not in str(cards(seen, "contact", contact_id, "summary"))
    assert "Bounces" not in str(cards(seen, "contact", contact_id, "summary"))


@pytest.mark.feature("REC-27")
def test_a_working_location_is_opened_met_at_and_peopled(agent, stranger, make_as):
    firm = make_as(agent, "account", name="Firma")
    office = make_as(agent, "address", {"customer_id": firm}, role="main", street="Ring 1", city="Wien", phone="01 55")
    contact_id = make_as(agent, "contact", family_name="Öz", employer_id=str(firm))
    (line,) = cards(agent, "contact", contact_id, "summary")["working_place"].lines
    assert (line.title, line.href) == ("Ring 1, Wien", f"/account/{firm}/locations?open={office}")
    given = {"customer_id": contact_id}
    make_as(agent, "address", given, role="main", city="Linz")
    plant = make_as(agent, "address", given, role="working", label="Werk 2", city="Graz", opening_hours="8–12")
    (line,) = cards(agent, "contact", contact_id, "summary")["working_place"].lines
    assert (line.title, line.href) == ("Werk 2", f"/contact/{contact_id}/locations?open={plant}")
    assert {"opening_hours": "8–12"}.items() <= {f.name: f.text for f in line.facts}.items()
    person = next(act.href for act in line.acts if act.key == "person")
    assert person == f"/contacts/new?at={plant}"
    assert ask(agent, locations.preset, plant) == {"employer_id": str(firm)}
    with unit_of_work(agent) as uow:
        values = {**required(uow, "contact"), "family_name": "مريم", "employer_id": str(firm)}
        mate = forms.save(uow, "contact", None, values, given={"at": plant})
    (line,) = cards(agent, "contact", mate, "summary")["working_place"].lines
    assert (line.title, [f.text for f in line.facts if f.name == "opening_hours"]) == ("Werk 2", ["8–12"])
    with pytest.raises(NotFound):
        perform(stranger, forms.save, "contact", None, {**values, "employer_id": ""}, given={"at": plant})


@pytest.mark.feature("REC-10", "REC-9")
def test_age_is_computed_from_the_birth_date(agent, make_as):
    assert panels.age_on(date(2000, 2, 29), date(2026, 2, 28)) == 25
    assert panels.age_on(date(2000, 2, 29), date(2026, 3, 1)) == 26
    contact_id = make_as(agent, "contact", family_name="Öz", birth_date="2000-01-02", children="2")
    found = told(cards(agent, "contact", contact_id, "details")["demographic"])
    assert found["age"] == str(panels.age_on(date(2000, 1, 2)))
    assert found["children"] == "2"


@pytest.mark.feature("REC-11", "REC-12")
def test_an_accounts_details_show_company_facts_and_categories(agent, make_as):
    parent = make_as(agent, "account", name="Holding")
    with unit_of_work(agent, reads=True) as uow:
        choices = uow.session.exec(uow.select("choice")).all()
    ids = {c.name: str(c.id) for c in choices if c.pick_list == "category"}
    account_id = make_as(
        agent, "account", name="Firma", parent_id=str(parent), category_ids=[ids["A"], ids["C"]], employees="12",
        revenue="1.234,50",
    )  # fmt: skip
    found = cards(agent, "account", account_id, "details")
    assert told(found["company"])["parent_id"] == "Holding"
    assert told(found["details"])["category_ids"] == "A, C"
    assert (told(found["size"])["employees"], told(found["size"])["revenue"]) == ("12", "123450")


@pytest.mark.feature("REC-14", "REC-17")
def test_jobs_and_bank_accounts_stand_on_details(agent, make_as):
    firm = make_as(agent, "account", name="Firma")
    contact_id = make_as(agent, "contact", family_name="Öz", employer_id=str(firm), job_title="Köchin")
    make_as(agent, "bank_account", {"customer_id": contact_id}, iban=IBAN, bank="Sparkasse")
    found = cards(agent, "contact", contact_id, "details")
    (job,) = found["jobs"].lines
    assert (job.title, job.sub, job.href, job.primary) == ("Köchin", "Firma", f"/account/{firm}", "Main")
    (bank,) = found["bank_accounts"].lines
    assert (bank.title, bank.primary) == ("DE89 3704 0044 0532 0130 00", "Main account")


@pytest.mark.feature("REC-3")
def test_an_account_gathers_identities_attached_and_detached_and_undone(agent, stranger, make_as):
    firm = make_as(agent, "account", name="Familie Müller", treated_as="person")
    shown = header(agent, "account", firm)
    assert (shown.kind, shown.square) == ("Account · Person", False)
    assert header(agent, "account", make_as(agent, "account", name="Firma")).kind == "Account"
    person = make_as(agent, "contact", family_name="李", employer_id=str(firm), forbidden_media="phone")
    other = make_as(agent, "contact", family_name="Öz")
    shop = {"source": "Shop", "name": "müller_77"}
    make_as(agent, "external_reference", {"customer_id": other}, **shop, external_id="0077", email="m@example.com")
    portal = make_as(
        agent, "external_reference", {"customer_id": person}, source="Portal", external_id="P 1", phone="030 1"
    )
    far = make_as(stranger, "contact", family_name="Fern")
    make_as(stranger, "external_reference", {"customer_id": far}, source="Shop", external_id="9")
    attach = partial(forms.save, key="external_reference", record_id=None, given={"customer_id": firm})

    with pytest.raises(Conflict) as asked:
        perform(agent, lambda uow: attach(uow, values={"source": "Shop", "external_id": "0077"}))
    assert asked.value.text("en") == "Öz has this identity now. Saving attaches it here."
    with pytest.raises(Invalid):
        perform(agent, lambda uow: attach(uow, values={"source": "Shop", "external_id": "9"}, confirmed=True))
    values = {"source": "Shop", "external_id": "0077", "name": "", "phone": "030 77"}
    moved = perform(agent, lambda uow: attach(uow, values=values, confirmed=True))
    lines = cards(agent, "account", firm, "summary")["identities"].lines
    assert [(line.title, line.sub) for line in lines] == [("müller_77", "Shop · 0077"), ("P 1", "Portal")]
    assert {f.name: f.text for f in lines[0].facts} == {"email": "m@example.com", "phone": "030 77"}
    assert lines[1].href == f"/contact/{person}/additional?open={portal}"
    assert ([c.text for c in lines[1].chips], lines[1].facts[0].href, bool(lines[1].facts[0].reason)) == (
        ["李"], "", True
    )  # fmt: skip
    assert not cards(agent, "contact", other, "additional")["references"].lines
    perform(agent, records.archive, "external_reference", moved)
    assert [line.title for line in cards(agent, "account", firm, "contacts")["identities"].lines] == ["P 1"]
    for _ in ("the detaching", "the attaching"):
        perform(agent, undo.undo, perform(agent, history.last_of, "account", firm))
    assert [line.title for line in cards(agent, "contact", other, "additional")["references"].lines] == ["müller_77"]


@pytest.mark.feature("REC-15", "REC-16", "REC-3")
def test_an_account_shows_its_people_staff_subsidiaries_and_primary_contact(agent, make_as):
    account_id = make_as(agent, "account", name="Firma")
    make_as(agent, "account", name="Tochter", parent_id=str(account_id))
    first, second = (make_as(agent, "contact", family_name=n, employer_id=str(account_id)) for n in ("Öz", "İnce"))
    for person in (first, second):
        make_as(agent, "contact_person", {"account_id": account_id}, contact_id=str(person))
    found = cards(agent, "account", account_id, "contacts")
    assert [(line.title, bool(line.primary)) for line in found["people"].lines] == [("Öz", True), ("İnce", False)]
    assert {line.title for line in found["staff"].lines} == {"Öz", "İnce"}
    assert [line.title for line in found["subsidiaries"].lines] == ["Tochter"]
    (card,) = cards(agent, "account", account_id, "summary")["primary_person"].lines
    assert (card.title, card.href) == ("Öz", f"/contact/{first}")
    (card,) = cards(agent, "contact", first, "summary")["employer"].lines
    assert card.title == "Firma"


@pytest.mark.feature("REC-19", "REC-20", "REC-27")
def test_locations_and_communication_show_roles_maps_and_what_not_to_use(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="Öz", email="own@example.com", phone="030 1234")
    given = {"customer_id": contact_id}
    make_as(
        agent, "address", given, role="working", label="Werk 2", street="Weg 1", city="Linz", is_working_place="yes"
    )
    make_as(agent, "communication", given, family="phone", value="0171 555", do_not_use="yes")
    found = cards(agent, "contact", contact_id, "locations")
    (place,) = found["addresses"].lines
    assert (place.title, place.sub) == ("Werk 2", "Weg 1, Linz")
    acts = {act.key: act for act in place.acts}
    assert list(acts) == ["map", "meeting", "visit", "person"]
    assert acts["map"].href.startswith("https://www.openstreetmap.org/search?query=Weg+1+Linz")
    lines = {line.title: line for line in found["communications"].lines}
    assert set(lines) == {"own@example.com", "030 1234", "0171 555"}
    assert lines["030 1234"].primary
    assert lines["own@example.com"].id == ""
    assert (lines["0171 555"].href, [c.text for c in lines["0171 555"].chips]) == ("", ["Do not use"])


@pytest.mark.feature("REC-24", "REC-29")
def test_notes_stand_in_general_with_a_hint_and_leave_a_marker(agent, make_as):
    plain, noted = make_as(agent, "contact", family_name="Öz"), make_as(agent, "contact", family_name="X", notes="Bold")
    general = cards(agent, "contact", plain, "general")["general"]
    assert "right to read" in general.hint
    assert general.empty
    assert not perform(agent, profiles.compact, "contact", plain).has_notes
    assert perform(agent, profiles.compact, "contact", noted).has_notes


@pytest.mark.feature("REC-25", "REC-26")
def test_additional_shows_custom_fields_and_third_party_references(admin, agent, make_as):
    with unit_of_work(admin) as uow:
        uow.add(CustomField(entity="contact", key="shoe", label="Schuhgröße", kind="number"))
    contact_id = make_as(agent, "contact", family_name="Öz", shoe="42.5")
    make_as(agent, "external_reference", {"customer_id": contact_id}, source="ERP", external_id="Ä-17")
    found = cards(agent, "contact", contact_id, "additional")
    assert [(f.label, f.text) for f in found["additional"].facts] == [("Schuhgröße", "42.5")]
    assert [(line.title, line.sub) for line in found["references"].lines] == [("Ä-17", "ERP")]


@pytest.mark.feature("REC-38", "REC-39")
def test_a_hand_over_names_the_old_and_the_new_manager(agent, admin, make_as):
    contact_id = make_as(agent, "contact", family_name="Öz")
    with unit_of_work(admin) as uow:
        records.update(uow, "contact", contact_id, {"responsible_id": str(admin.user_id)})
    found = cards(agent, "contact", contact_id, "marketing")
    assert {"segment_id", "status_id", "channel_id", "responsible_id"} <= set(told(found["marketing"]))
    (line,) = found["handovers"].lines
    assert line.title == f"{agent.name} → {admin.name}"
    assert line.sub == "Responsible manager"


@pytest.mark.feature("REC-23", "BEY-13")
def test_a_compact_profile_is_logged_and_keeps_to_the_rights(agent, stranger, make_as):
    contact_id = make_as(agent, "contact", family_name="Öz", phone="030 99 canary", job_title="canary-job")
    limited = replace(agent, hidden=frozenset({"contact.phone", "contact.job_title"}))
    seen = perform(limited, profiles.compact, "customer", contact_id)
    assert "canary" not in str(seen)
    assert not any(action.medium == "phone" for action in seen.header.actions)
    with pytest.raises(NotFound):
        perform(stranger, profiles.compact, "contact", contact_id)
    with unit_of_work(agent, reads=True) as uow:
        entries = uow.session.exec(select(AccessEntry)).all()
    assert [(e.act, e.record_id, e.actor_id) for e in entries] == [("profile.peeked", contact_id, agent.user_id)]


@pytest.mark.feature("BEY-13")
@pytest.mark.parametrize("tab", list(panels.PANELS))
def test_no_tab_shows_a_hidden_field(agent, make_as, tab):
    canary = {"email": "canary@example.com", "notes": "canary", "birth_date": "1901-01-01"}
    contact_id = make_as(agent, "contact", family_name="Öz", **canary)
    make_as(agent, "bank_account", {"customer_id": contact_id}, iban=IBAN)
    closed = {f"contact.{name}" for name in canary} | {"bank_account.iban"}
    if tab == "contacts":
        return
    seen = str(cards(replace(agent, hidden=frozenset(closed)), "contact", contact_id, tab))
    assert "canary" not in seen
    assert "1901" not in seen
    assert "3704" not in seen


@pytest.mark.feature("REC-22")
@pytest.mark.parametrize(
    ("zone", "said"),
    [("Asia/Kolkata", "17:30 · UTC+5:30"), ("America/New_York", "07:00 · UTC−5"), ("Etc/UTC", "12:00 · UTC+0")],
)
def test_local_time_tells_the_hour_and_the_distance(zone, said):
    assert profiles.local_time(ZoneInfo(zone), datetime(2026, 1, 5, 12, tzinfo=UTC)) == said


@pytest.mark.parametrize("tab", list(panels.PANELS))
def test_a_tab_costs_no_more_queries_with_many_rows(agent, make_as, tab):
    def asked(account_id):
        with statements() as sent:
            cards(agent, "account", account_id, tab)
        return len(sent)

    few, many = (make_as(agent, "account", name=name) for name in ("Klein", "Groß"))
    for account_id, times in ((few, 1), (many, 6)):
        for i in range(times):
            person = make_as(agent, "contact", family_name=f"P{i}", employer_id=str(account_id))
            make_as(agent, "contact_person", {"account_id": account_id}, contact_id=str(person))
            make_as(agent, "address", {"customer_id": account_id}, role="other", city="Wien")
            make_as(agent, "communication", {"customer_id": account_id}, family="phone", value=f"030 {i}00")
            make_as(agent, "bank_account", {"customer_id": account_id}, number=f"1{i}")
            make_as(agent, "account", name=f"T{i}", parent_id=str(account_id))
    assert asked(many) == asked(few) <= 16
    ask(agent, profiles.kind_of, few)
