"""Forms as data: what is asked, in which language, with which defaults, and what a conflict tells."""

from dataclasses import replace
from uuid import uuid4

import pytest

from c360.core.clock import utc_now
from c360.core.errors import Conflict, Forbidden, Invalid, NotFound
from c360.models.custom_field import CustomField
from c360.registry.entity import entities, entity_for
from c360.services import forms
from c360.services.uow import ask, perform, perform_once, unit_of_work
from tests.conftest import required


def fields_of(form):
    return {field.name: field for section in form.sections for field in section.fields}


@pytest.mark.feature("REC-1")
def test_a_new_record_is_asked_for_the_fields_of_its_kind_alone(agent, database):
    contact, account = (fields_of(ask(agent, forms.describe, key)) for key in ("contact", "account"))
    assert {"given_name", "family_name", "birth_date", "employer_id"} <= set(contact)
    assert {"name", "industry_id", "revenue", "parent_id"} <= set(account)
    assert not {"given_name", "birth_date"} & set(account)
    assert not {"industry_id", "revenue", "code"} & set(contact)
    assert "code" not in account, "what the app sets itself is not asked of a new record"


@pytest.mark.feature("REC-37", "SEC-8")
def test_a_new_customer_starts_with_the_defaults_and_its_creator(agent, database):
    asked = fields_of(ask(agent, forms.describe, "account"))
    for name in ("segment_id", "status_id", "channel_id"):
        chosen = [option.label for option in asked[name].options if option.value == asked[name].value]
        assert asked[name].required
        assert len(chosen) == 1, name
    assert asked["responsible_id"].value == asked["owner_id"].value == str(agent.user_id)
    assert asked["responsible_id"].shown == agent.name
    assert asked["name"].required


@pytest.mark.feature("REC-2", "REC-40")
def test_a_retired_choice_is_offered_only_where_it_is_the_value(admin, agent, make_as):
    kind = make_as(admin, "choice", pick_list="contact_type", name="Früher", color="plum", position="-1")
    contact_id = make_as(agent, "contact", family_name="Öz", contact_type_id=str(kind))
    assert fields_of(ask(agent, forms.describe, "contact"))["contact_type_id"].options[0].color == "plum"
    with unit_of_work(admin) as uow:
        uow.get("choice", kind).retired_at = utc_now()
    fresh = fields_of(ask(agent, forms.describe, "contact"))["contact_type_id"]
    old = fields_of(ask(agent, forms.describe, "contact", contact_id))["contact_type_id"]
    assert "Früher" not in [option.label for option in fresh.options]
    assert old.shown == "Früher"


@pytest.mark.feature("REC-26", "REC-41")
def test_a_custom_field_is_asked_for_without_code(admin, agent, make_as):
    with unit_of_work(admin) as uow:
        seats = [{"key": "aisle", "label": "Gang", "color": "teal"}, {"key": "window", "label": "Fenster"}]
        seat = {"entity": "contact", "key": "seat", "label": "Sitzplatz ✈", "kind": "choice", "required": True}
        uow.add(CustomField(**seat, choices=seats))
    form = ask(agent, forms.describe, "contact")
    assert form.sections[-1].key == "additional"
    seat = fields_of(form)["seat"]
    assert (seat.label, seat.required, [o.label for o in seat.options]) == ("Sitzplatz ✈", True, ["Gang", "Fenster"])
    with pytest.raises(Invalid) as refused:
        make_as(agent, "contact", family_name="Öz")
    assert set(refused.value.fields) == {"seat"}
    contact_id = make_as(agent, "contact", family_name="Öz", seat="aisle")
    assert fields_of(ask(agent, forms.describe, "contact", contact_id))["seat"].shown == "Gang"


@pytest.mark.feature("SEC-4")
def test_hidden_fields_are_left_out_and_locked_ones_are_to_read(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="Öz", job_title="Chef", phone="030 123")
    limited = replace(agent, hidden=frozenset({"contact.job_title"}), locked=frozenset({"contact.phone"}))
    asked = fields_of(ask(limited, forms.describe, "contact", contact_id))
    assert "job_title" not in asked
    assert (asked["phone"].locked, asked["phone"].value) == (True, "030 123")
    assert "phone" not in fields_of(ask(limited, forms.describe, "contact"))
    with pytest.raises(Invalid):
        perform(limited, forms.save, "contact", contact_id, {"phone": "1234"})


