"""Counters and last-contact dates: exact after anything that is done to activities, whichever way."""

import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect
from sqlmodel import select

from c360.core import db
from c360.core.actor import SYSTEM
from c360.core.errors import C360Error
from c360.core.ids import new_id
from c360.models.activity import CONTACTS, Activity, ActivityCustomer
from c360.models.contact_figures import ContactFigures
from c360.models.customer import Customer
from c360.models.journal import ChangeSet
from c360.registry.entity import entity_for
from c360.services import activities, mass, records, undo
from c360.services.uow import attempt, perform, unit_of_work
from tests.conftest import statements

FIGURES = tuple(ContactFigures.model_fields)
START = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = ("call", "meeting", "mail", "note", "task")
acts = st.lists(
    st.tuples(
        st.sampled_from(
            ("log", "plan", "close", "cancel", "reopen", "archive", "restore", "retype", "turn", "link", "unlink",
             "undo", "bulk")
        ),
        st.integers(0, 2**16),
    ),
    min_size=4, max_size=14,
)  # fmt: skip


def naive(session, customer_id):
    """Count everything about a customer anew, in Python, from the tables alone."""
    links = session.exec(select(ActivityCustomer).where(ActivityCustomer.customer_id == customer_id)).all()
    found = [session.get_one(Activity, one.activity_id) for one in links if one.archived_at is None]
    live = [one for one in found if one.archived_at is None]
    made = [one for one in live if one.status == "closed" and one.kind in CONTACTS]
    ways = {way: [one.at for one in made if one.direction == way] for way in ("in", "out")}
    return {
        "last_contact_at": max((one.at for one in made), default=None),
        "last_in_at": max(ways["in"], default=None),
        "last_out_at": max(ways["out"], default=None),
        "contacts_in": len(ways["in"]),
        "contacts_out": len(ways["out"]),
        "contacts_total": len(made),
        "next_step_at": min((one.at for one in live if one.status == "open"), default=None),
    }


class Play:
    """Does random things to the activities of some customers, each in a unit of work of its own."""

    def __init__(self, actor, customers):
        self.actor, self.customers = actor, customers
        self.made, self.sets = [], []

    def do(self, act, seed):
        """Do it unless a rule refuses it, as rules refuse a person's random clicks; a bulk insert is never refused."""
        refused = () if act == "bulk" else C360Error
        with suppress(refused), unit_of_work(self.actor) as uow:
            getattr(self, act)(uow, random.Random(seed))
            self.sets.append(uow.draft.set_id)

    def _some(self, chance):
        return chance.choice(self.made) if self.made else new_id()

    def _values(self, chance):
        at = START + timedelta(hours=chance.randrange(5000))
        return {
            "kind": chance.choice(KINDS), "subject": "x", "direction": chance.choice(("in", "out", "")),
            "starts_at": at.isoformat(),
        }  # fmt: skip

    def log(self, uow, chance):
        some = chance.sample(self.customers, chance.randint(1, 2))
        self.made.append(activities.add(uow, some, self._values(chance) | {"status": "closed"}))

    def plan(self, uow, chance):
        self.made.append(activities.add(uow, [chance.choice(self.customers)], self._values(chance)))

    def close(self, uow, chance):
        activities.end(uow, self._some(chance), "closed")

    def cancel(self, uow, chance):
        activities.end(uow, self._some(chance), "cancelled")

    def reopen(self, uow, chance):
        activities.reopen(uow, self._some(chance))

    def archive(self, uow, chance):
        records.archive(uow, "activity", self._some(chance))

    def restore(self, uow, chance):
        records.restore(uow, "activity", self._some(chance))

    def retype(self, uow, chance):
        records.update(uow, "activity", self._some(chance), {"kind": chance.choice(KINDS)})

    def turn(self, uow, chance):
        way = chance.choice(("in", "out", ""))
        at = START + timedelta(hours=chance.randrange(5000))
        records.update(uow, "activity", self._some(chance), {"direction": way, "starts_at": at.isoformat()})

    def link(self, uow, chance):
        activities.link(uow, self._some(chance), chance.choice(self.customers))

    def unlink(self, uow, chance):
        activities.unlink(uow, self._some(chance), chance.choice(self.customers))

    def undo(self, uow, chance):
        if self.sets:
            undo.undo(uow, chance.choice(self.sets))

    def bulk(self, uow, chance):
        """Insert many by one statement, as an import does."""
        owner = self.actor.user_id
        rows, links = [], []
        for _ in range(5):
            at = START + timedelta(hours=chance.randrange(5000))
            rows.append({
                "id": new_id(), "kind": chance.choice(KINDS), "subject": "bulk", "status": "closed", "owner_id": owner,
                "at": at, "starts_at": at, "ended_at": at, "direction": chance.choice(("in", "out", None)),
            })  # fmt: skip
            customer_id = chance.choice(self.customers)
            links.append({"id": new_id(), "activity_id": rows[-1]["id"], "customer_id": customer_id, "at": at})
        mass.add(uow, entity_for("activity"), rows)
        mass.add(uow, entity_for("activity_customer"), links, "customer_id")
        self.made += [row["id"] for row in rows]


