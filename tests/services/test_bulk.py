"""Changes of many records at once: previewed, done row by row with reasons, undone like any other."""

import pytest
from sqlmodel import Session, col, select

from c360.core.db import engine
from c360.core.errors import Forbidden, Invalid, NotFound
from c360.models.choice import Choice
from c360.models.customer import Customer
from c360.models.job import Job
from c360.models.journal import ChangeSet
from c360.models.tag import Tag, Tagging
from c360.models.view import Folder, FolderMember
from c360.services import bulk, listing, undo
from c360.services.uow import ask, perform, unit_of_work
from tests.conftest import actor_of
from tests.services.test_undo import everything, filled, is_sound, last_set
from tests.services.test_undo import work as undo_all


def some(*ids):
    return {"mode": "ids", "ids": [str(i) for i in ids]}


def all_but(*ids, key="contact", **query):
    return {"mode": "all", "ids": [str(i) for i in ids], "query": {"entity": key, **query}}


def choice(pick_list, name):
    with Session(engine()) as session:
        return str(session.exec(select(Choice.id).where(Choice.pick_list == pick_list, Choice.name == name)).one())


def work(actor, job_id):
    for _ in range(100):
        with unit_of_work(actor, cause_id=job_id) as uow:
            job = uow.session.get(Job, job_id)
            uow.session.add(job)
            if not bulk.step(uow, job):
                return dict(job.result)
    raise AssertionError("it never ends")


@pytest.fixture
def people(agent, make_as):
    return [make_as(agent, "contact", family_name=n) for n in ("Ärger", "山田", "O'Neil", "مريم")]


@pytest.mark.feature("LST-14", "BEY-4", "B-LST-5")
@pytest.mark.parametrize("field", ["status_id", "job_title"])
def test_an_edit_of_many_is_previewed_done_and_undone(agent, people, field):
    value = choice("status", "Dormant") if field == "status_id" else "Chief 頭"
    change = {"kind": "edit", "values": {field: value, "notes": "Bulk"}}
    before = everything()
    shown = perform(agent, bulk.preview, "contact", some(*people), change)
    assert (shown.total, shown.allowed, shown.refused) == (4, 4, [])
    assert len(shown.samples) == 4
    lines = {line[0]: line[1:] for line in shown.samples[0].changes}
    assert lines["Notes"] == ("", "Bulk")
    assert lines.get("Status", lines.get("Job title"))[1] in ("Dormant", "Chief 頭")
    assert everything() == before
    outcome = perform(agent, bulk.apply, "contact", some(*people), change)
    assert (outcome.done, outcome.failed, outcome.act_id) == (4, [], last_set().id)
    with unit_of_work(agent, reads=True) as uow:
        assert {str(getattr(uow.get("contact", i), field)) for i in people} == {value}
    assert perform(agent, undo.undo, outcome.act_id).conflicts == []
    assert everything() == before
    assert is_sound()


@pytest.mark.feature("LST-14", "R13", "SEC-1")
def test_rows_out_of_reach_are_refused_by_name_and_the_others_changed(agent, make_user, make_as, people, stranger):
    mate = make_user("Max Mate", team="North")
    theirs = make_as(mate, "contact", family_name="Mate's")
    unseen = make_as(stranger, "contact", family_name="Unseen")
    agent = actor_of(agent.user_id)
    change = {"kind": "edit", "values": {"notes": "Mine"}}
    shown = perform(agent, bulk.preview, "contact", some(*people, theirs, unseen), change)
    assert (shown.total, shown.allowed) == (5, 4)
    assert [(i, label) for i, label, _ in shown.refused] == [(str(theirs), "Mate's")]
    outcome = perform(agent, bulk.apply, "contact", some(*people, theirs, unseen), change)
    assert (outcome.done, outcome.total) == (4, 5)
    assert [(label, bool(why)) for _, label, why in outcome.failed] == [("Mate's", True)]
    with Session(engine()) as session:
        assert session.get(Customer, theirs).notes is None
        assert session.get(Customer, unseen).notes is None


