"""Changes turned round: what must be written so that rows say again what they said before, and how that went."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Text, cast, select
from sqlmodel import SQLModel

from c360.models.journal import ChangeRow
from c360.query.expressions import plain
from c360.registry.entity import Entity, entity_for
from c360.services import mass, references
from c360.services.journal import SEALED
from c360.services.mass import Change
from c360.services.uow import UnitOfWork

LISTED = 1_000
"""Conflicts a result lists; all are counted."""


class Told(NamedTuple):
    """What is read of a change row to turn it round."""

    entity: str
    record_id: UUID
    op: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    version: int
    customer_id: UUID | None
    salt: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that could not be restored: its former value and the one it has now."""

    field: str
    former: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Kept:
    """A row that was left alone, and why: changed, gone, taken, in_use, forbidden or secret since."""

    entity: str
    record_id: str
    label: str
    reason: str
    fields: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class UndoOutcome:
    """How many rows were restored and which were not."""

    set_id: UUID
    restored: int
    kept: int
    conflicts: list[Kept]


def read(uow: UnitOfWork, set_id: UUID) -> list[Change]:
    """Return a whole change set turned round, the last row first; what many rows say alike is read once."""
    table: Any = ChangeRow.__table__
    sides = {name: cast(table.c[name], Text).label(name) for name in ("before", "after")}
    columns: Any = [sides.get(name, table.c[name]) for name in Told._fields]
    found = select(*columns).where(table.c.set_id == set_id).order_by(table.c.position.desc())
    said = cache(json.loads)
    made = []
    for entity, record_id, op, before, after, version, customer_id, salt in uow.session.execute(found):
        was, now = (said(side) if side is not None else None for side in (before, after))
        made.append(turned(Told(entity, record_id, op, was, now, version, customer_id, salt)))
    return made


def turned(row: Any) -> Change:
    """Return a change row turned round: what must be written to undo it."""
    entity = entity_for(row.entity)
    before, after = row.before or {}, row.after or {}
    if row.op == "update" and (SEALED in before.values() or SEALED in after.values()):
        names = [n for n in before if SEALED not in (before[n], after.get(n))]
        before, after = {n: before[n] for n in names}, {n: after.get(n) for n in names}
    made = Change(entity, row.record_id, row.version, after, before, row.customer_id, source=row.op)
    if row.salt is None:
        made.reason = "erased"
    elif row.op == "create" and entity.changeable is not None:
        made.reason = "append_only"
    elif (row.op == "update" and not before) or (row.op == "delete" and SEALED in before.values()):
        made.reason = "secret"
    return made


def write(uow: UnitOfWork, changes: Sequence[Change]) -> list[Change]:
    """Write every change in an order the references allow; what the database refuses is tried once more at the end.

    A row may take a value only once another has given it up, and may go only once nothing names it any more.
    """
    tables = SQLModel.metadata.sorted_tables
    back = mass.by_table([c for c in changes if c.source == "delete"], tables)
    other = mass.by_table([c for c in changes if c.source == "update"], tables)
    gone = mass.by_table([c for c in changes if c.source == "create"], tables[::-1])
    waiting = [mass.bring_back(uow, group) for group in back]
    later = [mass.change(uow, group) for group in other]
    left = [mass.remove(uow, group) for group in gone]
    for groups, write in ((waiting, mass.bring_back), (later, mass.change), (left, mass.remove)):
        for again in filter(None, groups):
            for item in again:
                item.reason = ""
            write(uow, again)
    return [c for c in changes if not c.reason]


def explained(uow: UnitOfWork, kept: Sequence[Change]) -> list[Kept]:
    """Return the rows left alone as the actor may read them."""
    told: list[Kept] = []
    by_entity: dict[str, list[Change]] = {}
    for item in kept:
        by_entity.setdefault(item.entity.key, []).append(item)
    for key, items in by_entity.items():
        titles = references.titles(uow, key, [item.id for item in items])
        readable = set(uow.fields(key))
        for item in items:
            fields = _fields(uow, item.entity, item, readable) if item.id in titles else ()
            told.append(Kept(key, str(item.id), titles.get(item.id, ""), item.reason, fields))
    return told


def _fields(uow: UnitOfWork, entity: Entity, item: Change, readable: set[str]) -> tuple[Difference, ...]:
    record: Any = uow.session.get(entity.model, item.id)
    if item.source != "update" or record is None:
        return ()
    found = []
    for name, former in item.after.items():
        short = name.removeprefix("custom.")
        if short in readable:
            now = record.custom.get(short) if name.startswith("custom.") else plain(getattr(record, name))
            found.append(Difference(short, former, now))
    return tuple(found)
