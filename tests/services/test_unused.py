"""Unused records: found by a rule, looked at first, then erased or anonymised; nobody protected is touched."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select
from typer.testing import CliRunner

from c360.cli.app import app
from c360.core import db
from c360.core.actor import SYSTEM
from c360.core.clock import months_after, utc_now
from c360.core.errors import Conflict, Forbidden, Invalid
from c360.jobs import run as jobs
from c360.models.customer import Customer
from c360.models.job import Job
from c360.models.journal import ChangeSet
from c360.models.request import Erasure, Suppression
from c360.services import activities, administration, choices, queue, records
from c360.services.privacy import holds, unused
from c360.services.uow import ask, perform, unit_of_work

OLD = months_after(utc_now(), -40)


@pytest.fixture
def officer(make_user):
    return make_user("Dora", "data_protection_officer")


@pytest.fixture
def rule(admin, database):
    """Set the rule: after 36 months prospects go, everybody else is anonymised."""
    statuses = {one.name: str(one.id) for one in ask(admin, choices.entries, "status")}
    perform(admin, administration.change, "unused_months", "36")
    perform(admin, administration.change, "prospects", [statuses["Prospect"]])
    return statuses


@pytest.fixture
def people(agent, make_as, rule):
    """Make people of every kind, put them years back, and let something happen with some since."""
    prospect = {"status_id": rule["Prospect"]}
    made = {
        who: make_as(agent, "contact", family_name=f"{who} Żółć 山", email=f"{who}@example.com", **more)
        for who, more in {
            "prospect": prospect, "buyer": {}, "kept": prospect, "met": prospect, "planned": prospect,
            "edited": prospect, "merged": {},
        }.items()
    }  # fmt: skip
    made["company"] = make_as(agent, "account", name="Old GmbH", status_id=rule["Prospect"])
    with Session(db.engine()) as session:
        age = {"created_at": OLD, "updated_at": OLD}
        session.execute(update(Customer).where(col(Customer.id).in_(made.values())).values(**age))
        session.execute(update(Customer).where(col(Customer.id) == made["merged"]).values(merged_into_id=made["buyer"]))
        session.commit()
    _age_the_journal()
    perform(agent, activities.add, [made["met"]], {"kind": "call", "subject": "Hello", "status": "closed"})
    soon = (utc_now() + timedelta(days=3)).isoformat()
    perform(agent, activities.add, [made["planned"]], {"kind": "task", "subject": "Soon", "due_at": soon})
    perform(agent, records.update, "contact", made["edited"], {"notes": "still with us"})
    return made


def _age_the_journal():
    """Put what was journaled so far four years back, as if time had passed."""
    with db.engine().begin() as connection:
        if connection.dialect.name == "sqlite":
            names = connection.exec_driver_sql(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'change_set'"
            ).all()
            for name, _ in names:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
            connection.execute(update(ChangeSet).values(at=OLD))
            for _, sql in names:
                connection.exec_driver_sql(sql)
        else:
            connection.exec_driver_sql("ALTER TABLE change_set DISABLE TRIGGER ALL")
            connection.execute(update(ChangeSet).values(at=OLD))
            connection.exec_driver_sql("ALTER TABLE change_set ENABLE TRIGGER ALL")


def names(*ids):
    with unit_of_work(SYSTEM, reads=True) as uow:
        found = {row.id: row for row in uow.session.exec(select(Customer).where(col(Customer.id).in_(ids)))}
        return [found[one].name for one in ids]


def done(actor, *, dry):
    job_id = perform(actor, unused.begin, dry=dry)
    assert jobs.run(job_id) == "done"
    return ask(actor, unused.runs)[0]


@pytest.mark.feature("CNS-11")
def test_a_simulation_counts_and_changes_nothing_then_the_run_does_what_it_said(officer, people, monkeypatch):
    perform(officer, holds.hold, people["kept"], "tax law")
    before = names(*people.values())
    seen = done(officer, dry=True)
    assert (seen.erase, seen.anonymise, seen.held, seen.dry) == (1, 1, 1, True)
    assert sorted(seen.sample) == sorted([before[0], before[1]])
    assert names(*people.values()) == before
    monkeypatch.setattr(unused, "PIECE", 1)
    real = done(officer, dry=False)
    assert (real.erase, real.anonymise, real.held, real.percent) == (1, 1, 1, 100)
    after = names(*people.values())
    assert after[0].startswith("Erased")
    assert after[1].startswith("Anonymous")
    assert after[2:6] == before[2:6], "held by law, met, planned, edited: none of them was touched"
    assert after[6].startswith("Anonymous"), "whoever was merged into him is the same person"
    assert after[7] == before[7], "a company is no person"
    with Session(db.engine()) as session:
        assert session.exec(select(Suppression.digest)).all() == [], "nobody objected"
        how = {row.customer_id: row.how for row in session.exec(select(Erasure))}
        swept = session.exec(select(ChangeSet.details).where(ChangeSet.action == "privacy.swept")).one()
        buyer = session.get_one(Customer, people["buyer"])
        assert (buyer.archived_at, buyer.email, buyer.status_id is None) == (None, None, False)
    assert how == {people["prospect"]: "erase", people["buyer"]: "anonymise", people["merged"]: "anonymise"}
    assert {name: swept[name] for name in unused.COUNTS} == {"erase": 1, "anonymise": 1, "held": 1}
    again = done(officer, dry=False)
    assert (again.erase, again.anonymise, again.held) == (0, 0, 1)


@pytest.mark.feature("CNS-11")
def test_a_run_is_stopped_between_two_pieces(officer, people, monkeypatch):
    monkeypatch.setattr(unused, "PIECE", 1)
    job_id = perform(officer, unused.begin, dry=False)
    with pytest.raises(Conflict):
        perform(officer, unused.begin, dry=True)  # One at a time.
    looks = []

    def stop():
        looks.append(perform(officer, queue.ask_cancel, job_id))

    assert jobs.run(job_id, stop) == "cancelled"
    run = ask(officer, unused.runs)[0]
    assert (run.state, run.erase + run.anonymise, len(looks)) == ("cancelled", 1, 1)


@pytest.mark.feature("CNS-11")
def test_the_command_line_counts_unless_told_to_apply(people):
    def told(*more):
        ran = CliRunner().invoke(app, ["privacy", "unused", *more])
        assert ran.exit_code == 0, ran.output
        return ran.stdout

    assert json.loads(told("--json")) == {"erase": 2, "anonymise": 1, "held": 0}
    assert "2 would be erased" in told()
    assert "2 erased, 1 anonymised" in told("--apply")
    assert json.loads(told("--json")) == {"erase": 0, "anonymise": 0, "held": 0}


@pytest.mark.feature("CNS-11")
def test_only_data_protection_runs_it_and_only_with_a_rule(admin, agent, officer, database):
    with pytest.raises(Forbidden):
        perform(agent, unused.begin, dry=True)
    with pytest.raises(Conflict) as off:
        perform(officer, unused.begin, dry=True)
    assert "no rule" in off.value.text("en")
    with pytest.raises(Forbidden):
        perform(agent, administration.change, "unused_months", "3")
    for wrong in ("-1", "many", "601", "²"):
        with pytest.raises(Invalid):
            perform(admin, administration.change, "unused_months", wrong)
    with Session(db.engine()) as session:
        assert session.exec(select(Job).where(Job.kind == unused.KIND)).all() == []
