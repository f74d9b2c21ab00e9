"""Records nobody has used for long: found by a rule, looked at first, then erased or anonymised, piece by piece.

The rule speaks of people alone: a company has no right to be forgotten, and may be used through its people. Who is
held by law, restricted, or still has open business is left alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_
from sqlmodel import col, select

from c360.core.actor import Actor, Verb
from c360.core.clock import months_after, utc_now
from c360.core.errors import Conflict
from c360.models.customer import Customer
from c360.models.job import Job
from c360.models.journal import ChangeRow, ChangeSet
from c360.services import queue, references, settings
from c360.services.privacy import erasing, holds, reach
from c360.services.uow import UnitOfWork, perform

KIND = "privacy.unused"
PIECE, LOOKED_AT = 50, 500
"""People of one unit of work: erased, or only looked at."""
SAMPLE = 10
RUNS = 10
COUNTS = ("erase", "anonymise", "held")


@dataclass(slots=True)
class Run:
    """One run of the rule: a simulation or the real thing."""

    id: str = ""
    dry: bool = True
    state: str = ""
    at: str = ""
    who: str = ""
    before: str = ""
    percent: int = 0
    erase: int = 0
    anonymise: int = 0
    held: int = 0
    error: str = ""
    sample: list[str] = field(default_factory=list)


def begin(uow: UnitOfWork, *, dry: bool) -> UUID:
    """Ask for a run in the background and return its job; ``Conflict`` when there is no rule, or one is under way."""
    arguments = rule(uow, dry=dry)
    open_runs = select(Job.id).where(col(Job.kind) == KIND, col(Job.state).in_(queue.OPEN)).limit(1)
    if uow.session.exec(open_runs).first() is not None:
        raise Conflict("privacy.unused.busy")
    return queue.enqueue(uow, KIND, **arguments)


def sweep(actor: Actor, *, dry: bool) -> Mapping[str, Any]:
    """Do a whole run at once, as the command line does; each piece is safe before the next begins."""
    job = Job(kind=KIND, arguments=perform(actor, rule, dry=dry))
    while perform(actor, step, job):
        pass
    return job.result or {}


def rule(uow: UnitOfWork, *, dry: bool) -> dict[str, Any]:
    """Return what a run goes by, fixed when it begins."""
    uow.require(Verb.UPDATE, "subject_request")
    now = settings.read(uow.session)
    if not now.unused_months:
        raise Conflict("privacy.unused.off")
    before = months_after(utc_now(), -now.unused_months)
    return {"dry": dry, "before": before.isoformat(), "prospects": list(now.prospects)}


def step(uow: UnitOfWork, job: Job) -> bool:
    """Do the next piece of a run; answer whether there is more."""
    uow.require(Verb.UPDATE, "subject_request")
    dry, before = bool(job.arguments["dry"]), datetime.fromisoformat(job.arguments["before"])
    result: dict[str, Any] = {**dict.fromkeys(COUNTS, 0), "sample": [], "after": "", **(job.result or {})}
    if not job.total:
        job.total = uow.session.execute(_unused(uow, before, func.count())).scalar_one()
    found = _unused(uow, before, Customer.id, Customer.status_id).order_by(col(Customer.id))
    if result["after"]:
        found = found.where(col(Customer.id) > UUID(result["after"]))
    size = LOOKED_AT if dry else PIECE
    rows = list(uow.session.execute(found.limit(size)))
    families = reach.families(uow.session, [row.id for row in rows])
    stopped = holds.held(uow, families)
    free = {row.id: _how(row.status_id, job.arguments["prospects"]) for row in rows if row.id not in stopped}
    for how in ("erase", "anonymise"):
        mine = [one for one, wanted in free.items() if wanted == how]
        result[how] += len(mine)
        if mine and not dry:
            # They asked for nothing, so nothing says that they must never be met again.
            erasing.forget(uow, [one for root in mine for one in families[root]], how=how, suppress=False)
    room = SAMPLE - len(result["sample"])
    result["sample"] = [*result["sample"], *(str(one) for one in list(free)[:room])] if dry else []
    result |= {"held": result["held"] + len(stopped), "after": str(rows[-1].id) if rows else result["after"]}
    job.result, job.done, job.cursor = result, job.done + len(rows), job.cursor + 1
    if len(rows) == size:
        return True
    uow.log(
        "privacy.simulated" if dry else "privacy.swept", before=before.isoformat(), **{n: result[n] for n in COUNTS}
    )
    return False


def runs(uow: UnitOfWork) -> list[Run]:
    """Return the latest runs, the newest first."""
    uow.require(Verb.READ, "subject_request")
    found = select(Job).where(col(Job.kind) == KIND).order_by(col(Job.created_at).desc()).limit(RUNS)
    jobs = list(uow.session.exec(found))
    people = references.titles(uow, "user", {job.user_id for job in jobs if job.user_id})
    sampled = [UUID(one) for job in jobs[:1] for one in (job.result or {}).get("sample", []) if one]
    names = references.titles(uow, "customer", sampled)
    made = []
    for job in jobs:
        told = job.result or {}
        n = {name: int(told.get(name, 0)) for name in COUNTS}
        made.append(
            Run(
                id=str(job.id),
                dry=bool(job.arguments["dry"]),
                state=job.state,
                at=job.created_at.isoformat(),
                who=people.get(job.user_id, "") if job.user_id else "",
                before=job.arguments["before"],
                percent=round(100 * job.done / job.total) if job.total else 0,
                error=job.error or "",
                sample=[names[UUID(one)] for one in told.get("sample", []) if one and UUID(one) in names],
                **n,
            )
        )
    return made


def _unused(uow: UnitOfWork, before: datetime, *columns: Any) -> Any:
    """Select people with whom nothing has happened since, nor is planned; archived ones too."""
    touched = (
        exists()
        .where(
            col(ChangeRow.customer_id) == Customer.id,
            col(ChangeRow.set_id) == ChangeSet.id,
            col(ChangeSet.at) >= before,
        )
        .correlate(Customer)
    )
    tests: list[ColumnElement[bool]] = [
        col(Customer.kind) == "contact", col(Customer.created_at) < before,
        *(getattr(Customer, name).is_(None) for name in ("merged_into_id", "erased_at", "restricted_at")),
        *(or_(getattr(Customer, name).is_(None), getattr(Customer, name) < before)
          for name in ("last_contact_at", "next_step_at")),
        ~touched,
    ]  # fmt: skip
    return uow.select("customer", archived=True).with_only_columns(*columns).where(*tests)


def _how(status_id: UUID | None, prospects: Sequence[str]) -> str:
    """Return what becomes of somebody: a prospect goes for good, of a buyer the figures stay."""
    return "erase" if status_id is not None and str(status_id) in prospects else "anonymise"