@pytest.mark.feature("ACT-15")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(played=acts)
def test_counters_equal_a_naive_recount(agent, make_as, played):
    customers = [make_as(agent, "contact", family_name=f"C{n}") for n in range(3)]
    play = Play(agent, customers)
    for act, seed in (("log", 1), ("bulk", 2), *played):
        play.do(act, seed)
    with unit_of_work(SYSTEM, reads=True) as uow:
        for one in customers:
            record = uow.session.get_one(Customer, one)
            assert {name: getattr(record, name) for name in FIGURES} == naive(uow.session, one)


@pytest.mark.feature("ACT-15")
def test_undoing_and_redoing_an_import_of_activities_counts_right(agent, make_as):
    one = make_as(agent, "contact", family_name="One")
    play = Play(agent, [one])
    play.do("bulk", 7)
    with unit_of_work(SYSTEM, reads=True) as uow:
        before = {name: getattr(uow.session.get_one(Customer, one), name) for name in FIGURES}
    undone = perform(agent, undo.undo, play.sets[0])
    assert undone.kept == 0
    with unit_of_work(SYSTEM, reads=True) as uow:
        assert uow.session.get_one(Customer, one).contacts_total == 0
        last = uow.session.exec(select(ChangeSet.id).where(ChangeSet.reverses_id == play.sets[0])).one()
    perform(agent, undo.undo, last)
    with unit_of_work(SYSTEM, reads=True) as uow:
        after = {name: getattr(uow.session.get_one(Customer, one), name) for name in FIGURES}
    assert after == before
    assert after["contacts_total"] > 0


@pytest.mark.feature("ACT-15")
def test_what_is_new_is_added_once_and_nothing_is_counted_anew(agent, make_as):
    one = make_as(agent, "contact", family_name="One")
    call = {"kind": "call", "subject": "x", "status": "closed", "direction": "in", "starts_at": START.isoformat()}
    plan = {"kind": "task", "subject": "y", "due_at": (START + timedelta(days=9999)).isoformat()}
    for _ in range(2):
        with statements() as asked, unit_of_work(agent) as uow:
            with attempt(uow):  # What follows from it is kept here, and once more at the end.
                activities.add(uow, [one], call)
                later = activities.add(uow, [one], plan)
            assert not [said for said in asked if "count(" in said and "activity_customer" in said]
    perform(agent, activities.end, later, "closed")
    with unit_of_work(agent) as uow:
        with attempt(uow):
            moved = activities.add(uow, [one], plan | {"due_at": (START + timedelta(days=9)).isoformat()})
        activities.end(uow, moved, "cancelled")  # In the same breath, after it was counted.
    with unit_of_work(SYSTEM, reads=True) as uow:
        record = uow.session.get_one(Customer, one)
        assert {name: getattr(record, name) for name in FIGURES} == naive(uow.session, one)
        assert (record.contacts_total, record.next_step_at) == (2, START + timedelta(days=9999))


def test_the_links_of_an_activity_are_found_by_an_index(database):
    """Deleting one asks whether a link names it, and changing one moves its links: neither may read them all."""
    table = ActivityCustomer.__table__
    by_activity = [one for one in table.indexes if next(iter(one.columns)).name == "activity_id"]
    assert any(one.dialect_options[database]["where"] is None for one in by_activity)
    with db.engine().connect() as connection:
        assert "ix_activity_customer_activity_id" in {
            one["name"] for one in inspect(connection).get_indexes("activity_customer")
        }
