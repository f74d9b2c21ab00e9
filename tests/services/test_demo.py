"""The demo comes quickly, is labelled, and goes without a trace."""

from io import BytesIO

import pytest
from sqlmodel import Session, SQLModel, func, select

from c360.core import db
from c360.core.errors import Conflict, Forbidden
from c360.jobs.run import run
from c360.models.customer import Customer
from c360.models.duplicate import DuplicatePair
from c360.models.job import Job
from c360.models.journal import ChangeRow
from c360.models.relationship import Relation
from c360.models.search import SearchDocument
from c360.models.tag import Tag
from c360.models.user import User
from c360.services import (
    activities,
    attachments,
    consents,
    demo,
    demo_jobs,
    demo_people,
    files,
    queue,
    store,
    verify,
)
from c360.services.consents import purposes
from c360.services.duplicates import asking
from c360.services.merging import planning
from c360.services.merging.shapes import Choices
from c360.services.relationships import structure
from c360.services.uow import ask, mark, perform, unit_of_work

LASTING = {"change_set", "change_row", "access_log", "job", "notification"}


def counts() -> dict[str, int]:
    with Session(db.engine()) as session:
        return {
            name: session.exec(select(func.count()).select_from(table)).one()
            for name, table in SQLModel.metadata.tables.items()
            if name not in LASTING
        }


class CutOff(Exception):
    """Stands for a kill."""


def _cut_off(*_):
    raise CutOff


@pytest.mark.feature("BEY-8")
def test_the_demo_comes_whole_and_goes_without_a_trace(admin, make_as, monkeypatch):
    mine = make_as(admin, "contact", given_name="Mine", family_name="Own", email="mine@example.com")
    before = counts()
    seen = []
    monkeypatch.setattr(demo_jobs, "mark", lambda *asked: (mark(*asked), seen.append(far(job))))
    job = perform(admin, demo_jobs.begin, demo_jobs.LOAD)
    assert perform(admin, demo_jobs.begin, demo_jobs.LOAD) == job
    assert ask(admin, demo_jobs.now) == demo_jobs.Now(False, job, demo_jobs.LOAD)
    with monkeypatch.context() as broken:
        broken.setattr(demo_people, "people", _cut_off)
        with pytest.raises(CutOff):
            demo.load()
    assert run(job) == "done"
    assert len(seen) >= 5
    assert seen == sorted(seen)
    assert seen[-1] == 1
    with pytest.raises(Conflict):
        perform(admin, demo_jobs.begin, demo_jobs.LOAD)
    with unit_of_work(admin, reads=True) as uow:
        n = uow.session.exec(select(func.count()).where(Customer.is_demo)).one()
        assert n >= 1_900
        assert len(demo.groups(uow)) == 40
        assert uow.session.exec(select(func.count()).select_from(SearchDocument)).one() == n + 1
        assert uow.session.exec(select(func.count()).select_from(Relation)).one() > 200
        top = uow.session.exec(select(Customer.parent_id).where(Customer.parent_id.is_not(None))).first()
        assert len(structure.whole(uow, top).nodes) == 6
        allowed = consents.contactable(purposes.promotion(uow), "email")
        assert 300 < len(uow.session.exec(select(Customer.id).where(allowed)).all()) < 900
        employer = uow.session.exec(select(Customer).where(Customer.name == "Alfreds Futterkiste")).one()
        searches = uow.session.exec(select(Job.id).where(Job.kind == asking.KIND)).all()
    assert {run(search) for search in searches} == {"done"}
    with unit_of_work(admin, reads=True) as uow:
        pair = uow.session.exec(select(DuplicatePair).order_by(DuplicatePair.score.desc())).first()
    perform(admin, planning.merge, [pair.left_id, pair.right_id], Choices(pair.left_id, {}))
    with unit_of_work(admin) as uow:
        uow.get("contact", mine).employer_id = employer.id
    job = perform(admin, demo_jobs.begin, demo_jobs.REMOVE)
    assert run(job) == "done"
    assert ask(admin, queue.progress, job).result == {"customers": n, "freed": 1, "href": "/"}
    after = counts()
    assert {name: (before[name], after[name]) for name in before if before[name] != after[name]} == {}
    with unit_of_work(admin, reads=True) as uow:
        assert uow.get("contact", mine).employer_id is None
        assert not uow.session.exec(select(Tag)).all()
        assert not uow.session.exec(select(User).where(User.login.like("%northwind.example"))).all()
        kept = [row for row in uow.session.exec(select(ChangeRow)) if "Futterkiste" in str(row.after)]
        assert kept == []
        assert not verify.verify(uow.session).broken
    assert ask(admin, demo_jobs.now) == demo_jobs.Now(False)
    with pytest.raises(Conflict):
        perform(admin, demo_jobs.begin, demo_jobs.REMOVE)


