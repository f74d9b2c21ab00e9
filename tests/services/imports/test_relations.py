"""Importing relations: worded from either side, refused where a form refuses, known again, undone."""

import csv
import io
from datetime import date
from uuid import UUID

import pytest
from sqlmodel import select

from c360.models.customer import Customer
from c360.models.relationship import Relation, RelationType
from c360.services.imports import direct, running
from c360.services.uow import unit_of_work
from tests.conftest import actor_of


@pytest.fixture
def load(tmp_path):
    def loader(actor, rows, **how):
        out = io.StringIO()
        csv.writer(out).writerows([["Von", "Beziehung", "Zu", "Seit", "Notiz"], *rows])
        path = tmp_path / "ties.csv"
        path.write_text(out.getvalue(), "utf-8", newline="")
        told = direct.run_file(actor, path, "relation", **how)
        return [told[v] for v in running.VERDICTS], told

    return loader


def ties(actor):
    """Return every relation as names and a wording."""
    with unit_of_work(actor, reads=True) as uow:
        names = {row.id: row.name for row in uow.session.exec(select(Customer))}
        kinds = {row.id: row.name for row in uow.session.exec(select(RelationType))}
        rows = uow.session.exec(select(Relation).where(Relation.archived_at == None)).all()  # noqa: E711
    return {(names[r.from_id], kinds[r.type_id], names[r.to_id], r.since_on, r.note) for r in rows}


@pytest.mark.feature("REL-1", "REL-4", "REL-5", "IMP-3", "IMP-5", "B-REL-1")
def test_relations_are_imported_known_again_and_undone(agent, stranger, make_user, make_as, load):
    make_user("Mia", team="North")
    mate = actor_of(make_user("Max", team="North").user_id)
    agent = actor_of(agent.user_id)
    for name in ("Zoë", "王", "عمر 😀"):
        make_as(agent, "contact", family_name=name)
    for name in ("Mate", "Mate Two"):
        make_as(mate, "contact", family_name=name)
    make_as(stranger, "contact", family_name="Far")
    rows = [
        ["Zoë", "leads", "王", "01.02.2020", "長" * 500],
        ["عمر 😀", "reports to", "王", "", ""],
        ["Mate", "is a friend of", "Zoë", "", ""],
        ["عمر 😀", "leads", "Zoë", "", ""],
        ["Zoë", "is a friend of", "Zoë", "", ""],
        ["Zoë", "is a fan of", "王", "", ""],
        ["Zoë", "is a friend of", "Far", "", ""],
        ["Mate", "is a friend of", "Mate Two", "", ""],
        ["Zoë", "is a friend of", "", "", ""],
        ["Zoë", "is a friend of", "王", "31.31.2020", ""],
        ["Zoë", "is a friend of", "Mate", "", ""],
    ]
    dry, _ = load(agent, rows, dry_run=True)
    assert (dry, ties(agent)) == ([3, 0, 0, 1, 7], set())
    counts, told = load(agent, rows)
    assert counts == dry
    assert [[(r["column"], r["key"]) for r in p["reasons"]] for p in told["problems"]] == [
        [("Zu", "relation.circle")], [("Zu", "relation.itself")], [("Beziehung", "import.relation.unknown")],
        [("Zu", "import.customer.unknown")], [("Von", "import.customer.far"), ("Zu", "import.customer.far")],
        [("Zu", "error.required")], [("Seit", "kind.date.bad")],
    ]  # fmt: skip
    friends = ("Mate", "is a friend of", "Zoë", None, None)
    below = ("王", "leads", "عمر 😀", None, None)
    assert ties(agent) == {("Zoë", "leads", "王", date(2020, 2, 1), "長" * 500), below, friends}
    again = [["Zoë", "leads", "王", "01.02.2020", "new"], ["Zoë", "is a friend of", "Mate", "05.05.2021", ""], rows[1]]
    assert load(agent, again)[0] == [0, 0, 0, 3, 0]
    counts, changed = load(agent, again, on_match="overwrite")
    assert counts == [0, 2, 1, 0, 0]
    assert {(note, since) for *_, since, note in ties(agent)} == {
        ("new", date(2020, 2, 1)), (None, None), (None, date(2021, 5, 5))
    }  # fmt: skip
    direct.undo(agent, UUID(changed["batch"]))
    assert friends in ties(agent)
    direct.undo(agent, UUID(told["batch"]))
    assert ties(agent) == set()