@pytest.mark.feature("SEC-4", "R14")
def test_a_locked_field_and_what_no_form_sets_are_refused(agent, people):
    from dataclasses import replace

    locked = replace(agent, locked=frozenset({"contact.notes"}))
    for values in ({"notes": "x"}, {"version": "9"}, {"merged_into_id": str(people[0])}, {}):
        with pytest.raises(Invalid):
            perform(locked, bulk.apply, "contact", some(*people), {"kind": "edit", "values": values})
    with pytest.raises(Invalid):
        perform(agent, bulk.apply, "contact", some(*people), {"kind": "vanish"})
    wrong = {"kind": "edit", "values": {"status_id": choice("segment", "Standard")}}
    with pytest.raises(Invalid):
        perform(agent, bulk.apply, "contact", some(*people), wrong)


@pytest.mark.feature("LST-14")
def test_a_row_the_rules_refuse_is_named_and_the_others_are_changed(agent, make_as):
    parent = make_as(agent, "account", name="Holding")
    child = make_as(agent, "account", name="Tochter GmbH")
    change = {"kind": "edit", "values": {"parent_id": str(parent)}}
    outcome = perform(agent, bulk.apply, "account", some(parent, child), change)
    assert outcome.done == 1
    assert [(i, label) for i, label, _ in outcome.failed] == [(str(parent), "Holding")]
    with unit_of_work(agent, reads=True) as uow:
        assert uow.get("account", parent).version == 1
        assert uow.get("account", child).parent_id == parent
    assert last_set().rows == 1
    assert is_sound()


@pytest.mark.feature("LST-14", "REC-28")
def test_records_are_inactivated_with_a_reason_found_when_asked_and_activated_again(agent, people):
    change = {"kind": "inactivate", "reason_id": choice("inactive_reason", "Moved away"), "note": "gone to Ωmega"}
    with pytest.raises(Invalid):
        perform(agent, bulk.apply, "contact", some(*people), {**change, "reason_id": choice("segment", "Standard")})
    perform(agent, bulk.apply, "contact", some(*people[:2]), change)
    query = listing.from_json({"entity": "contact"})
    assert ask(agent, listing.count, query).total == 2
    found = listing.from_json({"entity": "contact", "include_inactive": True})
    assert ask(agent, listing.count, found).total == 4
    with unit_of_work(agent, reads=True) as uow:
        assert uow.get("contact", people[0]).inactive_note == "gone to Ωmega"
    perform(agent, bulk.apply, "contact", some(*people), {"kind": "activate"})
    assert ask(agent, listing.count, query).total == 4
    assert last_set().rows == 2


@pytest.mark.feature("LST-11", "LST-12", "LST-14")
def test_tags_are_put_on_once_and_taken_off_and_private_ones_are_nobody_elses(agent, admin, people):
    with unit_of_work(agent) as uow:
        tag = uow.add(Tag(name="VIP ★", owner_id=agent.user_id)).id
    put = {"kind": "tag", "tag_ids": [str(tag)]}
    before = everything()
    with pytest.raises(NotFound):
        perform(admin, bulk.apply, "contact", some(*people), put)
    perform(agent, bulk.apply, "contact", some(people[0]), put)
    outcome = perform(agent, bulk.apply, "contact", some(*people), put)
    assert (outcome.done, last_set().rows) == (4, 3)
    perform(agent, undo.undo, outcome.act_id)
    with Session(engine()) as session:
        assert session.exec(select(Tagging.customer_id)).all() == [people[0]]
    off = perform(agent, bulk.apply, "contact", some(*people), {"kind": "untag", "tag_ids": [str(tag)]})
    with Session(engine()) as session:
        assert session.exec(select(Tagging.id).where(col(Tagging.archived_at).is_(None))).all() == []
    perform(agent, undo.undo, off.act_id)
    with Session(engine()) as session:
        assert session.exec(select(Tagging.customer_id).where(col(Tagging.archived_at).is_(None))).one() == people[0]
    assert everything()["customer"] == before["customer"]


