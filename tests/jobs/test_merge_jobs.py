"""A merge of very many rows as a job: planned, done once whatever happens to the worker, or refused as a whole."""

import json
from uuid import UUID

import pytest
from sqlmodel import Session, col, func, select

from c360.core.actor import SYSTEM
from c360.core.db import engine
from c360.core.errors import Conflict, Forbidden, NotFound
from c360.jobs.run import run
from c360.models.customer import Customer
from c360.models.job import Job
from c360.models.journal import MERGED, ChangeSet
from c360.models.merge_request import MergeRequest, MergeRequestSide
from c360.services import administration, notifications, queue, records, undo
from c360.services.merging import planning, queued, requests
from c360.services.merging.queued import Queued
from c360.services.merging.requests import Requested
from c360.services.merging.shapes import Choices, Merged, Unanswered
from c360.services.privacy import erasing
from c360.services.uow import ask, perform, unit_of_work
from tests.services.merging.test_graph import killed

TYPED = "Köchin 料理人 🍜"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """Nobody waits for more than three rows here."""
    monkeypatch.setattr(queue, "WAITED_FOR", 3)


@pytest.fixture
def pair(admin, make_as):
    made = [make_as(admin, "contact", given_name="Zoë", family_name=name) for name in ("Müller", "Mueller 山")]
    for number in range(4):
        make_as(admin, "communication", {"customer_id": made[1]}, family="email", value=f"zoe{number}@example.com")
    return made


def submit(actor, ids, **chosen):
    choices = Choices(ids[0], **chosen)
    plan = perform(actor, planning.plan, ids, choices)
    return perform(actor, queued.submit, ids, choices, plan.fingerprint, plan.rows)


def count(model):
    with Session(engine()) as session:
        return session.exec(select(func.count()).select_from(model)).one()


def one(model, record_id):
    with Session(engine()) as session:
        return session.get_one(model, record_id)


def merges():
    with Session(engine()) as session:
        return session.exec(select(ChangeSet).where(col(ChangeSet.action).in_(MERGED))).all()


def notice(actor):
    told, *_ = ask(actor, notifications.mine)
    return told.text, told.href


def nothing_left():
    return count(MergeRequest) == count(MergeRequestSide) == 0


@pytest.mark.feature("B-MRG-19", "B-MRG-12")
def test_many_rows_are_merged_by_a_job_and_few_at_once(admin, make_as, pair):
    few = [make_as(admin, "account", name=name) for name in ("Ax", "Bx")]
    assert isinstance(submit(admin, few), Merged)
    waits = submit(admin, pair, fields={"notes": f"typed:{TYPED}"})
    assert isinstance(waits, Queued)
    assert one(Customer, pair[1]).merged_into_id is None
    job = one(Job, waits.job_id)
    assert job.arguments.keys() == {"rows"}, "what was typed is personal, what a job is told is not"
    assert TYPED in json.dumps(one(MergeRequest, waits.job_id).choices, ensure_ascii=False)
    assert ask(admin, requests.listed) == []
    with pytest.raises(Conflict, match="under way"):
        submit(admin, pair)
    assert run(waits.job_id) == "done"
    told = ask(admin, queue.progress, waits.job_id)
    assert (told.done, told.total) == (job.arguments["rows"],) * 2
    left = one(Customer, pair[0])
    assert (one(Customer, pair[1]).merged_into_id, left.notes) == (pair[0], TYPED)
    assert notice(admin) == ("The merge you started is done.", f"/contact/{pair[0]}/summary")
    assert TYPED not in json.dumps(told.result, ensure_ascii=False)
    assert nothing_left()
    made = one(ChangeSet, UUID(told.result["set"]))
    assert (made.actor_id, made.cause_id, made.rows) == (admin.user_id, waits.job_id, told.total)
    perform(admin, undo.undo, made.id)
    assert one(Customer, pair[1]).merged_into_id is None


