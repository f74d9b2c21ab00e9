"""Histories: who changed what of a record and when, from what to what; and the same over everything, for auditors."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.errors import Conflict, NotFound
from c360.core.i18n import text
from c360.models.customer import Customer
from c360.models.job import ImportBatch, Job
from c360.models.journal import ChangeRow, ChangeSet
from c360.models.user import User
from c360.query.moments import midnight
from c360.registry.entity import entity_for
from c360.services import mass, merged, records, references, sides
from c360.services.journal import SEALED
from c360.services.told import LIFE, Teller, entity_label
from c360.services.uow import UnitOfWork

DAYS = 90
"""How far back a history looks unless a time frame is set."""
MOST = 100
"""Change sets of one page."""
ROWS = 60
"""Changed rows of one set that are told; the others are counted."""
BACK: Any = aliased(ChangeSet)
UNDONE = select(BACK.reverses_id).where(BACK.reverses_id.in_(bindparam("ids", expanding=True)))
PRIVATE = {"tagging": "tag_id", "folder_member": "folder_id", "group_place": "member_id"}
"""Parts that are told only to those who may see what they name: a private tag is nobody else's."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field's change as text; ``row_id`` and ``field`` are what restoring the old value asks for."""

    field: str
    label: str
    old: str
    new: str
    row_id: str
    restorable: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One changed row: what it is, what happened to it, and its lines."""

    entity: str
    entity_label: str
    record_id: str
    title: str
    op: str
    lines: tuple[Line, ...]
    whose: str = ""
    """The record it happened to, where that was merged into the one the page is about."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change set as a person reads it; ``more`` counts the rows the page is about beyond those read for it."""

    set_id: str
    seq: int
    at: datetime
    who: str
    action: str
    source: str
    more: int
    parts: tuple[Part, ...]
    undone: bool
    undoable: bool
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, the newest first, and where the next page begins (None at the end)."""

    entries: tuple[Entry, ...]
    after: int | None


def of(
    uow: UnitOfWork, key: str, record_id: UUID, *, since: date | None = None, until: date | None = None,
    name: str = "", after: int | None = None, limit: int = 30,
) -> Page:  # fmt: skip
    """Return what happened to a record and its parts in a time frame, optionally to one field only."""
    uow.get(key, record_id, archived=True)
    uow.saw("history", key, record_id)
    # What happened to those who were merged into him is his history too.
    customers = merged.family(uow.session, [record_id]) if entity_for(key).model is Customer else []
    mine = [sides.about(customers) if customers else col(ChangeRow.record_id) == record_id]
    if name:
        if name not in uow.fields(key):
            raise NotFound("history.field")
        mine.append(or_(*(_names(name)[i] for i in range(4))))
    others = references.titles(uow, "customer", set(customers) - {record_id})
    return page(uow, mine, [*between(since, until)], after, limit, others)


def fields_of(uow: UnitOfWork, key: str) -> list[tuple[str, str]]:
    """Return the fields a history can be narrowed to, as name and label."""
    teller = Teller(uow)
    names = (name for name, spec in uow.fields(key).items() if spec.source != "computed" and teller.shown(key, name))
    return sorted(((name, teller.label(key, name)) for name in names), key=lambda pair: pair[1].casefold())


def restore_value(uow: UnitOfWork, row_id: UUID, name: str, version: int | None = None) -> None:
    """Give one field the value it had before a change; every other field stays as it is."""
    row = uow.session.get(ChangeRow, row_id)
    former = (row.before or {}) if row else {}
    if row is None or row.op != "update" or name not in former or former[name] == SEALED:
        raise NotFound("history.value")
    entity = entity_for(row.entity)
    record = uow.get(row.entity, row.record_id, Verb.UPDATE)
    if version is not None and version != record.version:
        raise Conflict("error.stale", version=record.version)
    short = name.removeprefix("custom.")
    if short not in uow.fields(row.entity):
        raise NotFound("history.value")
    value = former[name] if name.startswith("custom.") else mass.typed(entity.model, name, former[name])
    records.assign(uow, entity, record, {short: value})
    uow.log(f"{row.entity}.value_restored", field=short)


def last_of(uow: UnitOfWork, key: str, record_id: UUID) -> UUID:
    """Return the actor's own last change of a customer that still stands and touched no other customer."""
    uow.get(key, record_id, Verb.UPDATE, archived=True)
    here = select(ChangeRow.set_id).where(ChangeRow.customer_id == record_id)
    reversed_ = select(BACK.reverses_id).where(col(BACK.reverses_id).is_not(None))
    mine = select(ChangeSet.id).where(
        ChangeSet.actor_id == uow.actor.user_id, col(ChangeSet.id).in_(here), col(ChangeSet.reverses_id).is_(None)
    )
    found = uow.session.exec(
        mine.where(col(ChangeSet.id).not_in(reversed_)).order_by(col(ChangeSet.seq).desc())
    ).first()
    if found is None:
        raise NotFound("undo.nothing")
    wide = select(ChangeRow.id).where(ChangeRow.set_id == found, col(ChangeRow.customer_id).is_distinct_from(record_id))
    if uow.session.exec(wide.limit(1)).first() is not None:
        raise Conflict("undo.wide")
    return found


