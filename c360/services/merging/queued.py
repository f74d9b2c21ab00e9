"""Merges of very many rows: the worker does them, so that nobody waits before a page.

What was chosen stands in a request, as for one that waits for approval: typed values are personal, and what a job is
told is not. The merge, the end of its request and what its job says of it are one transaction: a worker that is killed
leaves none of them or all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select

from c360.core.actor import Actor
from c360.core.errors import C360Error, Conflict
from c360.models.job import Job
from c360.models.merge_request import RUNNING, MergeRequest
from c360.services import queue
from c360.services.merging import people as participants
from c360.services.merging import requests, second
from c360.services.merging.planning import commit
from c360.services.merging.requests import Requested
from c360.services.merging.shapes import Choices, Merged, Stale, Unanswered
from c360.services.uow import UnitOfWork, perform, unit_of_work

KIND = "merge.commit"
DONE, CHANGED, REFUSED = "merge.job.done", "merge.job.changed", "merge.job.refused"
"""What the asker is told in the end."""
OUTDATED = ("merge.changed", "merge.merged")


@dataclass(frozen=True, slots=True)
class Queued:
    """A merge the worker does: its job."""

    job_id: UUID


def submit(
    uow: UnitOfWork, ids: Sequence[UUID], choices: Choices, fingerprint: str, rows: int
) -> Merged | Requested | Queued:
    """Merge as planned, as a job where the plan counts more rows than a person waits for."""
    if rows <= queue.WAITED_FOR or uow.actor.user_id is None:
        return requests.submit(uow, ids, choices, fingerprint)
    people = participants.load(uow, ids, choices.survivor_id)
    if second.reasons(uow, people):
        return requests.submit(uow, ids, choices, fingerprint)
    if asked := participants.unanswered(uow, people, choices):
        raise Unanswered(asked)
    job_id = queue.enqueue(uow, KIND, rows=rows)
    requests.keep(uow, ids, choices, fingerprint, id=job_id, state=RUNNING)
    return Queued(job_id)


def step(uow: UnitOfWork, job: Job) -> bool:
    """Have the merge done once this chunk is safe; the next chunk finds what came of it and ends."""
    told = (job.result or {}).get("notice")
    if told is None:
        job.total, job.result = int(job.arguments["rows"]), {}
        uow.after_commit(partial(_merge, uow.actor, job.id))
        return True
    if told != DONE:
        raise Conflict(told)
    job.done = job.total
    return False


def stray(uow: UnitOfWork) -> bool:
    """Tell whether there are choices of merges no worker will do any more."""
    return uow.session.exec(select(MergeRequest.id).where(*_left()).limit(1)).first() is not None


def sweep(uow: UnitOfWork) -> None:
    """Forget the choices of merges no worker will do any more: cancelled, or given up."""
    uow.session.execute(delete(MergeRequest).where(*_left()).execution_options(synchronize_session=False))


def _left() -> tuple[Any, ...]:
    under_way = select(col(Job.id)).where(col(Job.state).in_(queue.OPEN))
    return col(MergeRequest.state) == RUNNING, col(MergeRequest.id).not_in(under_way)


def _merge(actor: Actor, job_id: UUID) -> None:
    try:
        with unit_of_work(actor, cause_id=job_id) as uow:
            if (row := requests.running(uow, job_id)) is not None:
                ids, choices = requests.told(uow, row)
                merged = commit(uow, ids, choices, row.fingerprint)
                _end(uow, row, DONE, f"/{merged.entity}/{merged.survivor_id}/summary", set=str(merged.set_id))
            else:
                _gone(uow, job_id)
    except C360Error as error:
        changed = isinstance(error, Stale) or error.message.key in OUTDATED
        perform(actor, _refuse, job_id, CHANGED if changed else REFUSED)


def _refuse(uow: UnitOfWork, job_id: UUID, notice: str) -> None:
    if (row := requests.running(uow, job_id)) is not None:
        ids, _ = requests.told(uow, row)
        _end(uow, row, notice, "/merge?ids=" + ",".join(map(str, ids)))


def _gone(uow: UnitOfWork, job_id: UUID) -> None:
    """Say that nothing was merged where the request went first: with a participant who was erased."""
    job = uow.session.get_one(Job, job_id, with_for_update=True)
    if not job.result:
        job.result = {"notice": REFUSED}
        uow.session.add(job)


def _end(uow: UnitOfWork, row: MergeRequest, notice: str, href: str, **more: str) -> None:
    job = uow.session.get_one(Job, row.id, with_for_update=True, populate_existing=True)
    job.result = {"notice": notice, "href": href, **more}
    uow.session.add(job)
    uow.session.execute(delete(MergeRequest).where(col(MergeRequest.id) == row.id))