@pytest.mark.feature("B-MRG-12", "B-MRG-19")
def test_a_plan_that_no_longer_holds_is_refused_whole_and_told(admin, pair):
    waits = submit(admin, pair)
    with unit_of_work(admin) as uow:
        records.update(uow, "contact", pair[1], {"job_title": "Ärztin"})
    assert run(waits.job_id) == "failed"
    text, href = notice(admin)
    assert text.startswith("Something changed since the plan: the merge you started was not done.")
    assert href == "/merge?ids=" + ",".join(map(str, pair))
    told = ask(admin, queue.progress, waits.job_id)
    assert (told.error, told.done) == (text, 0)
    assert "Ada" not in f"{told.error} {told.result}", "a job tells nobody's name"
    assert (merges(), nothing_left()) == ([], True)
    assert isinstance(submit(admin, pair), Queued), "the way is free again"


@pytest.mark.feature("B-MRG-17", "B-MRG-19")
def test_rights_and_doubts_count_when_it_is_asked_for_and_when_it_is_done(admin, make_as, pair):
    apart = [make_as(admin, "contact", family_name="X", birth_date=day) for day in ("1980-01-01", "1990-01-01")]
    with pytest.raises(Unanswered):
        submit(admin, apart)
    waits = submit(admin, pair)
    perform(admin, administration.change, "merging", {"contact": {"second_records": 2}})
    assert run(waits.job_id) == "failed"
    assert notice(admin)[0].startswith("The merge you started could not be done, nothing has changed.")
    assert (merges(), nothing_left()) == ([], True)
    assert isinstance(submit(admin, pair), Requested), "what takes two is asked for, however large it is"


@pytest.mark.feature("B-MRG-19")
def test_who_may_not_merge_any_more_has_nothing_merged(admin, make_user, make_as):
    manager = make_user("Jörg", "manager")
    pair = [make_as(manager, "contact", family_name=name) for name in ("Ax", "Bx")]
    for number in range(4):
        make_as(manager, "communication", {"customer_id": pair[1]}, family="email", value=f"b{number}@example.com")
    waits = submit(manager, pair)
    with pytest.raises((Forbidden, NotFound)):
        ask(make_user("Sue", "manager"), queue.progress, waits.job_id)
    with unit_of_work(admin) as uow:
        for one_id in pair:
            records.update(uow, "contact", one_id, {"owner_id": str(admin.user_id)})
    assert run(waits.job_id) == "failed"
    assert (merges(), nothing_left()) == ([], True)


@pytest.mark.feature("BEY-23", "B-MRG-19")
def test_a_worker_killed_before_any_write_leaves_no_half_merge_and_the_next_one_does_it_once(admin, pair):
    waits = submit(admin, pair)
    untouched, before = (None, 0, 1), 0
    for at in (2, 4, 6, 8, 10, 12):
        killed(lambda: run(waits.job_id), at)
        now = (one(Customer, pair[1]).merged_into_id, len(merges()), count(MergeRequest))
        assert now in (untouched, (pair[0], 1, 0)), "all of it or nothing"
        assert one(Job, waits.job_id).state == "running" or at == 2
        before += now == untouched
        if now != untouched:
            break
    assert before >= 4, "the merge itself was cut short"
    assert run(waits.job_id) == "done"
    assert one(Job, waits.job_id).state == "done"
    assert (len(merges()), nothing_left()) == (1, True)
    assert [told.text for told in ask(admin, notifications.mine)] == ["The merge you started is done."]
    assert run(waits.job_id) == "done"
    assert len(merges()) == 1


@pytest.mark.feature("B-MRG-19")
def test_choices_of_a_merge_nobody_will_do_are_forgotten(admin, pair):
    waits = submit(admin, pair, fields={"notes": f"typed:{TYPED}"})
    assert not ask(admin, queued.stray)
    perform(admin, queue.ask_cancel, waits.job_id)
    assert run(waits.job_id) == "cancelled"
    assert ask(admin, queued.stray)
    perform(admin, queued.sweep)
    assert nothing_left()
    assert one(Customer, pair[1]).merged_into_id is None


@pytest.mark.feature("B-MRG-19")
def test_an_erasure_takes_what_was_typed_and_the_merge_does_not_happen(admin, pair):
    waits = submit(admin, pair, fields={"notes": f"typed:{TYPED}"})
    perform(SYSTEM, erasing.erase, pair[1])
    assert nothing_left()
    assert run(waits.job_id) == "failed"
    assert merges() == []
