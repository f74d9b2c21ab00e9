"""Lines that pick a row: the primary contact of an account; counters follow the activities that were chosen."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from c360.core.clock import utc_now
from c360.core.db import engine
from c360.core.errors import Invalid
from c360.models.contact_person import ContactPerson
from c360.models.customer import Customer
from c360.models.relationship import RELAY, Relation, RelationType
from c360.services import activities, undo
from c360.services.merging import lines, planning, proposing
from c360.services.merging.shapes import CONFLICT, FILLED, Choices
from c360.services.uow import ask, perform


def persons(account_id):
    """The contact persons in use of an account: whether each is the primary one."""
    with Session(engine()) as session:
        found = select(ContactPerson).where(
            ContactPerson.account_id == account_id, col(ContactPerson.archived_at).is_(None)
        )
        return {row.contact_id: row.is_primary for row in session.exec(found)}


def stand(make_as, actor, account, contact, **values):
    return make_as(actor, "contact_person", {"account_id": account, "contact_id": contact}, **values)


@pytest.fixture
def houses(admin, make_as):
    """Two accounts; the second one's poor row says that 山田 is its primary contact, the first one's tells more."""
    a, b = (make_as(admin, "account", name=name) for name in ("Müller & Söhne", "山田商店"))
    zoe, yamada, noor = (make_as(admin, "contact", given_name=name, family_name="X") for name in ("Zoë", "山田", "نور"))
    stand(make_as, admin, a, zoe, is_primary="yes")
    stand(make_as, admin, a, yamada, comment="Kennt alle, spricht Deutsch")
    stand(make_as, admin, b, yamada, is_primary="yes")
    stand(make_as, admin, b, noor)
    return a, b, zoe, yamada, noor


@pytest.mark.feature("DUP-10", "B-MRG-4")
def test_the_primary_contact_is_whose_somebody_picks(admin, houses):
    a, b, zoe, yamada, noor = houses
    [line] = [row for row in ask(admin, proposing.propose, [a, b], a).fields if row.name == "primary_contact"]
    assert (line.cells, line.group, line.pick) == (("Zoë X", "山田 X"), CONFLICT, f"of:{a}")
    before = persons(a), persons(b)
    for fields, lead in (({}, zoe), ({"primary_contact": f"of:{a}"}, zoe), ({"primary_contact": f"of:{b}"}, yamada)):
        plan = perform(admin, planning.plan, [a, b], Choices(a, fields))
        done = perform(admin, planning.commit, [a, b], Choices(a, fields), plan.fingerprint)
        assert persons(a) == {one: one == lead for one in (zoe, yamada, noor)}
        perform(admin, undo.undo, done.set_id)
        assert (persons(a), persons(b)) == before


@pytest.mark.feature("DUP-10")
def test_a_primary_contact_only_one_has_is_taken_and_none_is_no_pick(admin, make_as, houses):
    _, b, _, yamada, noor = houses
    bare = make_as(admin, "account", name="Leer")
    [line] = [row for row in ask(admin, proposing.propose, [bare, b], bare).fields if row.name == "primary_contact"]
    assert (line.cells, line.group, line.pick) == (("", "山田 X"), FILLED, f"of:{b}")
    for pick in (f"of:{bare}", f"of:{noor}", "typed:Zoë", "by:newest"):
        with pytest.raises(Invalid) as refused:
            perform(admin, planning.plan, [bare, b], Choices(bare, {"primary_contact": pick}))
        assert list(refused.value.fields) == ["primary_contact"]
    perform(admin, planning.merge, [bare, b], Choices(bare))
    assert persons(bare) == {yamada: True, noor: False}


@pytest.mark.feature("DUP-10", "B-MRG-9")
def test_an_account_keeps_its_primary_contact_when_two_of_its_people_become_one(admin, make_as):
    account = make_as(admin, "account", name="Haus")
    a, b = (make_as(admin, "contact", given_name=name, family_name="Müller") for name in ("Zoë", "Zoe"))
    stand(make_as, admin, account, a, comment="Büro")
    stand(make_as, admin, account, b, is_primary="yes")
    done = perform(admin, planning.merge, [a, b], Choices(a))
    assert persons(account) == {a: True}
    perform(admin, undo.undo, done.set_id)
    assert persons(account) == {a: False, b: True}


@pytest.mark.feature("DUP-10", "DUP-18", "B-MRG-11")
def test_counters_and_last_contact_are_those_of_the_record_whose_activities_were_picked(admin, make_as):
    a, b = (make_as(admin, "contact", family_name=name) for name in ("Ax", "Bx"))
    for one, kind, days, way in ((a, "call", 1, "in"), (a, "mail", 2, "out"), (b, "call", 9, "out")):
        at = (utc_now() - timedelta(days=days)).isoformat()
        values = {"kind": kind, "subject": "好", "status": "closed", "direction": way, "starts_at": at}
        perform(admin, activities.add, [one], values)
    was = figures(b)
    locked = {row.name: row.locked for row in ask(admin, proposing.propose, [a, b], a).fields}
    assert all("Related records" in locked[name] for name in lines.COUNTED if name in locked)
    taken = {f"activity_customer.{kind}": str(b) for kind in ("call", "mail")}
    perform(admin, planning.merge, [a, b], Choices(a, collections=taken))
    assert figures(a) == was


def figures(customer_id):
    with Session(engine()) as session:
        record = session.get_one(Customer, customer_id)
        return {name: getattr(record, name) for name in lines.COUNTED}


@pytest.mark.feature("B-MRG-9")
def test_an_account_keeps_its_primary_relay_when_two_who_relay_become_one(admin, make_as):
    account = make_as(admin, "account", name="Haus")
    a, b = (make_as(admin, "contact", family_name=name) for name in ("Ax", "Bx"))
    with Session(engine()) as session:
        relay = session.exec(select(RelationType.id).where(RelationType.part == RELAY)).one()
    for one, primary in ((a, "no"), (b, "yes")):
        make_as(admin, "relation", {"from_id": one, "to_id": account, "type_id": relay}, is_primary=primary)
    perform(admin, planning.merge, [a, b], Choices(a))
    with Session(engine()) as session:
        [left] = session.exec(select(Relation).where(col(Relation.archived_at).is_(None))).all()
    assert (left.from_id, left.is_primary) == (a, True)
