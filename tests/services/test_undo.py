"""Undo: what a change set changed gets its former values, and nothing anybody did since is overwritten."""

import time
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from c360.core.actor import SYSTEM
from c360.core.db import engine
from c360.core.errors import Conflict, NotFound
from c360.models.address import Address
from c360.models.choice import Choice
from c360.models.customer import Customer
from c360.models.job import Job
from c360.models.journal import ChangeRow, ChangeSet
from c360.models.search import SearchDocument
from c360.models.tag import Tag, Tagging
from c360.models.user import User
from c360.registry.entity import entity_for
from c360.services import mass, records, turning, undo, verify
from c360.services.uow import perform, unit_of_work
from tests.conftest import required

BOOKKEEPING = ("version", "updated_at", "updated_by_id")


def everything():
    """Return every row of the business tables as stored, bookkeeping aside."""
    found = {}
    with engine().connect() as connection:
        for model in (Customer, Address, Tag, Tagging, User, Choice):
            columns = [c for c in model.__table__.c if c.name not in BOOKKEEPING]
            found[model.__tablename__] = connection.execute(
                select(*columns).order_by(model.__table__.c.id)
            ).all()  # fmt: skip
        documents = select(SearchDocument.customer_id, SearchDocument.name, SearchDocument.email, SearchDocument.people)
        found["search"] = connection.execute(documents.order_by(SearchDocument.customer_id)).all()
    return found


def last_set():
    with Session(engine()) as session:
        return session.exec(select(ChangeSet).order_by(col(ChangeSet.seq).desc())).first()


def is_sound():
    with Session(engine()) as session:
        return verify.verify(session).ok


@pytest.mark.feature("BEY-4", "AUD-5")
def test_an_edit_is_undone_and_the_undo_too(agent, make_as):
    contact_id = make_as(agent, "contact", given_name="Zoë", family_name="Müller", email="zoe@example.com")
    first = everything()
    with unit_of_work(agent) as uow:
        records.update(uow, "contact", contact_id, {"family_name": "Ångström 山", "birth_date": "1999-12-31"})
    second = everything()
    assert second["search"] != first["search"]
    outcome = perform(agent, undo.undo, last_set().id)
    assert (outcome.restored, outcome.conflicts) == (1, [])
    assert everything() == first
    reversal = last_set()
    assert (reversal.id, reversal.action) == (outcome.set_id, "change.undone")
    perform(agent, undo.undo, reversal.id)
    assert everything() == second
    assert is_sound()


@pytest.mark.feature("BEY-4")
def test_what_was_made_goes_and_comes_back_with_all_it_held(agent, make_as):
    before = everything()
    with unit_of_work(agent) as uow:
        values = required(uow, "account")
        account_id = records.create(uow, "account", {**values, "name": "Brunnen & Söhne", "revenue": "1234567.89"})
        parent_id = records.create(uow, "account", {**values, "name": "Holding"})
        uow.flush()
        records.update(uow, "account", account_id, {"parent_id": str(parent_id)})
        contact = {**values, "family_name": "Łucja", "employer_id": str(account_id)}
        records.create(uow, "contact", contact)
        uow.flush()
        records.create(uow, "address", {"role": "main", "city": "Köln", "country": "DE"}, customer_id=account_id)
    made = last_set().id
    after = everything()
    outcome = perform(agent, undo.undo, made)
    assert outcome.conflicts == []
    assert everything() == before
    again = perform(agent, undo.undo, outcome.set_id)
    assert again.conflicts == []
    assert everything() == after
    assert is_sound()


@pytest.mark.feature("BEY-4")
def test_a_deleted_row_comes_back_with_a_version_nobody_saw(admin, make_as):
    with unit_of_work(admin) as uow:
        tag = uow.add(Tag(name="Weiß", owner_id=admin.user_id, visibility="corporate"))
    before = everything()
    with unit_of_work(admin) as uow:
        uow.session.delete(uow.session.get(Tag, tag.id))
    assert perform(admin, undo.undo, last_set().id).restored == 1
    assert everything() == before
    with unit_of_work(admin, reads=True) as uow:
        assert uow.session.get(Tag, tag.id).version == 2


@pytest.mark.feature("BEY-4", "R26")
def test_a_row_changed_since_is_listed_with_both_values_and_left_alone(agent, make_as):
    ids = [make_as(agent, "contact", family_name=f"King {n}", job_title="Clerk") for n in range(3)]
    with unit_of_work(agent) as uow:
        for contact_id in ids:
            records.update(uow, "contact", contact_id, {"job_title": "Chief"})
    changed = last_set().id
    with unit_of_work(agent) as uow:
        records.update(uow, "contact", ids[1], {"job_title": "Owner"})
    outcome = perform(agent, undo.undo, changed)
    assert (outcome.restored, outcome.kept) == (2, 1)
    (kept,) = outcome.conflicts
    assert (kept.record_id, kept.label, kept.reason) == (str(ids[1]), "King 1", "changed")
    assert kept.fields == (turning.Difference("job_title", "Clerk", "Owner"),)
    with unit_of_work(agent, reads=True) as uow:
        assert [uow.get("contact", i).job_title for i in ids] == ["Clerk", "Owner", "Clerk"]


