"""Merges as other programs follow them: one event, and one cause for every row it changed."""

import json
from uuid import UUID

import pytest
from sqlmodel import Session, select
from typer.testing import CliRunner

from c360.cli.app import app
from c360.core.db import engine
from c360.core.errors import Forbidden
from c360.models.customer import Customer
from c360.models.journal import ChangeRow, ChangeSet
from c360.services import events, records, undo
from c360.services.merging import planning
from c360.services.merging.shapes import Choices
from c360.services.uow import ask, perform, unit_of_work

RUN = CliRunner()


def after(actor, *args, **named):
    return ask(actor, lambda uow: list(events.after(uow, *args, **named)))


@pytest.mark.feature("B-MRG-18", "BEY-3")
def test_a_merge_is_one_event_and_every_row_it_changed_has_its_cause(admin, agent, make_as):
    a, b, c = (make_as(admin, "contact", family_name=name, email=f"{name}@example.com") for name in ("Ax", "Bx", "Cx"))
    make_as(admin, "address", {"customer_id": b}, role="main", street="Gasse 2", city="Köln")
    before = after(admin)[-1].seq
    plan = perform(admin, planning.plan, [a, b, c], Choices(a))
    assert after(admin, before) == [], "a plan is no event"
    done = perform(admin, planning.commit, [a, b, c], Choices(a), plan.fingerprint)
    told = after(admin, before)
    first, rows = told[0], told[1:]
    assert (first.kind, first.payload) == (
        "customer.merged", {"survivor": str(a), "losers": [str(b), str(c)], "change_set": str(done.set_id)}
    )  # fmt: skip
    assert {one.cause for one in told} == {first.cause}
    assert {(one.kind, one.payload["id"]) for one in rows} >= {
        ("contact.updated", str(a)), ("contact.updated", str(b)), ("contact.updated", str(c))
    }  # fmt: skip
    assert "address.updated" in {one.kind for one in rows}
    with Session(engine()) as session:
        stored = session.exec(select(ChangeRow.record_id).where(ChangeRow.set_id == done.set_id)).all()
        assert session.get_one(ChangeSet, done.set_id).cause_id == first.cause
    assert sorted(one.payload["id"] for one in rows) == sorted(map(str, stored))
    assert after(admin, before, kind="customer.merged") == [first]
    assert after(admin, told[-1].seq) == []
    outcome = perform(admin, undo.undo, done.set_id)
    back = after(admin, told[-1].seq)
    assert (back[0].kind, back[0].payload["change_set"]) == ("customer.unmerged", str(outcome.set_id))
    assert len({one.cause for one in back}) == 1
    assert "Ax" not in repr(told + back), "an event names nobody"
    with pytest.raises(Forbidden):
        after(agent)


@pytest.mark.feature("BEY-3")
def test_a_page_of_one_kind_is_full_while_more_of_it_follow(admin, make_as):
    start = after(admin)[-1].seq
    for n in range(4):
        make_as(admin, "contact", family_name=f"Name {n}")
        make_as(admin, "account", name=f"Firma {n}")
    seen, last = [], start
    while page := after(admin, last, kind="account.created", limit=3):
        seen.append(len(page))
        last = page[-1].seq
    assert seen == [3, 1]
    assert {one.kind for one in after(admin, start, limit=2)} == {"contact.created", "account.created"}
    assert after(admin, start, kind="account.deleted") == after(admin, start, kind="nothing") == []


@pytest.mark.feature("B-MRG-14", "B-MRG-18", "BEY-3")
def test_the_command_line_follows_events_and_old_ids(admin, make_as):
    with unit_of_work(admin) as uow:
        who = ("--as", uow.session.get(records.entity_for("user").model, admin.user_id).login)
    a, b, c, d = (make_as(admin, "contact", family_name=name) for name in ("Ax", "Bx", "Cx", "Dx"))
    perform(admin, planning.merge, [a, b], Choices(a))
    perform(admin, planning.merge, [c, a], Choices(c))
    # b was merged into a, a into c: b names c in one step.
    done = RUN.invoke(app, ["merge", str(b), str(d), "--json", *who])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["survivor_id"] == str(c)
    assert str(c) in done.stderr
    with Session(engine()) as session:
        assert session.get_one(Customer, d).merged_into_id == c
    again = RUN.invoke(app, ["merge", str(c), str(b), *who])
    assert again.exit_code == 1, "nobody is merged with himself"
    told = RUN.invoke(app, ["journal", "events", "--kind", "customer.merged", "--json", *who])
    merges = json.loads(told.stdout)
    assert [one["payload"]["survivor"] for one in merges] == [str(a), str(c), str(c)]
    assert all(UUID(one["cause"]) for one in merges)
    listed = RUN.invoke(app, ["journal", "events", "--after", str(merges[1]["seq"]), *who])
    assert "customer.merged" in listed.stdout
    assert "contact.updated" in listed.stdout
