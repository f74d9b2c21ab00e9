"""One job from start to end: chunk by chunk, as the person who asked, with his rights of this minute."""

import logging
import time
from collections.abc import Callable
from uuid import UUID

from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from c360.core.actor import SYSTEM, Actor
from c360.core.clock import utc_now
from c360.core.db import engine, learn_sizes
from c360.core.errors import C360Error, Conflict, Forbidden
from c360.core.i18n import text
from c360.jobs.known import WORKFLOWS
from c360.models.job import Job
from c360.services import notifications
from c360.services.actors import actor_for
from c360.services.queue import OPEN
from c360.services.uow import UnitOfWork, unit_of_work

log = logging.getLogger("c360.jobs")
TRIES = 6
"""How often a chunk that met another transaction is tried again."""


def run(job_id: UUID, pause: Callable[[], None] = lambda: None) -> str:
    """Work on a job until it is done, failed or cancelled; return its state. ``pause`` is called between chunks."""
    try:
        while _chunk(job_id):
            learn_sizes()
            pause()
    except C360Error as error:
        _fail(job_id, error)
    except Exception as error:  # Whatever a chunk raises is this job's end, not the worker's.
        log.exception("job failed", extra={"job": str(job_id)})
        _fail(job_id, error)
    with _reading() as session:
        return session.exec(select(Job.state).where(col(Job.id) == job_id)).first() or "gone"


def _chunk(job_id: UUID) -> bool:
    """Do one chunk, again when another transaction was in its way; answer whether there is more."""
    for attempt in range(TRIES):
        try:
            return _once(job_id)
        except (OperationalError, Conflict) as error:
            passing = isinstance(error, OperationalError) or error.message.key == "error.stale"
            if not passing or attempt == TRIES - 1:
                raise
            time.sleep(0.05 * 2**attempt)
    return False


def _once(job_id: UUID) -> bool:
    actor = _actor(job_id)
    with unit_of_work(actor, cause_id=job_id) as uow:
        # The row is locked: whoever else took up the same job waits, and then finds the cursor moved.
        job = uow.session.exec(select(Job).where(col(Job.id) == job_id).with_for_update()).first()
        if job is None or job.state not in OPEN:
            return False
        uow.session.add(job)
        if job.cancel_asked:
            return _end(uow, job, "cancelled")
        job.state, job.started_at = "running", job.started_at or utc_now()
        work = WORKFLOWS.get(job.kind)
        if work is None:
            raise RuntimeError(f"no workflow is named {job.kind}")
        if not work.policy(actor, job.arguments):
            raise Forbidden("job.forbidden")
        # Plain data such as ``result`` is compared as a whole, so a chunk may give it a new value at any time.
        return work.chunk(uow, job) or _end(uow, job, "done")


def _actor(job_id: UUID) -> Actor:
    """Return who asked, with what he may do now; ``Forbidden`` when he may do nothing any more."""
    with _reading() as session:
        job = session.get(Job, job_id)
        if job is None or job.user_id is None:
            return SYSTEM
        actor = actor_for(session, job.user_id)
    if actor is None:
        raise Forbidden("job.nobody")
    return actor


def _reading() -> Session:
    return Session(engine().execution_options(postgresql_readonly=True))


def _end(uow: UnitOfWork, job: Job, state: str) -> bool:
    job.state, job.finished_at = state, utc_now()
    if job.user_id is not None and state != "cancelled":
        result = job.result or {}
        said = result.get("notice") or f"job.{state}"
        notifications.tell(uow, job.user_id, said, kind=job.kind, href=result.get("href", ""))
    return False


def _fail(job_id: UUID, error: Exception) -> None:
    """Keep what went wrong, in the asker's language; what is not expected is named by its type only."""
    with unit_of_work(SYSTEM, cause_id=job_id) as uow:
        job = uow.session.exec(select(Job).where(col(Job.id) == job_id).with_for_update()).first()
        if job is None or job.state not in OPEN:
            return
        actor = actor_for(uow.session, job.user_id) if job.user_id else None
        language = actor.language if actor else "en"
        unexpected = text(language, "job.broke", error=type(error).__name__)
        job.error = error.text(language) if isinstance(error, C360Error) else unexpected
        uow.session.add(job)
        _end(uow, job, "failed")


def abandon(job_id: UUID) -> None:
    """Give up a job whose workflow ended without it: it took its worker down too often."""
    _fail(job_id, Conflict("job.crashed"))
