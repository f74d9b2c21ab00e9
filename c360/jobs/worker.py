"""The worker process: DBOS keeps what was begun, so that a killed worker goes on where it was."""

import os
import signal
import socket
import sqlite3
import sys
import threading
import time
from contextlib import closing
from types import FrameType
from uuid import UUID

from dbos import DBOS, DBOSConfig, WorkflowSerializationFormat
from sqlalchemy import make_url
from sqlmodel import Session, col, select

from c360.core import memory
from c360.core.config import settings
from c360.core.db import engine
from c360.core.logs import configure
from c360.jobs.run import abandon, run
from c360.jobs.tidy import tidy
from c360.models.job import Job
from c360.services.queue import OPEN

QUEUE = "jobs"
AT_ONCE = 4
AT_ONCE_FOR_ONE = 2
"""One person's jobs never take every place of a worker."""
EVERY = 0.5
"""Seconds between two looks for new jobs."""
SWEEP = 60.0
"""Seconds between two looks at all open jobs, for what a crash left unstarted."""
STARTS = 20
"""A job that took its worker down this often is given up."""
stopping = threading.Event()
_busy = threading.Semaphore(AT_ONCE)


@DBOS.workflow(name="job", max_recovery_attempts=STARTS, serialization_type=WorkflowSerializationFormat.PORTABLE)
def work(job_id: str) -> str:
    """Work on one job; its row in our own table says how far it is, so running it twice does nothing twice."""
    with _busy:
        return run(UUID(job_id), _park_when_stopping)


def _park_when_stopping() -> None:
    if stopping.is_set():
        _busy.release()
        threading.Event().wait()  # The process ends; the next one takes the workflow up again.


def start(name: str = "") -> None:
    """Start DBOS: its own SQLite file in the data directory, or its own schema in the PostgreSQL database."""
    config: DBOSConfig = {
        "name": "c360",
        "executor_id": name or socket.gethostname(),
        # Workflows are loops over our own cursor, so any version can go on with what another began.
        "application_version": "1",
        "log_level": "WARNING",
        "max_executor_threads": AT_ONCE + 4,
        "system_database_url": _system_database(),
    }
    DBOS(config=config)
    DBOS.launch()
    DBOS.register_queue(
        QUEUE, worker_concurrency=AT_ONCE, partition_concurrency=AT_ONCE_FOR_ONE, polling_interval_sec=EVERY / 2
    )


def _system_database() -> str:
    """Return where DBOS keeps its own tables; it opens them in its own way."""
    url = make_url(settings().url)
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql").render_as_string(hide_password=False)
    path = settings().data_path / "jobs.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")  # Kept in the file: readers and the writer do not wait.
    return f"sqlite:///{path}"


def hand_over(known: set[UUID]) -> None:
    """Give DBOS every open job it was not given yet; the job's id is the workflow's, so twice is harmless."""
    with Session(engine().execution_options(postgresql_readonly=True)) as session:
        query = select(Job.id, Job.user_id).where(col(Job.state).in_(OPEN)).order_by(col(Job.created_at))
        fresh = [(job_id, user_id) for job_id, user_id in session.exec(query) if job_id not in known]
    for job_id, user_id in fresh:
        status = DBOS.get_workflow_status(str(job_id))
        if status is None:
            options = {"workflow_name": "job", "queue_name": QUEUE, "workflow_id": str(job_id)}
            DBOS.enqueue_workflow_with_options(
                {**options, "queue_partition_key": str(user_id or "system")},  # pyright: ignore[reportArgumentType]
                str(job_id),
            )
        elif status.status not in ("ENQUEUED", "PENDING", "DELAYED"):
            abandon(job_id)
        known.add(job_id)


def main(name: str = "") -> None:
    """Hand jobs over and work on them until told to stop."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    configure(settings().log_level)
    start(name)
    configure(settings().log_level)  # DBOS has brought handlers of its own.
    memory.settle()
    known: set[UUID] = set()
    chores: dict[str, float] = {}
    swept = time.monotonic()
    while not stopping.wait(EVERY):
        if time.monotonic() - swept > SWEEP:
            known, swept = set(), time.monotonic()
            tidy(chores)
        hand_over(known)
    for _ in range(AT_ONCE):
        _busy.acquire(timeout=10)  # Each chunk under way ends first; one that takes longer is rolled back.
    sys.stdout.flush()
    os._exit(0)


def _stop(_: int, __: FrameType | None) -> None:
    stopping.set()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
