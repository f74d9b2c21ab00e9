"""Work for later: asked for in the caller's transaction, watched and cancelled by whoever asked.

A worker finds the row once it is committed, so a unit of work that is rolled back leaves no job behind.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.actor import SYSTEM, Verb
from c360.core.errors import NotFound, TooMany
from c360.models.job import Job
from c360.services.uow import UnitOfWork

OPEN = ("queued", "running")
AT_ONCE = 200
"""Open jobs one person may have: a script gone wild must not fill the queue for all."""


WAITED_FOR = 5_000
"""Rows one act changes while a person waits; more is a job."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is."""

    id: UUID
    kind: str
    state: str
    done: int
    total: int
    result: dict[str, Any] | None
    error: str | None
    cancel_asked: bool
    created_at: datetime
    finished_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether there is more to come."""
        return self.state in OPEN


def enqueue(uow: UnitOfWork, kind: str, /, **arguments: Any) -> UUID:
    """Ask for a piece of work, named ``noun.verb``, and return its id; it runs as the actor, once this commits."""
    json.dumps(arguments)  # Anything but JSON is a programmer's error, and must fail here rather than in the worker.
    mine = uow.actor.user_id
    open_jobs = select(Job.id).where(col(Job.user_id) == mine, col(Job.state).in_(OPEN)).limit(AT_ONCE)
    if mine is not None and len(uow.session.exec(open_jobs).all()) >= AT_ONCE:
        raise TooMany("job.many", n=AT_ONCE)
    job = Job(kind=kind, arguments=arguments, user_id=mine)
    uow.session.add(job)
    return job.id


def progress(uow: UnitOfWork, job_id: UUID) -> Progress:
    """Return how far a job is."""
    return _progress(_mine(uow, job_id))


def known(uow: UnitOfWork, job_id: UUID | None) -> Progress | None:
    """Return how far a job is, None for work that was done without one: by the command line."""
    job = uow.session.get(Job, job_id) if job_id else None
    return progress(uow, job.id) if job else None


def recent(uow: UnitOfWork, *, limit: int = 20, only_open: bool = False) -> list[Progress]:
    """Return the actor's own jobs, the newest first."""
    query = select(Job).where(col(Job.user_id) == uow.actor.user_id)
    if only_open:
        query = query.where(col(Job.state).in_(OPEN))
    return [_progress(job) for job in uow.session.exec(query.order_by(col(Job.created_at).desc()).limit(limit))]


def ask_cancel(uow: UnitOfWork, job_id: UUID) -> None:
    """Ask a job to stop; it does so between two chunks, and what it did stays until it is undone."""
    job = _mine(uow, job_id)
    if job.state in OPEN:
        job.cancel_asked = True
        uow.session.add(job)


def _mine(uow: UnitOfWork, job_id: UUID) -> Job:
    """Return a job the actor may watch: his own, or any when he keeps the settings."""
    job = uow.session.get(Job, job_id)
    watches_all = uow.actor is SYSTEM or uow.actor.may(Verb.UPDATE, "setting")
    if job is None or not (watches_all or job.user_id == uow.actor.user_id):
        raise NotFound("job.unknown")
    return job


def _progress(job: Job) -> Progress:
    return Progress(
        job.id, job.kind, job.state, job.done, job.total, job.result, job.error, job.cancel_asked,
        job.created_at, job.finished_at,
    )  # fmt: skip
