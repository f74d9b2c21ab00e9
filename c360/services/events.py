"""What happened, for other programs to follow: events read off the journal, in its order, each with its cause.

The journal is written in the transaction of the act itself, so an event exists if and only if the act does, and whoever
has fallen behind reads on from the last number he knows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists
from sqlmodel import col, select

from c360.models.journal import ChangeRow, ChangeSet
from c360.services import auditing
from c360.services.uow import UnitOfWork

NAMED = {f"{key}.{act}": f"customer.{act}" for key in ("contact", "account") for act in ("merged", "unmerged")}
"""Acts that are an event of their own, before the rows they change."""
DONE = {"create": "created", "update": "updated", "delete": "deleted"}
MOST = 1_000
"""Acts of one answer."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; ``cause`` is the same for an act and for every row it changed."""

    seq: int
    at: str
    kind: str
    cause: UUID
    payload: Mapping[str, Any]


def after(uow: UnitOfWork, seq: int = 0, *, kind: str = "", limit: int = MOST) -> Iterator[Event]:
    """Yield what happened after a number of the journal, of one kind if asked; for those who may read the journal."""
    auditing.require(uow)
    uow.saw("events", "journal")
    heads, tests = select(ChangeSet).where(ChangeSet.seq > seq), list(_rows_of(kind))
    if kind in NAMED.values():
        heads = heads.where(col(ChangeSet.action).in_([act for act, named in NAMED.items() if named == kind]))
    elif kind:
        heads = heads.where(exists().where(col(ChangeRow.set_id) == col(ChangeSet.id), *tests))
    for head in uow.session.exec(heads.order_by(col(ChangeSet.seq)).limit(min(limit, MOST))).all():
        named = NAMED.get(head.action)
        if named and kind in ("", named):
            payload = {name: head.details.get(name) for name in ("survivor", "losers")} | {"change_set": str(head.id)}
            yield _event(head, named, payload)
        if kind not in NAMED.values():
            yield from _changes(uow, head, tests)


def _rows_of(kind: str) -> Iterator[ColumnElement[bool]]:
    """Yield the tests that a row of the journal is of a kind; none where no kind is asked for."""
    if kind:
        entity, _, done = kind.rpartition(".")
        yield col(ChangeRow.entity) == entity
        yield col(ChangeRow.op).in_([op for op, told in DONE.items() if told == done])


def _changes(uow: UnitOfWork, head: ChangeSet, tests: Sequence[ColumnElement[bool]]) -> Iterator[Event]:
    rows = select(ChangeRow.entity, ChangeRow.op, ChangeRow.record_id, ChangeRow.customer_id)
    rows = rows.where(ChangeRow.set_id == head.id, *tests).order_by(col(ChangeRow.position))
    for entity, op, record_id, customer_id in uow.session.exec(rows.execution_options(yield_per=MOST)):
        whose = {"customer": str(customer_id)} if customer_id else {}
        yield _event(head, f"{entity}.{DONE[op]}", {"id": str(record_id), **whose})


def _event(head: ChangeSet, kind: str, payload: Mapping[str, Any]) -> Event:
    return Event(head.seq, head.at.isoformat(), kind, head.cause_id or head.id, payload)
