"""A profile as it stood at a moment: today's rows, with every change since taken back from the journal's own record.

Read-only, and within the reader's reach of today: what he may not see now he does not see as it was.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from c360.core.errors import NotFound
from c360.core.i18n import text
from c360.models.customer import Customer
from c360.models.journal import ChangeRow, ChangeSet
from c360.query.moments import midnight
from c360.registry.entity import Entity, entities, entity_for
from c360.registry.record import Row
from c360.services import mass, merged, sides
from c360.services.journal import told_of
from c360.services.told import Teller
from c360.services.uow import UnitOfWork

MOST = 1_000
"""Rows of one kind that are looked at, the newest first."""
SHOWN = 50
"""Rows of one kind that are told; the others are counted."""
READ: tuple[Any, ...] = tuple(map(col, (ChangeRow.entity, ChangeRow.record_id, ChangeRow.op, ChangeRow.before,
                                        ChangeRow.salt)))  # fmt: skip
"""What of a change takes it back."""
Values = dict[str, Any]
Records = dict[UUID, Values]


@dataclass(slots=True)
class Said:
    """One field as it stood."""

    label: str
    text: str


@dataclass(slots=True)
class Item:
    """One row that hung on the customer, by its fields."""

    id: str
    fields: list[Said] = field(default_factory=list)


@dataclass(slots=True)
class Shelf:
    """The rows of one kind; ``more`` counts those that are not told."""

    label: str
    rows: list[Item] = field(default_factory=list)
    more: int = 0


@dataclass(slots=True)
class AsOf:
    """A customer as he stood; ``emptied`` says that the journal of the time since was cleared in part."""

    name: str = ""
    facts: list[Said] = field(default_factory=list)
    shelves: list[Shelf] = field(default_factory=list)
    emptied: bool = False


@dataclass
class _Then:
    """The rows of one customer on their way back: values by entity and id, None for what was not there."""

    rows: dict[tuple[str, UUID], Values | None] = field(default_factory=dict)
    emptied: bool = False


def on(uow: UnitOfWork, key: str, record_id: UUID, day: date) -> AsOf:
    """Return a customer as he stood at the end of a day."""
    return as_of(uow, key, record_id, midnight(day + timedelta(days=1)))


def as_of(uow: UnitOfWork, key: str, record_id: UUID, at: datetime) -> AsOf:
    """Return a customer as he stood at a moment; ``NotFound`` when he was not there yet or is out of reach."""
    entity = entity_for(key)
    uow.get(key, record_id, archived=True)
    uow.saw("profile.as_of", key, record_id, at=at.isoformat())
    then = _rewound(uow, record_id, at)
    values = then.rows.get((key, record_id))
    if values is None:
        raise NotFound("asof.unborn")
    found = AsOf(emptied=then.emptied)
    by_entity: dict[str, list[tuple[UUID, Values]]] = defaultdict(list)
    for (of, one), row in sorted(then.rows.items(), key=lambda pair: pair[0][1], reverse=True):
        parents = entity_for(of).parents
        if row and not row.get("archived_at") and str(record_id) in (str(row.get(name)) for name in parents):
            by_entity[of].append((one, row))
    teller = Teller(uow)
    teller.learn([(key, values), *((of, row) for of, rows in by_entity.items() for _, row in rows[:SHOWN])])
    found.facts = list(_said(teller, entity, values))
    found.name = " ".join(
        filter(None, (teller.text(key, name, values.get(name)) for name in entity.title if teller.tells(key, name)))
    )
    for of in (one.key for one in entities() if one.key in by_entity):
        items = [Item(str(one), list(_said(teller, entity_for(of), row))) for one, row in by_entity[of][:SHOWN]]
        told = [item for item in items if item.fields]
        label = text(teller.language, f"entity.{of}.plural", default=entity_for(of).plural)
        if told:
            found.shelves.append(Shelf(label, told, len(by_entity[of]) - len(items)))
    return found


def records(uow: UnitOfWork, key: str, ids: Sequence[UUID], at: datetime) -> Records:
    """Return the values of customers of one kind as they stood at a moment, for whoever may see them."""
    then = _Then()
    _take(uow, then, "customer", set(ids))
    _rewind(uow, then, ids, at)
    return {one: then.rows.get((key, one)) or {} for one in ids}


def _said(teller: Teller, entity: Entity, values: Mapping[str, Any]) -> Iterator[Said]:
    """Yield what a row said, in the order of its fields; to whom it belongs goes without saying."""
    order = {name: n for n, name in enumerate(teller.specs(entity.key))}
    for name in sorted(values, key=lambda one: order.get(one.removeprefix("custom."), len(order))):
        if name not in entity.parents[:1] and teller.tells(entity.key, name):
            told = teller.text(entity.key, name, values[name])
            if told:
                yield Said(teller.label(entity.key, name), told)


def _rewound(uow: UnitOfWork, record_id: UUID, at: datetime) -> _Then:
    """Return the rows of a customer, and of all he became one with since, as they stood."""
    last = merged.survivors(uow.session, [record_id]).get(record_id, record_id)
    ids = merged.family(uow.session, [last])
    then, wanted = _Then(), dict[str, set[UUID]](customer={record_id})
    named = select(ChangeRow.entity, ChangeRow.record_id).join(ChangeSet, col(ChangeSet.id) == col(ChangeRow.set_id))
    for of, one in uow.session.exec(named.where(sides.about(ids), col(ChangeSet.at) > at).distinct()):
        if of not in ("contact", "account") and entity_for(of).within:
            wanted.setdefault(of, set()).add(one)
    for entity in _parts():
        model: Any = entity.model
        mine = or_(*(getattr(model, name).in_(ids) for name in entity.parents))
        wanted.setdefault(entity.key, set()).update(
            uow.session.exec(select(model.id).where(mine).order_by(model.id.desc()).limit(MOST))
        )
    for of, some in wanted.items():
        _take(uow, then, of, some)
    _rewind(uow, then, [one for some in wanted.values() for one in some], at)
    return then


def _parts() -> Iterable[Entity]:
    """Return every kind of row the journal tells of that hangs on a customer."""
    return (one for one in entities() if one.within and one.key != "customer" and issubclass(one.model, Row))


def _take(uow: UnitOfWork, then: _Then, of: str, ids: set[UUID]) -> None:
    """Take the rows as they stand now; what exists and the reader may not see stays away whatever it was."""
    entity = entity_for(of)
    model: Any = entity.model
    for part in mass.chunks(sorted(ids)):
        known = set(uow.session.exec(select(model.id).where(col(model.id).in_(part))))
        seen = uow.select(of, archived=True).where(col(model.id).in_(part))
        for row in uow.session.exec(seen):
            name = row.kind if model is Customer else of
            then.rows[name, row.id] = told_of(model, {n: getattr(row, n) for n in model.model_fields})
        if not (entity.scope or entity.beside or entity.across):
            # What is gone was told to whoever saw its customer.
            then.rows |= {(of, one): None for one in part if one not in known}


def _rewind(uow: UnitOfWork, then: _Then, ids: Sequence[UUID], at: datetime) -> None:
    """Take back every change of these rows since a moment, the newest first."""
    for part in mass.chunks(sorted(ids)):
        changes = select(*READ).join(ChangeSet, col(ChangeSet.id) == col(ChangeRow.set_id))
        changes = changes.where(col(ChangeRow.record_id).in_(part), col(ChangeSet.at) > at)
        for row in uow.session.execute(changes.order_by(col(ChangeSet.seq).desc(), col(ChangeRow.position).desc())):
            _back(then, row)


def _back(then: _Then, row: Any) -> None:
    """Take one change back."""
    key = (row.entity, row.record_id)
    if key not in then.rows:
        return
    then.emptied |= row.salt is None
    if row.op == "create":
        then.rows[key] = None
    else:
        then.rows[key] = {**(then.rows[key] or {}), **(row.before or {})}