def _names(name: str) -> list[ColumnElement[bool]]:
    sides = (col(ChangeRow.before), col(ChangeRow.after))
    return [side[n].as_string().is_not(None) for side in sides for n in (name, f"custom.{name}")]


def between(since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    """Return the test that a set was made in a time frame, its last day included."""
    found = [col(ChangeSet.at) >= midnight(since)] if since else []
    return [*found, *([col(ChangeSet.at) < midnight(until + timedelta(days=1))] if until else [])]


def page(
    uow: UnitOfWork, rows: list[ColumnElement[bool]], sets: list[ColumnElement[bool]], after: int | None, limit: int,
    merged_in: Mapping[UUID, str] = MappingProxyType({}),
) -> Page:  # fmt: skip
    """Return change sets that pass the tests and have rows that do, the newest first.

    ``merged_in`` names the records whose changes are told as having happened to them.
    """
    limit = min(max(limit, 1), MOST)
    found = select(ChangeSet).where(*sets)
    if rows:
        found = found.where(col(ChangeSet.id).in_(select(ChangeRow.set_id).where(*rows)))
    if after is not None:
        found = found.where(col(ChangeSet.seq) < after)
    heads = uow.session.exec(found.order_by(col(ChangeSet.seq).desc()).limit(limit + 1)).all()
    first = heads[:limit]
    return Page(told(uow, first, rows, merged_in), first[-1].seq if len(heads) > limit else None)


def told(
    uow: UnitOfWork, heads: Sequence[ChangeSet], tests: Sequence[ColumnElement[bool]],
    merged_in: Mapping[UUID, str] = MappingProxyType({}),
) -> tuple[Entry, ...]:  # fmt: skip
    """Return change sets as this reader may read them, each with those of its rows that pass the tests."""
    changed, numbers = _rows(uow, heads, tests)
    teller = Teller(uow)
    teller.learn((r.entity, side or {}) for rows in changed.values() for r in rows for side in (r.before, r.after))
    names = _people(uow, {head.actor_id for head in heads if head.actor_id})
    sources = _sources(uow, heads)
    undone = set(uow.session.scalars(UNDONE, {"ids": [head.id for head in heads]}))
    shown = [row for rows in changed.values() for row in rows]
    titles, unseen, between_two = _titles(uow, shown), sides.withheld(uow, shown), sides.seen(uow, shown)
    system = text(uow.actor.language, "history.system")
    return tuple(
        Entry(
            set_id=str(head.id),
            seq=head.seq,
            at=head.at,
            who=names.get(head.actor_id, system) if head.actor_id else system,
            action=action_label(uow.actor.language, head.action),
            source=sources.get(head.id, ""),
            more=max(numbers.get(head.id, 0) - len(changed[head.id]), 0),
            parts=tuple(
                replace(part, whose=merged_in.get(row.customer_id, "") if row.customer_id else "")
                for row in changed[head.id]
                if sides.told(row, between_two) and (part := _part(teller, row, titles, unseen))
            ),
            undone=head.id in undone,
            undoable=head.rows > 0 and head.id not in undone,
            details=head.details,
        )
        for head in heads
    )


def _rows(
    uow: UnitOfWork, heads: Sequence[ChangeSet], tests: Sequence[ColumnElement[bool]]
) -> tuple[Mapping[UUID, Sequence[ChangeRow]], Mapping[UUID, int]]:
    """Return the first rows of each set that pass the tests, and how many do: a history counts what it is about."""
    set_id, position = col(ChangeRow.set_id), col(ChangeRow.position)
    place = func.row_number().over(partition_by=set_id, order_by=position).label("place")
    number = func.count().over(partition_by=set_id).label("number")
    narrowed = tests or [position < ROWS]
    passing = select(ChangeRow.id, place, number).where(set_id.in_([head.id for head in heads]), *narrowed).subquery()
    found = select(ChangeRow, passing.c.number).join(passing, passing.c.id == ChangeRow.id)
    changed: dict[UUID, list[ChangeRow]] = defaultdict(list)
    numbers = {} if tests else {head.id: head.rows for head in heads}
    for row, count in uow.session.execute(found.where(passing.c.place <= ROWS).order_by(position)):
        changed[row.set_id].append(row)
        numbers.setdefault(row.set_id, count)
    for rows in changed.values():
        rows.sort(key=lambda row: (row.record_id != row.customer_id, row.position))  # The record before its parts.
    return changed, numbers


def _part(teller: Teller, row: ChangeRow, titles: dict[UUID, str], unseen: set[UUID]) -> Part | None:
    before, after = row.before or {}, row.after or {}
    named = PRIVATE.get(row.entity)
    if named and not teller.names(row.entity, named, after.get(named) or before.get(named)):
        return None
    lines = []
    for name in dict.fromkeys([*before, *after]):
        if not teller.tells(row.entity, name):
            continue
        old, new = (teller.text(row.entity, name, side.get(name)) for side in (before, after))
        can = row.op == "update" and before.get(name) != SEALED and name not in LIFE
        lines.append(Line(name, teller.label(row.entity, name), old, new, str(row.id), can))
    label = entity_label(teller.language, row.entity)
    if row.salt is None:
        return Part(row.entity, label, str(row.record_id), "", "erased", ())
    if row.record_id in unseen:
        return Part(row.entity, label, str(row.record_id), "", row.op, ())
    return Part(row.entity, label, str(row.record_id), titles.get(row.record_id, ""), row.op, tuple(lines))


def _titles(uow: UnitOfWork, rows: Sequence[ChangeRow]) -> dict[UUID, str]:
    """Return what the customers of these rows are called, as far as the reader may see them."""
    ids = {row.customer_id for row in rows if row.customer_id and row.customer_id == row.record_id}
    return references.titles(uow, "customer", ids) if ids else {}


def _people(uow: UnitOfWork, ids: set[UUID]) -> dict[UUID | None, str]:
    return {i: name for i, name in uow.session.exec(select(User.id, User.name).where(col(User.id).in_(ids)))}


def _sources(uow: UnitOfWork, heads: Sequence[ChangeSet]) -> dict[UUID, str]:
    """Return where each set came from: an undo, an import and its file, a change of many at once; else a form."""
    language = uow.actor.language
    causes = {head.cause_id for head in heads if head.cause_id}
    kinds = select(Job.id, Job.kind).where(col(Job.id).in_(causes))
    jobs = {i: kind for i, kind in (uow.session.exec(kinds) if causes else ())}
    batches = select(ImportBatch.id, ImportBatch.job_id, ImportBatch.file_name)
    batches = batches.where(or_(col(ImportBatch.job_id).in_(causes), col(ImportBatch.id).in_(causes)))
    files = {
        i: name
        for row in (uow.session.exec(batches) if causes else ())
        for i, name in ((row[0], row[2]), (row[1], row[2]))
    }
    found = {}
    for head in heads:
        kind = jobs.get(head.cause_id, "") if head.cause_id else ""
        if head.reverses_id:
            found[head.id] = text(language, "history.source.undo")
        elif head.cause_id in files:
            found[head.id] = text(language, "history.source.import", file=files[head.cause_id])
        elif kind == "bulk.change" or head.action.startswith("bulk."):
            found[head.id] = text(language, "history.source.bulk")
    return found


def action_label(language: str, action: str) -> str:
    """Return an action as a person reads it: ``contact.updated`` is "Contact: changed"."""
    key, _, verb = action.partition(".")
    past = text(language, f"action.{verb}", default=verb.replace("_", " "))
    return text(language, f"action.{action}", default=f"{entity_label(language, key)}: {past}")
