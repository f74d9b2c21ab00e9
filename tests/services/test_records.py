"""Creating, changing and archiving records, within the actor's rights."""

from uuid import uuid4

import pytest
from sqlmodel import select

from c360.core.actor import SYSTEM
from c360.core.errors import Conflict, Forbidden, Invalid, NotFound
from c360.models.customer import Customer
from c360.models.journal import ChangeRow, ChangeSet
from c360.services import records
from c360.services.uow import perform_once, unit_of_work


@pytest.mark.feature("REC-1", "SEC-1")
def test_a_contact_keeps_its_name_and_its_creator(agent, make_as):
    contact_id = make_as(agent, "contact", given_name="Zoë", family_name="Müller-Ångström", email="ZOE@Example.com ")
    with unit_of_work(agent, reads=True) as uow:
        contact = uow.get("contact", contact_id)
        assert (contact.name, contact.sort_name) == ("Zoë Müller-Ångström", "zoe muller-angstrom")
        assert (contact.email, contact.owner_id, contact.created_by_id) == (
            "zoe@example.com",
            agent.user_id,
            agent.user_id,
        )
        assert contact.version == 1


def test_bad_values_are_named_field_by_field(agent, database):
    with unit_of_work(agent) as uow, pytest.raises(Invalid) as refused:
        records.create(uow, "contact", {"family_name": "King", "email": "nonsense", "version": "7", "kind": "account"})
    assert {"email", "version", "kind", "segment_id", "status_id", "channel_id"} <= set(refused.value.fields)


def test_another_teams_contact_is_not_found(agent, stranger, make_as):
    contact_id = make_as(agent, "contact", given_name="Ada", family_name="King")
    with pytest.raises(NotFound), unit_of_work(stranger) as uow:
        records.update(uow, "contact", contact_id, {"given_name": "Eve"})


def test_a_team_mates_contact_is_seen_but_not_changed(agent, make_user, make_as):
    mate = make_user("Max Mate", team="North")
    contact_id = make_as(agent, "contact", family_name="King")
    with unit_of_work(mate, reads=True) as uow:
        assert uow.get("contact", contact_id).name == "King"
    with pytest.raises(Forbidden), unit_of_work(mate) as uow:
        records.update(uow, "contact", contact_id, {"given_name": "Eve"})


def test_every_change_is_journaled_with_before_and_after(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="King")
    with unit_of_work(agent) as uow:
        records.update(uow, "contact", contact_id, {"family_name": "Queen"}, version=1)
    with unit_of_work(agent, reads=True) as uow:
        row = uow.session.exec(
            select(ChangeRow).where(ChangeRow.record_id == contact_id, ChangeRow.op == "update")
        ).one()
        assert (row.before["family_name"], row.after["family_name"], row.version) == ("King", "Queen", 2)
        assert uow.session.get(ChangeSet, row.set_id).action == "contact.updated"


def test_changes_of_different_fields_combine_and_of_one_field_clash(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="King", job_title="Clerk")
    with unit_of_work(agent) as uow:
        records.update(uow, "contact", contact_id, {"job_title": "Chief"}, version=1)
    with unit_of_work(agent) as uow:
        records.update(uow, "contact", contact_id, {"family_name": "Queen", "job_title": "Clerk"}, version=1)
    with unit_of_work(agent, reads=True) as uow:
        contact = uow.get("contact", contact_id)
        assert (contact.name, contact.job_title) == ("Queen", "Chief")
    with pytest.raises(Conflict) as refused, unit_of_work(agent) as uow:
        records.update(uow, "contact", contact_id, {"job_title": "Boss"}, version=1)
    (clash,) = refused.value.clashes
    assert (clash.field, clash.base, clash.mine, clash.theirs) == ("job_title", "Clerk", "Boss", "Chief")


def test_a_write_sent_twice_happens_once(agent, make_as, database):
    from tests.conftest import required

    with unit_of_work(agent, reads=True) as uow:
        values = {**required(uow, "contact"), "family_name": "King"}
    key = uuid4().hex
    first = perform_once(agent, key, records.create, "contact", values)
    assert perform_once(agent, key, records.create, "contact", values) == first
    with unit_of_work(agent, reads=True) as uow:
        assert len(uow.session.exec(select(Customer.id)).all()) == 1


def test_large_amounts_are_kept_and_numbers_too_large_are_refused(agent, make_as):
    account_id = make_as(agent, "account", name="Große AG", revenue="90071992547409.90", employees="2147483647")
    with unit_of_work(agent) as uow:
        assert uow.get("account", account_id).revenue == 9_007_199_254_740_990
        with pytest.raises(Invalid):
            records.update(uow, "account", account_id, {"employees": "2147483648"})


def test_half_a_surrogate_pair_becomes_a_question_mark(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="Ki\ud800ng\x00")
    with unit_of_work(agent, reads=True) as uow:
        assert uow.get("contact", contact_id).name == "Ki?ng"


@pytest.mark.feature("BEY-5", "R12")
def test_a_value_an_index_guards_names_its_holder_to_those_who_may_see_him(agent, stranger, make_as):
    with unit_of_work(SYSTEM) as uow:
        for name, owner in (("Held", agent), ("Free", agent)):
            uow.add(Customer(kind="account", name=name, code=name.lower(), owner_id=owner.user_id))
    with unit_of_work(SYSTEM, reads=True) as uow:
        held = uow.session.exec(select(Customer.id).where(Customer.code == "held")).one()

    def take(actor, code):
        with pytest.raises(Invalid) as refused, unit_of_work(actor) as uow:
            uow.add(Customer(kind="account", name="Second", code=code, owner_id=actor.user_id))
        return refused.value

    assert take(agent, "held").texts() == {"code": "Held has this value already."}
    assert take(agent, "held").links() == {"code": f"/account/{held}"}
    assert take(stranger, "held").texts() == {"code": "This value is already taken."}
    assert take(stranger, "held").links() == {}
    with unit_of_work(SYSTEM) as uow:
        records.archive(uow, "account", held)
    with unit_of_work(stranger) as uow:
        uow.add(Customer(kind="account", name="Second", code="held", owner_id=stranger.user_id))
    with pytest.raises(Invalid), unit_of_work(SYSTEM) as uow:
        records.restore(uow, "account", held)