@pytest.mark.feature("BEY-4")
def test_a_row_whose_later_changes_were_undone_again_is_as_the_set_left_it(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="King")
    made = last_set().id
    edits = []
    for title in ("Clerk", "Chief"):
        with unit_of_work(agent) as uow:
            records.update(uow, "contact", contact_id, {"job_title": title})
            edits.append(uow.draft.set_id)
    perform(agent, undo.undo, edits[1])
    assert perform(agent, undo.undo, edits[0]).conflicts == []
    assert perform(agent, undo.undo, made).conflicts == []
    assert everything()["customer"] == []


@pytest.mark.feature("BEY-4")
def test_a_record_others_point_at_by_now_stays(agent, make_as):
    account_id = make_as(agent, "account", name="Employer")
    made = last_set().id
    make_as(agent, "contact", family_name="King", employer_id=str(account_id))
    outcome = perform(agent, undo.undo, made)
    assert outcome.restored == 0
    assert [k.reason for k in outcome.conflicts if k.entity == "account"] == ["in_use"]
    with unit_of_work(agent, reads=True) as uow:
        assert uow.get("account", account_id).name == "Employer"


@pytest.mark.feature("BEY-5")
def test_a_value_taken_since_is_not_taken_back(admin, make_as):
    contact_id = make_as(admin, "contact", family_name="King")
    with unit_of_work(admin) as uow:
        tag = uow.add(Tag(name="Gold", owner_id=admin.user_id, visibility="corporate"))
        uow.flush()
        uow.add(Tagging(customer_id=contact_id, tag_id=tag.id))
    with unit_of_work(admin) as uow:
        uow.session.get(Tag, tag.id).archived_at = tag.created_at
    archived = last_set().id
    with unit_of_work(admin) as uow:
        uow.add(Tag(name="GOLD", owner_id=admin.user_id, visibility="corporate"))
    outcome = perform(admin, undo.undo, archived)
    assert [(k.entity, k.reason) for k in outcome.conflicts] == [("tag", "taken")]


@pytest.mark.feature("R26")
def test_a_set_is_undone_once(agent, make_as):
    make_as(agent, "contact", family_name="King")
    made = last_set().id
    perform(agent, undo.undo, made)
    with pytest.raises(Conflict) as refused:
        perform(agent, undo.undo, made)
    assert refused.value.message.key == "undo.already"
    with pytest.raises(NotFound):
        perform(agent, undo.undo, uuid4())


@pytest.mark.feature("R13", "SEC-1")
def test_nobody_undoes_what_he_may_not_change(agent, stranger, make_user, make_as):
    contact_id = make_as(agent, "contact", family_name="King")
    with unit_of_work(agent) as uow:
        records.update(uow, "contact", contact_id, {"family_name": "Queen"})
    changed, mate = last_set(), make_user("Max Mate", team="North")
    before = last_set().id
    for actor in (stranger, mate):
        with pytest.raises(NotFound):
            perform(actor, undo.undo, changed.id)
    assert last_set().id == before
    with unit_of_work(agent, reads=True) as uow:
        assert uow.get("contact", contact_id).name == "Queen"


@pytest.mark.feature("R13", "SEC-4")
def test_a_locked_field_stays_locked_for_undo(agent, make_as):
    from dataclasses import replace

    contact_id = make_as(agent, "contact", family_name="King")
    with unit_of_work(agent) as uow:
        records.update(uow, "contact", contact_id, {"job_title": "Chief"})
    with pytest.raises(NotFound):
        perform(replace(agent, locked=frozenset({"contact.job_title"})), undo.undo, last_set().id)


def test_a_password_cannot_be_brought_back(admin, make_user):
    user = make_user("Pat", password_hash="first")
    with unit_of_work(SYSTEM) as uow:
        uow.session.get(User, user.user_id).password_hash = "second"
    outcome = perform(SYSTEM, undo.undo, last_set().id)
    assert [k.reason for k in outcome.conflicts] == ["secret"]


def test_custom_fields_get_their_former_values_one_by_one(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="King")
    with unit_of_work(agent) as uow:
        uow.get("contact", contact_id).custom = {"shoe": 44, "hat": "Ø", "list": ["a"]}
    with unit_of_work(agent) as uow:
        uow.get("contact", contact_id).custom = {"shoe": 45, "new": 1.5, "list": ["a"]}
    perform(agent, undo.undo, last_set().id)
    with unit_of_work(agent, reads=True) as uow:
        assert uow.get("contact", contact_id).custom == {"shoe": 44, "hat": "Ø", "list": ["a"]}