def test_a_form_speaks_the_readers_language(agent, make_as):
    german = replace(agent, language="de")
    contact_id = make_as(agent, "contact", family_name="Öz", preferred_media="post;email", language="fr")
    form = ask(german, forms.describe, "contact", contact_id)
    asked = fields_of(form)
    assert (form.sections[0].label, asked["family_name"].label) == ("Name", "Nachname")
    assert (asked["preferred_media"].texts, asked["preferred_media"].shown) == (["post", "email"], "Post, E-Mail")
    assert asked["language"].shown == "Französisch"


@pytest.mark.parametrize("key", [e.key for e in entities() if e.key != "customer"])
def test_every_entity_has_a_form(admin, database, key):
    form = ask(admin, forms.describe, key)
    for field in fields_of(form).values():
        assert field.label
        assert field.widget
        assert field.name not in ("id", "version", "created_at", "archived_at", entity_for(key).within)


def test_a_form_out_of_reach_is_not_found_and_a_mates_is_forbidden(agent, stranger, make_user, make_as):
    contact_id = make_as(agent, "contact", family_name="Öz")
    with pytest.raises(NotFound):
        ask(stranger, forms.describe, "contact", contact_id)
    mate = make_user("Max Mate", team="North")
    with pytest.raises(Forbidden):
        ask(mate, forms.describe, "contact", contact_id)


@pytest.mark.feature("REC-1", "BEY-1")
def test_a_form_sent_twice_makes_one_record(agent, database):
    with unit_of_work(agent, reads=True) as uow:
        values = {**required(uow, "account"), "name": "مرحبا GmbH " + "x" * 480}
    key = uuid4().hex
    first = perform_once(agent, key, forms.save, "account", None, values)
    assert perform_once(agent, key, forms.save, "account", None, values) == first
    form = ask(agent, forms.describe, "account", first)
    assert fields_of(form)["name"].value.startswith("مرحبا")
    assert form.version == 1


def test_a_conflict_reads_like_the_form(agent, admin, make_as):
    old, new = make_as(admin, "account", name="Alt"), make_as(agent, "account", name="Neu")
    contact_id = make_as(agent, "contact", family_name="Öz", job_title="Clerk")
    perform(agent, forms.save, "contact", contact_id, {"job_title": "Chief", "employer_id": str(new)}, 1)
    with pytest.raises(Conflict) as refused:
        perform(admin, forms.save, "contact", contact_id, {"job_title": "Boss", "employer_id": str(old)}, 1)
    told = ask(admin, forms.clashes, "contact", contact_id, refused.value)
    assert (told.who, told.version) == (agent.name, 2)
    assert {(line.label, line.base, line.mine, line.theirs) for line in told.lines} == {
        ("Job title", "Clerk", "Boss", "Chief"),
        ("Employer", "", "Alt", "Neu"),
    }


@pytest.mark.feature("REC-18")
def test_taking_a_unique_role_asks_first(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="Öz")
    given = {"customer_id": contact_id}
    first = perform(agent, forms.save, "address", None, {"role": "main", "city": "Wien"}, given=given)
    with pytest.raises(Conflict) as refused:
        perform(agent, forms.save, "address", None, {"role": "main", "city": "Graz"}, given=given)
    assert "Wien" in refused.value.text("de")
    perform(agent, forms.save, "address", None, {"role": "main", "city": "Graz"}, given=given, confirmed=True)
    perform(agent, forms.save, "address", first, {"role": "other", "city": "Linz"})
    with unit_of_work(agent, reads=True) as uow:
        assert {(a.role, a.city) for a in uow.session.exec(uow.select("address"))} == {
            ("main", "Graz"),
            ("other", "Linz"),
        }


@pytest.mark.feature("REC-24")
def test_what_another_changed_meanwhile_is_told_when_both_changes_are_kept(agent, admin, make_as):
    contact = make_as(agent, "contact", family_name="Öz")
    seen = ask(agent, forms.describe, "contact", contact).version
    perform(admin, forms.save, "contact", contact, {"job_title": "Clerk", "department": "North"}, seen)
    assert ask(agent, forms.meanwhile, "contact", contact, seen, ["department"]) == (admin.name, ["Job title"])
    perform(agent, forms.save, "contact", contact, {"birth_date": "1990-01-02"}, seen)
    now = ask(agent, forms.describe, "contact", contact)
    assert ask(agent, forms.meanwhile, "contact", contact, now.version, []) == ("", [])
    assert (fields_of(now)["job_title"].value, fields_of(now)["birth_date"].value) == ("Clerk", "1990-01-02")