@pytest.mark.feature("BEY-8")
def test_what_a_load_that_was_cut_off_left_goes_and_the_demo_may_come_again(admin, monkeypatch):
    before = counts()
    monkeypatch.setattr(demo_people, "people", _cut_off)
    with pytest.raises(CutOff):
        demo.load()
    assert counts()["customer"] > before["customer"]
    assert ask(admin, demo_jobs.now) == demo_jobs.Now(True)
    with pytest.raises(Conflict):
        perform(admin, demo_jobs.begin, demo_jobs.LOAD)
    job = perform(admin, demo_jobs.begin, demo_jobs.REMOVE)
    assert run(job) == "done"
    assert counts() == before
    assert ask(admin, demo_jobs.now) == demo_jobs.Now(False)
    assert perform(admin, demo_jobs.begin, demo_jobs.LOAD)


@pytest.mark.feature("BEY-8")
def test_the_demo_goes_with_the_files_people_hung_on_it(admin, make_as, monkeypatch, tmp_path):
    monkeypatch.setattr(store, "folder", lambda: tmp_path)
    mine = make_as(admin, "contact", given_name="Mine", family_name="Own")
    before = counts()
    monkeypatch.setattr(demo_people, "people", _cut_off)
    with pytest.raises(CutOff):
        demo.load()
    with unit_of_work(admin, reads=True) as uow:
        theirs = uow.session.exec(select(Customer.id).where(Customer.is_demo)).first()
    kept, gone = (
        perform(admin, activities.add, who, {"kind": "meeting", "subject": "Tasting", "status": "closed"})
        for who in ([theirs, mine], [theirs])
    )
    for key, record in (("customer", theirs), ("activity", gone), ("activity", kept)):
        attach(admin, key, record, f"Geheim {record}.txt")
    demo.remove()
    after = counts()
    left = {"activity": 1, "activity_customer": 1, "attachment": 1, "stored_file": 1}
    assert {name: after[name] - before[name] for name in before if before[name] != after[name]} == left
    assert [one.name for one in ask(admin, attachments.listed, "activity", kept).documents] == [f"Geheim {kept}.txt"]
    with unit_of_work(admin, reads=True) as uow:
        told = [str(row.after) for row in uow.session.exec(select(ChangeRow))]
        assert {str(kept)} == {str(one) for one in (kept, gone, theirs) if any(f"Geheim {one}" in row for row in told)}


def attach(actor, key, record, name):
    perform(actor, attachments.attach, key, record, files.receive(name, BytesIO(name.encode())))


def far(job_id) -> float:
    with Session(db.engine()) as session:
        job = session.get_one(Job, job_id)
        return job.done / job.total


@pytest.mark.feature("BEY-8", "R12", "R13")
def test_only_who_keeps_the_settings_has_the_demo_loaded_or_removed(agent, make_user):
    for someone in (agent, make_user("Mia Manager", "manager"), make_user("Dora", "data_protection_officer")):
        for kind in (demo_jobs.LOAD, demo_jobs.REMOVE):
            with pytest.raises(Forbidden):
                perform(someone, demo_jobs.begin, kind)
            # Whoever lost the right meanwhile, or smuggled the job in: the worker asks again.
            job = perform(someone, queue.enqueue, kind)
            assert run(job) == "failed"
    assert not ask(agent, demo.is_loaded)