@pytest.mark.feature("LST-14", "LST-8")
def test_records_go_on_a_static_folder_and_off_it(agent, stranger, people):
    with unit_of_work(agent) as uow:
        folder = uow.add(Folder(entity="contact", name="Messe", mode="static", owner_id=agent.user_id)).id
        rule = uow.add(Folder(entity="contact", name="Regel", mode="dynamic", owner_id=agent.user_id)).id
    add = {"kind": "add_to_folder", "folder_id": str(folder)}
    perform(agent, bulk.apply, "contact", all_but(people[0]), add)
    inside = listing.from_json({"entity": "contact", "folder": str(folder)})
    assert ask(agent, listing.count, inside).total == 3
    perform(agent, bulk.apply, "contact", some(people[1]), {**add, "kind": "remove_from_folder"})
    assert ask(agent, listing.count, inside).total == 2
    with pytest.raises(Invalid):
        perform(agent, bulk.apply, "contact", some(*people), {**add, "folder_id": str(rule)})
    with pytest.raises(NotFound):
        perform(stranger, bulk.apply, "contact", some(*people), add)
    with Session(engine()) as session:
        assert len(session.exec(select(FolderMember.id)).all()) == 3


@pytest.mark.feature("LST-14", "SEC-3")
def test_records_are_assigned_by_those_who_may(agent, make_user, people):
    lead, mate = make_user("Lea Lead", "manager", team="North"), make_user("Max Mate", team="North")
    change = {"kind": "assign", "owner_id": str(mate.user_id)}
    outcome = perform(agent, bulk.apply, "contact", some(*people), change)
    assert (outcome.done, len(outcome.failed), outcome.act_id) == (0, 4, None)
    assert perform(lead, bulk.apply, "contact", some(*people), change).done == 4
    with pytest.raises(Invalid):
        perform(lead, bulk.apply, "contact", some(*people), {**change, "owner_id": str(people[0])})
    with unit_of_work(mate, reads=True) as uow:
        assert {uow.get("contact", i).owner_id for i in people} == {mate.user_id}


@pytest.mark.feature("LST-14", "BEY-4")
def test_many_rows_become_a_job_whose_work_is_undone_as_one(admin, database):
    filled(admin, 2_500)
    before = everything()
    status = choice("status", "Lost")
    query = {"criteria": {"field": "status_id", "op": "is_not", "value": status}}
    with unit_of_work(admin, reads=True) as uow:
        spared = uow.session.exec(select(Customer.id).limit(1)).one()
    change = {"kind": "edit", "values": {"status_id": status}}
    outcome = perform(admin, bulk.apply, "contact", all_but(spared, **query), change)
    assert (outcome.done, outcome.total, outcome.job_id) == (0, 2_499, outcome.act_id)
    result = work(admin, outcome.job_id)
    assert (result["done"], result["failed"]) == (2_499, 0)
    with Session(engine()) as session:
        assert len(session.exec(select(ChangeSet.id).where(ChangeSet.cause_id == outcome.job_id)).all()) == 3
    done = undo_all(perform(admin, undo.begin, outcome.act_id), admin)
    assert (done.result["restored"], done.result["kept"]) == (2_499, 0)
    assert everything() == before
    assert is_sound()


def test_an_empty_selection_changes_nothing(agent, people):
    before = last_set().id
    outcome = perform(agent, bulk.apply, "contact", some(), {"kind": "archive"})
    assert (outcome.done, outcome.total, outcome.act_id) == (0, 0, None)
    assert perform(agent, bulk.preview, "contact", some(), {"kind": "archive"}).samples == []
    for bad in (None, {}, {"mode": "ids", "ids": ["x"]}, {"mode": "all", "query": {"criteria": {"of": 3}}}):
        with pytest.raises((Invalid, Forbidden)):
            perform(agent, bulk.apply, "contact", bad, {"kind": "archive"})
    assert before