def filled(actor, number):
    """Put many contacts in, as an import does: bulk statements with their own journal rows; return the set's id."""
    with unit_of_work(actor) as uow:
        values = {n: mass.typed(Customer, n, v) for n, v in required(uow, "contact").items()}
        rows = [
            {**values, "id": uuid4(), "kind": "contact", "owner_id": actor.user_id, "family_name": f"Näme {n}",
             "name": f"Näme {n}", "sort_name": f"name {n}", "email": f"n{n}@example.com", "custom": {"n": n}}
            for n in range(number)
        ]  # fmt: skip
        mass.add(uow, entity_for("contact"), rows, customer="id")
        uow.log("contact.imported")
        return uow.draft.set_id


@pytest.mark.feature("BEY-4", "R25")
def test_thousands_of_edited_rows_come_back_byte_for_byte(admin, database):
    size = 10_000 if database == "sqlite" else 2_000  # The same statements: PostgreSQL need not write all of them.
    filled(admin, size)
    before = everything()
    with unit_of_work(admin) as uow:
        rows = uow.session.exec(select(Customer)).all()
        for n, row in enumerate(rows):
            row.job_title, row.department = f"Title {n}", "Süd"
        uow.log("contact.changed")
    changed = last_set()
    assert changed.rows == size
    started = time.perf_counter()
    outcome = perform(admin, undo.undo, changed.id)
    took = time.perf_counter() - started
    assert (outcome.restored, outcome.kept) == (size, 0)
    assert everything() == before
    assert took < 30, f"{took:.1f} s on {database}"


def work(job_id, actor):
    """Run a job's chunks as a worker does."""
    for _ in range(1_000):
        with unit_of_work(actor, cause_id=job_id) as uow:
            job = uow.session.get(Job, job_id)
            uow.session.add(job)
            if not undo.step(uow, job):
                job.state = "done"
                return job
    raise AssertionError("it never ends")


@pytest.mark.feature("BEY-4", "B-IMP-6", "IMP-5")
def test_all_a_job_did_is_undone_set_by_set_and_what_changed_since_is_kept(admin, agent, make_as):
    cause = uuid4()
    before = everything()
    for n in range(3):
        with unit_of_work(agent, cause_id=cause) as uow:
            for i in range(2):
                records.create(uow, "contact", {**required(uow, "contact"), "family_name": f"Nr {n}{i}"})
    with unit_of_work(agent, reads=True) as uow:
        first = uow.session.exec(select(Customer.id).where(Customer.family_name == "Nr 10")).one()
    with unit_of_work(agent) as uow:
        records.update(uow, "contact", first, {"job_title": "Chief"})
    job_id = perform(agent, undo.begin, cause)
    job = work(job_id, agent)
    assert job.result["restored"] == 5
    assert [(k["record_id"], k["label"], k["reason"]) for k in job.result["conflicts"]] == [
        (str(first), "Nr 10", "changed")
    ]
    with unit_of_work(agent, reads=True) as uow:
        assert uow.session.exec(select(Customer.id)).all() == [first]
    with pytest.raises(Conflict):
        perform(agent, undo.begin, cause)
    perform(agent, undo.begin, job_id)
    assert before["customer"] == []


@pytest.mark.feature("R25")
def test_an_undo_that_fails_changes_nothing(agent, make_as, monkeypatch):
    ids = [make_as(agent, "contact", family_name=f"King {n}") for n in range(3)]
    with unit_of_work(agent) as uow:
        for contact_id in ids:
            records.update(uow, "contact", contact_id, {"job_title": "Chief"})
    changed, before = last_set().id, everything()

    def interrupted(uow):
        undo.undo(uow, changed)
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="power"):
        perform(agent, interrupted)
    assert everything() == before
    assert last_set().id == changed
    assert perform(agent, undo.undo, changed).restored == 3


def test_a_row_written_past_the_app_is_not_overwritten(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="King")
    made = last_set().id
    with engine().begin() as connection:
        connection.execute(text("UPDATE customer SET version = version + 1"))
    assert [k.reason for k in perform(agent, undo.undo, made).conflicts] == ["changed"]
    assert contact_id


def test_an_erased_row_cannot_come_back(agent, make_as):
    make_as(agent, "contact", family_name="King")
    made = last_set().id
    with engine().begin() as connection:
        connection.execute(text("UPDATE change_row SET before = NULL, after = NULL, salt = NULL"))
    with Session(engine()) as session:
        assert session.exec(select(ChangeRow.salt)).first() is None
    assert perform(agent, undo.undo, made).conflicts[0].reason == "erased"
