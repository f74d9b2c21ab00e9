"""What was merged together: each run with what it merged and left out, listed so that it can be undone as one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from c360.core.actor import Verb
from c360.core.errors import Conflict, NotFound
from c360.models.customer import KINDS
from c360.models.job import Job
from c360.models.journal import ChangeSet
from c360.services import queue, references
from c360.services.duplicates import sure
from c360.services.duplicates.sure import Left
from c360.services.merging.unmerging import MERGED
from c360.services.queue import OPEN
from c360.services.uow import UnitOfWork

LISTED, SHOWN = 50, 200


@dataclass(slots=True)
class Run:
    """One run: whose it was (nobody's when it came by itself), how far it is, and how many of its merges stand."""

    id: str
    entity: str
    who: str
    at: str
    open: bool
    state: str
    groups: int
    records: int
    standing: int
    mine: bool
    """Whether the reader may undo it as a whole."""
    left: list[Left] = field(default_factory=list)


@dataclass(slots=True)
class Made:
    """A merge of a run: who was merged, and where it is undone."""

    id: str
    name: str
    href: str
    records: int
    undone: bool


def listed(uow: UnitOfWork) -> list[Run]:
    """Return the runs the actor asked for and those that came by themselves, the newest first."""
    jobs = uow.session.exec(_mine(uow).order_by(col(Job.created_at).desc()).limit(LISTED)).all()
    standing = _standing(uow, [job.id for job in jobs])
    names = references.titles(uow, "user", {job.user_id for job in jobs if job.user_id})
    made = []
    for job in jobs:
        result: dict[str, Any] = job.result or {}
        made.append(Run(
            str(job.id), str(job.arguments["entity"]), names.get(job.user_id, "") if job.user_id else "",
            job.created_at.isoformat(), job.state in OPEN, job.state, result.get("groups", 0),
            result.get("records", 0), standing.get(job.id, 0), _may_undo(uow, job),
            sure.told(result.get("left", {}), uow.actor.language),
        ))  # fmt: skip
    return made


def merges(uow: UnitOfWork, run_id: UUID) -> list[Made]:
    """Return the merges of a run of which the actor may open the record that stayed, the newest first."""
    if uow.session.exec(_mine(uow).where(Job.id == run_id)).first() is None:
        raise NotFound("job.unknown")
    query = select(ChangeSet).where(ChangeSet.cause_id == run_id, col(ChangeSet.action).in_(MERGED))
    sets = uow.session.exec(query.order_by(col(ChangeSet.seq).desc()).limit(SHOWN)).all()
    undone = set(uow.session.exec(select(ChangeSet.reverses_id).where(_of(sets))))
    names = references.titles(uow, "customer", {UUID(one.details["survivor"]) for one in sets})
    uow.saw("duplicates", "customer", ids=[str(one) for one in names])
    return [
        Made(
            str(one.id), names[survivor], f"/unmerge/{one.id}", 1 + len(one.details["losers"]), one.id in undone
        )
        for one in sets if (survivor := UUID(one.details["survivor"])) in names
    ]  # fmt: skip


def undo_all(uow: UnitOfWork, run_id: UUID) -> UUID:
    """Ask for every merge of a run to be undone, the newest first; return the job's id."""
    job = uow.session.exec(_mine(uow).where(Job.id == run_id)).first()
    if job is None or not _may_undo(uow, job):
        raise NotFound("job.unknown")
    if not _standing(uow, [run_id]):
        raise Conflict("undo.already")
    return queue.enqueue(uow, "journal.undo", act=str(run_id))


def _of(sets: Sequence[ChangeSet]) -> Any:
    return col(ChangeSet.reverses_id).in_([one.id for one in sets])


def _mine(uow: UnitOfWork) -> Any:
    """Select the runs the actor asked for, and those nobody did of customers he may merge."""
    entity = col(Job.arguments)["entity"].as_string()
    may = [kind for kind in KINDS if uow.actor.may(Verb.MERGE, kind)]
    alone = col(Job.user_id).is_(None) & entity.in_(may)
    return select(Job).where(Job.kind == sure.KIND, or_(alone, col(Job.user_id) == uow.actor.user_id))


def _may_undo(uow: UnitOfWork, job: Job) -> bool:
    """Tell whether a run is the actor's own or, nobody's, all within his reach."""
    entity = str(job.arguments["entity"])
    whole = uow.actor.may(Verb.UNMERGE, entity) and uow.actor.owners(entity, Verb.UNMERGE) is None
    return whole or (job.user_id is not None and job.user_id == uow.actor.user_id)


def _standing(uow: UnitOfWork, run_ids: Sequence[UUID]) -> dict[UUID | None, int]:
    reversal = aliased(ChangeSet)
    query = select(ChangeSet.cause_id, func.count()).where(
        col(ChangeSet.cause_id).in_(run_ids), col(ChangeSet.action).in_(MERGED),
        ~exists().where(col(reversal.reverses_id) == col(ChangeSet.id)),
    )  # fmt: skip
    return dict(uow.session.exec(query.group_by(col(ChangeSet.cause_id))).all())
