"""One change of many records: previewed for real and rolled back, done in chunks, undone like any other.

Rows outside the reach of the verb are refused by name; a row the rules refuse does not stop the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, not_
from sqlmodel import select

from c360.core.i18n import text
from c360.models.customer import Customer
from c360.models.job import Job
from c360.query.scope import reach
from c360.registry.entity import entity_for
from c360.services import queue, references, selection
from c360.services.bulk_changes import Plan, planned
from c360.services.told import Teller
from c360.services.uow import UnitOfWork

AT_ONCE = 1_000
"""Rows changed while a person waits; more is a job, and its chunks have this size too."""
TRIED = 200
"""Rows a preview changes for real before it takes everything back."""
SHOWN = 20
"""Refused rows a preview names."""
LISTED = 1_000
"""Failed rows a result names; all are counted."""

Failure = tuple[str, str, str]
"""A row that was not changed: id, what it is called, why."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One row as the change would leave it: (label, old, new) of each field."""

    id: str
    label: str
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do: how many rows, how many of them are allowed, which are not, and five examples."""

    total: int
    allowed: int
    refused: list[Failure]
    samples: list[Sample]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change did: ``act_id`` is what undo asks for; with ``job_id`` the work goes on in the background."""

    act_id: UUID | None
    job_id: UUID | None
    done: int
    total: int
    failed: list[Failure] = field(default_factory=list)


def preview(uow: UnitOfWork, key: str, chosen: Mapping[str, Any], change: Mapping[str, Any]) -> Preview:
    """Try a change on the first rows and take it back; needs a unit of work that may write, and writes nothing."""
    picked, plan = selection.from_json(key, chosen), planned(uow, key, change)
    may = _may(uow, key, plan)
    total, allowed = selection.count(uow, key, picked), selection.count(uow, key, picked, may)
    refused = _named(uow, key, selection.ids(uow, key, picked, not_(may), limit=SHOWN), "forbidden")
    ids = selection.ids(uow, key, picked, may, limit=TRIED)
    uow.flush()
    kept = uow.draft.rows, uow.draft.customers
    uow.draft.rows, uow.draft.customers = {}, set()
    trial = uow.session.begin_nested()
    try:
        failed = plan.apply(uow, ids)
        rows = uow.draft.told()
    finally:
        trial.rollback()
        uow.session.expire_all()
        uow.draft.rows, uow.draft.customers = kept
    return Preview(total, allowed, [*refused, *_failures(uow, key, failed)][:SHOWN], _samples(uow, key, rows))


def apply(uow: UnitOfWork, key: str, chosen: Mapping[str, Any], change: Mapping[str, Any]) -> Outcome:
    """Change every row of a selection the actor may change; more than a thousand become a job."""
    picked, plan = selection.from_json(key, chosen), planned(uow, key, change)
    total = selection.count(uow, key, picked)
    if total > AT_ONCE:
        job_id = queue.enqueue(uow, "bulk.change", entity=key, selection=dict(chosen), change=dict(change))
        return Outcome(job_id, job_id, 0, total)
    done, failed = _chunk(uow, key, plan, selection.ids(uow, key, picked, limit=AT_ONCE))
    uow.log(f"bulk.{plan.kind}", entity=key, done=done, failed=len(failed))
    return Outcome(uow.draft.set_id if uow.draft.told() else None, None, done, total, failed[:LISTED])


def step(uow: UnitOfWork, job: Job) -> bool:
    """Change the next thousand rows of a job's selection; answer whether there may be more."""
    key = str(job.arguments["entity"])
    picked = selection.from_json(key, job.arguments["selection"])
    plan = planned(uow, key, job.arguments["change"])
    result = job.result or {"done": 0, "failed": 0, "failures": [], "after": None}
    if not job.total:
        job.total = selection.count(uow, key, picked)
    after = UUID(result["after"]) if result["after"] else None
    # A row the filter no longer finds because it was changed lies behind; one made meanwhile is not meant.
    ids = selection.ids(uow, key, picked, limit=AT_ONCE, after=after, until=job.created_at)
    if not ids:
        job.result = result
        return False
    done, failed = _chunk(uow, key, plan, ids)
    uow.log(f"bulk.{plan.kind}", entity=key, done=done, failed=len(failed))
    room = max(LISTED - len(result["failures"]), 0)
    job.result = {
        "done": result["done"] + done, "failed": result["failed"] + len(failed), "after": str(ids[-1]),
        "failures": [*result["failures"], *map(list, failed[:room])],
    }  # fmt: skip
    job.done += len(ids)
    job.cursor += 1
    return len(ids) == AT_ONCE


def _chunk(uow: UnitOfWork, key: str, plan: Plan, ids: Sequence[UUID]) -> tuple[int, list[Failure]]:
    model: Any = entity_for(key).model
    tests = (model.id.in_(ids), _may(uow, key, plan))
    allowed = list(uow.session.exec(select(model.id).where(*tests).order_by(model.id)))
    failed = plan.apply(uow, allowed) if allowed else []
    refused = _named(uow, key, sorted(set(ids) - set(allowed)), "forbidden")
    return len(allowed) - len(failed), [*refused, *_failures(uow, key, failed)]


def _may(uow: UnitOfWork, key: str, plan: Plan) -> ColumnElement[bool]:
    return and_(*(reach(entity_for(key), uow.actor, verb) for verb in plan.verbs))


def _named(uow: UnitOfWork, key: str, ids: Sequence[UUID], reason: str) -> list[Failure]:
    titles = references.titles(uow, key, ids)
    said = text(uow.actor.language, f"bulk.reason.{reason}")
    return [(str(i), titles.get(i, ""), said) for i in ids]


def _failures(uow: UnitOfWork, key: str, failed: Sequence[tuple[UUID, str]]) -> list[Failure]:
    titles = references.titles(uow, key, [i for i, _ in failed])
    return [(str(i), titles.get(i, ""), reason) for i, reason in failed]


def _samples(uow: UnitOfWork, key: str, rows: Sequence[Mapping[str, Any]]) -> list[Sample]:
    """Return the first rows of a trial as a person reads them."""
    shown = rows[:5]
    teller = Teller(uow)
    teller.learn((row["entity"], side or {}) for row in shown for side in (row["before"], row["after"]))
    of = {row["customer_id"] or row["record_id"] for row in shown}
    names = references.titles(uow, "customer" if entity_for(key).model is Customer else key, of)
    found = []
    for row in shown:
        told, (old, new) = row["entity"], (row["before"] or {}, row["after"] or {})
        fields = [n for n in dict.fromkeys([*old, *new]) if teller.tells(told, n)]
        lines = [
            (teller.label(told, n), teller.text(told, n, old.get(n)), teller.text(told, n, new.get(n))) for n in fields
        ]
        one = row["customer_id"] or row["record_id"]
        found.append(Sample(str(one), names.get(one, ""), tuple(lines)))
    return found
