"""A profile as of a moment: at each, what it said then."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from c360.core.clock import today, utc_now
from c360.core.db import engine
from c360.core.errors import NotFound
from c360.models.address import Address
from c360.models.journal import ChangeSet
from c360.services import asof, records, undo
from c360.services.merging import planning
from c360.services.merging.shapes import Choices
from c360.services.uow import ask, perform, unit_of_work
from tests.conftest import statements

WORDS = ("Zoë", "山田", "שלום", "O'Brien", "🚀", "x" * 200, "")


def at_last():
    """Return the moment of the last change."""
    with Session(engine()) as session:
        return session.exec(select(ChangeSet.at).order_by(col(ChangeSet.seq).desc()).limit(1)).one()


def told(actor, key, record_id, moment=None):
    """Return everything a profile says as of a moment, in no particular order."""
    found = ask(actor, asof.as_of, key, record_id, moment or utc_now())
    shelves = {
        one.label: sorted(str([(said.label, said.text) for said in item.fields]) for item in one.rows)
        for one in found.shelves
    }
    return found.name, sorted((said.label, said.text) for said in found.facts), shelves


@pytest.mark.feature("BEY-24")
def test_at_each_moment_the_profile_says_what_it_said(admin, make_as):
    pick = random.Random(1)
    people = [make_as(admin, "contact", family_name=f"König {n}") for n in range(2)]
    tag, moments, merges = make_as(admin, "tag", name="VIP"), [], []

    def edit(one):
        with unit_of_work(admin) as uow:
            media = pick.choice(("email", "post", ""))
            values = {"job_title": pick.choice(WORDS), "notes": pick.choice(WORDS), "forbidden_media": media}
            records.update(uow, "contact", one, values)

    def add(one):
        make_as(admin, "address", {"customer_id": one}, role="other", street=pick.choice(WORDS) or "Weg", city="Ulm")
        make_as(admin, "communication", {"customer_id": one}, family="email", value=f"{pick.random()}@example.com")

    def label(one):
        make_as(admin, "tagging", {"customer_id": one, "tag_id": tag})

    def archive(one):
        with unit_of_work(admin) as uow:
            rows = uow.session.exec(select(Address.id).where(Address.customer_id == one)).all()
            records.archive(uow, "address", pick.choice(rows))

    def merge(one):
        merges.append(perform(admin, planning.merge, people, Choices(one)).set_id)

    def part(_):
        perform(admin, undo.undo, merges.pop())

    for step in (edit, add, label, merge, edit, part, archive):
        step(people[0])
        moments.append((at_last(), {one: told(admin, "contact", one) for one in people}))
    assert len(moments) == 7
    for moment, then in moments:
        for one in people:
            assert told(admin, "contact", one, moment) == then[one], (moment, one)


@pytest.mark.feature("BEY-24", "R12")
def test_it_shows_nobody_more_than_he_may_see_today(admin, agent, stranger, make_as, make_user):
    contact = make_as(agent, "contact", family_name="King", birth_date="1980-02-01", notes="geheim")
    first = at_last()
    with unit_of_work(agent) as uow:
        records.update(uow, "contact", contact, {"family_name": "Königin", "birth_date": "", "notes": ""})
    name, facts, _ = told(agent, "contact", contact, first)
    assert (name, ("Birth date", "Feb 1, 1980") in facts) == ("King", True)
    assert told(agent, "contact", contact)[0] == "Königin"
    with pytest.raises(NotFound):
        told(stranger, "contact", contact, first)
    with pytest.raises(NotFound, match="did not exist"):
        ask(agent, asof.on, "contact", contact, today() - timedelta(days=1))
    assert ask(agent, asof.on, "contact", contact, today()).name == "Königin"
    hidden = replace(agent, hidden=frozenset({"contact.birth_date", "contact.notes"}))
    assert "1980" not in repr(told(hidden, "contact", contact, first))
    assert "geheim" not in repr(told(hidden, "contact", contact, first))


@pytest.mark.feature("BEY-24")
def test_it_says_when_the_journal_no_longer_knows(agent, make_as):
    contact = make_as(agent, "contact", family_name="King", job_title="Ärztin")
    first = at_last()
    with unit_of_work(agent) as uow:
        records.update(uow, "contact", contact, {"job_title": "Chefin"})
    assert not ask(agent, asof.as_of, "contact", contact, first).emptied
    with engine().begin() as connection:
        connection.exec_driver_sql("UPDATE change_row SET before = NULL, after = NULL, salt = NULL")
    assert ask(agent, asof.as_of, "contact", contact, first).emptied


def test_it_reads_no_more_of_the_journal_than_it_tells(agent, make_as):
    contact = make_as(agent, "contact", family_name="King", notes="x" * 500)
    with statements() as sent:
        told(agent, "contact", contact)
    read = [one.replace('"', "") for one in sent if "FROM change_row" in one]
    assert any("change_row.before" in one for one in read)
    assert not any("change_row.after" in one or "change_row.digest" in one for one in read)
