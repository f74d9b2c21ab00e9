"""The demo, loaded and removed from a page: in the background, for whoever keeps the settings."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.errors import Conflict
from c360.models.job import Job
from c360.services import demo, queue
from c360.services.queue import OPEN
from c360.services.uow import UnitOfWork, mark

LOAD, REMOVE = "demo.load", "demo.remove"


@dataclass(frozen=True, slots=True)
class Now:
    """Whether anything of the demo is there, and the work that is bringing or removing it."""

    there: bool
    job_id: UUID | None = None
    kind: str = ""


def now(uow: UnitOfWork) -> Now:
    """Return how it stands with the demo."""
    uow.require(Verb.UPDATE, "setting")
    open_one = select(Job).where(col(Job.kind).in_((LOAD, REMOVE)), col(Job.state).in_(OPEN))
    job = uow.session.exec(open_one.order_by(col(Job.created_at))).first()
    return Now(demo.is_begun(uow), job.id if job else None, job.kind if job else "")


def begin(uow: UnitOfWork, kind: str) -> UUID:
    """Have the demo loaded or removed and return the job's id; work that is going on already is joined."""
    found = now(uow)
    if found.job_id:
        return found.job_id
    if found.there is (kind == LOAD):
        raise Conflict("demo.there" if found.there else "demo.gone")
    return queue.enqueue(uow, kind)


def load_step(uow: UnitOfWork, job: Job) -> bool:
    """Load the demo once this commits, and look again: a load that was cut off is begun anew."""
    if demo.is_loaded(uow):
        job.done, job.result = job.total, {"href": "/"}
        return False
    job_id = job.id

    def report(done: int, total: int) -> None:
        mark(update(Job).where(col(Job.id) == job_id).values(done=min(done, total), total=total))

    uow.after_commit(lambda: demo.load(report))
    return True


def remove_step(uow: UnitOfWork, job: Job) -> bool:
    """Remove the demo, all of it or nothing; what a load that was cut off left goes too."""
    if demo.is_begun(uow):
        told = demo.take_away(uow)
        job.result = {"customers": told["customers"], "freed": len(told["freed"]), "href": "/"}
    return False
