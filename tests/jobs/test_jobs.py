"""Durable work: exactly once whatever happens to the worker, as the person who asked, stopped when asked."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from c360.core import config, db
from c360.core.actor import SYSTEM
from c360.core.clock import utc_now
from c360.core.errors import NotFound, TooMany
from c360.jobs import WORKFLOWS, workflow
from c360.jobs.run import run
from c360.jobs.tidy import tidy
from c360.models.customer import Customer
from c360.models.job import ImportBatch, Job
from c360.models.journal import ChangeSet
from c360.models.user import Role, User
from c360.services import notifications, queue, settings, verify
from c360.services.imports import files
from c360.services.uow import ask, perform, unit_of_work
from tests.conftest import actor_of, required
from tests.jobs import sample  # registers the workflows of these tests

ROOT = Path(__file__).parents[2]


@pytest.fixture
def data(database, tmp_path, monkeypatch):
    """Give the worker and this process the same, fresh data directory."""
    monkeypatch.setenv("C360_DATA_DIR", str(tmp_path))
    config.settings.cache_clear()
    with unit_of_work(SYSTEM) as uow:  # The worker does what a test asks of it, and no search of its own.
        settings.put(uow, "duplicates", {kind: {"every": 0} for kind in settings.KINDS})
    yield tmp_path
    config.settings.cache_clear()


class Worker:
    """A worker process that a test may kill."""

    def __init__(self, folder):
        env = {**os.environ, "PYTHONPATH": str(ROOT), "C360_DATABASE_URL": db.engine().url.render_as_string(False)}
        env["C360_DATABASE_URL"] = env["C360_DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
        command = [sys.executable, "-m", "tests.jobs.sample", "worker-of-tests"]
        with (folder / "worker.log").open("a") as log:
            self.process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=log, stderr=log)

    def kill(self, how=signal.SIGKILL):
        self.process.send_signal(how)
        return self.process.wait(20)


def choices_of(agent):
    with unit_of_work(agent, reads=True) as uow:
        return required(uow, "contact")


def job_of(job_id):
    return ask(SYSTEM, queue.progress, job_id)


def wait_for(condition, seconds=40):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("this did not happen in time")


def names():
    with unit_of_work(SYSTEM, reads=True) as uow:
        return Counter(uow.session.exec(select(Customer.family_name)).all())


def test_a_killed_worker_goes_on_where_it_was(data, agent):
    job_id = perform(agent, queue.enqueue, "test.write", choices=choices_of(agent), rows=12, slow=0.15)
    for stop_at in (2, 5, 8):
        worker = Worker(data)
        try:
            wait_for(lambda at=stop_at: job_of(job_id).done >= at)
        finally:
            worker.kill()
        assert job_of(job_id).state == "running"
    worker = Worker(data)
    try:
        wait_for(lambda: not job_of(job_id).open)
    finally:
        worker.kill()
    ended = job_of(job_id)
    assert (ended.state, ended.done, ended.result) == ("done", 12, {"made": 12})
    assert names() == {f"Nr {i} 顧客": 1 for i in range(12)}
    with unit_of_work(SYSTEM, reads=True) as uow:
        sets = uow.session.exec(select(ChangeSet).where(ChangeSet.cause_id == job_id)).all()
        owners = set(uow.session.exec(select(Customer.owner_id)).all())
    assert {s.actor_id for s in sets} == {agent.user_id}, "every chunk is journaled as the person who asked"
    assert owners == {agent.user_id}


def test_a_stopped_worker_ends_its_chunk_and_the_next_one_goes_on(data, agent):
    job_id = perform(agent, queue.enqueue, "test.write", choices=choices_of(agent), rows=6, slow=0.2)
    worker = Worker(data)
    try:
        wait_for(lambda: job_of(job_id).done >= 2)
    finally:
        assert worker.kill(signal.SIGTERM) == 0
    before = job_of(job_id).done
    assert before < 6
    assert sum(names().values()) == before
    worker = Worker(data)
    try:
        wait_for(lambda: job_of(job_id).state == "done")
    finally:
        worker.kill()
    assert names() == {f"Nr {i} 顧客": 1 for i in range(6)}


def test_one_person_never_takes_every_place(data, agent, stranger):
    mine = {"choices": choices_of(agent), "rows": 400, "slow": 0.2}
    slow = [perform(agent, queue.enqueue, "test.write", **mine) for _ in range(4)]
    late = perform(stranger, queue.enqueue, "test.write", choices=choices_of(stranger), rows=1)
    worker = Worker(data)
    try:
        wait_for(lambda: job_of(late).state == "done")
        assert [job_of(i).state for i in slow].count("running") <= 2
        assert all(job_of(i).open for i in slow)
    finally:
        worker.kill()


def test_a_job_that_was_rolled_back_never_was(database, agent):
    asked = []

    def ask_and_break(uow):
        asked.append(queue.enqueue(uow, "test.write", rows=1))
        uow.flush()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        perform(agent, ask_and_break)
    job_id = asked[0]
    with pytest.raises(NotFound):
        job_of(job_id)
    assert run(job_id) == "gone"


def test_a_failed_chunk_leaves_nothing_and_no_value_in_its_error(database, agent):
    job_id = perform(agent, queue.enqueue, "test.fail", choices=choices_of(agent))
    assert run(job_id) == "failed"
    assert not names()
    assert "ValueError" in (job_of(job_id).error or "")
    assert "secret" not in (job_of(job_id).error or "")
    assert [n.text for n in ask(agent, notifications.mine)] == ["Failed: test.fail"]


def test_an_expected_failure_speaks_the_asker_s_language(database, agent):
    with unit_of_work(SYSTEM) as uow:
        uow.session.get(User, agent.user_id).language = "de"
    job_id = perform(agent, queue.enqueue, "test.write", choices={}, rows=1)
    assert run(job_id) == "failed"
    assert "erforderlich" in job_of(job_id).error or "Pflicht" in job_of(job_id).error


def test_cancel_stops_between_two_chunks_and_keeps_what_was_done(database, agent):
    job_id = perform(agent, queue.enqueue, "test.write", choices=choices_of(agent), rows=5)

    def cancel_after_two():
        if job_of(job_id).done == 2:
            perform(agent, queue.ask_cancel, job_id)

    assert run(job_id, cancel_after_two) == "cancelled"
    assert sum(names().values()) == 2


def test_rights_are_those_of_the_minute_the_job_runs(database, agent):
    job_id = perform(agent, queue.enqueue, "test.write", choices=choices_of(agent), rows=3)

    def disable():
        with unit_of_work(SYSTEM) as uow:
            uow.session.get(User, agent.user_id).disabled_at = utc_now()

    assert run(job_id, disable) == "failed"
    assert sum(names().values()) == 1
    assert job_of(job_id).error


def test_a_kind_nobody_knows_fails(database, agent):
    assert run(perform(agent, queue.enqueue, "test.unheard_of")) == "failed"


def test_only_json_goes_into_a_job(database, agent):
    with pytest.raises(TypeError):
        perform(agent, queue.enqueue, "test.write", when=object())


def test_jobs_are_watched_by_who_asked_and_by_administrators(database, agent, stranger, admin):
    job_id = perform(agent, queue.enqueue, "test.write", choices={}, rows=1)
    assert ask(agent, queue.progress, job_id).open
    assert ask(admin, queue.progress, job_id).open
    assert [p.id for p in ask(agent, queue.recent, only_open=True)] == [job_id]
    assert ask(stranger, queue.recent) == []
    for service in (queue.progress, queue.ask_cancel):
        with pytest.raises(NotFound):
            perform(stranger, service, job_id)
    with pytest.raises(NotFound):
        ask(agent, queue.progress, uuid4())


def test_nobody_fills_the_queue(database, agent, stranger, monkeypatch):
    monkeypatch.setattr(queue, "AT_ONCE", 3)
    for _ in range(3):
        perform(agent, queue.enqueue, "test.write")
    with pytest.raises(TooMany):
        perform(agent, queue.enqueue, "test.write")
    perform(stranger, queue.enqueue, "test.write")


def test_notices_are_their_owner_s_alone(database, agent, stranger):
    for name in ("Ä", "日本"):
        perform(agent, notifications.tell, agent.user_id, "job.done", kind=name)
    assert [n.text for n in ask(agent, notifications.mine)] == ["Done: 日本", "Done: Ä"]
    assert (ask(agent, notifications.unread), ask(stranger, notifications.unread)) == (2, 0)
    first: UUID = ask(agent, notifications.mine)[0].id
    with pytest.raises(NotFound):
        perform(stranger, notifications.mark_read, first)
    perform(agent, notifications.mark_read, first)
    assert ask(agent, notifications.unread) == 1
    perform(agent, notifications.mark_read)
    assert ask(agent, notifications.unread) == 0
    assert ask(actor_of(stranger.user_id), notifications.mine) == []


def test_the_sample_is_registered():
    assert {"test.write", "test.fail", "test.die"} <= set(sample.workflow.__globals__["WORKFLOWS"])
    assert Job.__tablename__ == "job"


def test_every_minute_the_head_is_signed_and_what_nobody_may_want_goes(data, admin):
    young, old = (data / "exports" / name for name in ("young.csv", "old.csv"))
    orphan = data / "files" / ".new-half"
    for path in (young, old, orphan):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    for path in (old, orphan):
        os.utime(path, (1, 1))
    with unit_of_work(admin) as uow:
        uow.log("test.done")
    tidy({})
    assert young.exists()
    assert not old.exists()
    assert not orphan.exists()
    assert verify.anchor() is False, "the head was not signed"


def test_a_walk_through_every_file_has_its_turn_once_an_hour(data, admin, monkeypatch):
    turns = []
    monkeypatch.setattr("c360.jobs.tidy.CHORES", (("small", 0.0, lambda: turns.append("small")),
                                                  ("walk", 3600.0, lambda: turns.append("walk"))))  # fmt: skip
    done: dict[str, float] = {}
    for _ in range(3):
        tidy(done)
    assert Counter(turns) == {"small": 3, "walk": 1}


@pytest.mark.feature("R15")
def test_an_uploaded_file_is_gone_after_a_day_unless_it_is_being_imported(data, agent):
    made = {}
    for state in ("mapping", "running", "young"):
        key = files.new_key()
        (files.folder(key) / "source").write_text("Name\nZoë")
        with unit_of_work(agent) as uow:
            batch = ImportBatch(entity="contact", file_name="x.csv", file_key=key, owner_id=agent.user_id)
            uow.add(batch).state = state if state != "young" else "mapping"
        made[state] = files.folder(key)
        for path in (made[state], made[state] / "source") if state != "young" else ():
            os.utime(path, (1, 1))
    tidy({})
    assert {state: path.exists() for state, path in made.items()} == {"mapping": False, "running": True, "young": True}


@pytest.mark.feature("R01", "R06")
def test_a_right_taken_away_ends_a_job_before_its_next_chunk(data, agent):
    arguments = {"rows": 5, "choices": choices_of(agent)}
    job_id = perform(agent, queue.enqueue, "test.write", **arguments)

    def lose_the_right():
        with unit_of_work(SYSTEM) as uow:
            role = uow.session.exec(select(Role).where(Role.key == "business_user")).one()
            role.rights = {**role.rights, "contact": {"read": "own"}}

    assert run(job_id, lose_the_right) == "failed"
    assert names() == {"Nr 0 顧客": 1}
    assert "rights have changed" in (job_of(job_id).error or "")


@pytest.mark.feature("R01")
def test_work_without_a_policy_is_no_work():
    with pytest.raises(TypeError, match="policy"):
        workflow("test.open")  # pyright: ignore[reportCallIssue]
    assert [kind for kind, work in WORKFLOWS.items() if not callable(work.policy)] == []


def test_a_chore_that_fails_leaves_the_others_their_turn(data, admin):
    with unit_of_work(admin) as uow:
        uow.log("test.done")
    (data / "exports").write_bytes(b"in the way")
    (data / "journal.anchors").mkdir()
    orphan = data / "files" / ".new-half"
    orphan.parent.mkdir()
    orphan.write_bytes(b"x")
    os.utime(orphan, (1, 1))
    tidy({})
    assert not orphan.exists()
