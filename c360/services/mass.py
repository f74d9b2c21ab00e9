"""Bulk statements that keep the journal: many rows of one table changed at once, each with its before and after.

They pass the session's hook by, so whoever calls them has checked the rights of every row.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Date, DateTime, Uuid, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from c360.core.clock import utc_now
from c360.core.fold import fold
from c360.registry.entity import Entity, merge_policy
from c360.registry.record import Owned, Row
from c360.services.journal import told_of
from c360.services.uow import UnitOfWork

AT_ONCE = 500
"""Ids named in one statement."""
TOGETHER = 20_000
"""Ids named in one statement that deletes."""
T = TypeVar("T")


@dataclass
class Change:
    """One row on its way to other values: names of fields to JSON, custom ones as ``custom.<key>``."""

    entity: Entity
    id: UUID
    version: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    customer_id: UUID | None = None
    custom: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    source: Any = None


def chunks(items: Sequence[T], size: int = AT_ONCE) -> Iterator[Sequence[T]]:
    """Yield a sequence in parts."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def table_of(entity: Entity) -> Any:
    """Return the table of an entity."""
    model: Any = entity.model
    return model.__table__


def held(uow: UnitOfWork, entity: Entity, ids: Sequence[UUID], *names: str, lock: bool = True) -> dict[UUID, Any]:
    """Return rows by id with their version, owner and these columns; locked ones stay so until the work is done."""
    table = table_of(entity)
    wanted = ["id", "version", *(["owner_id"] if issubclass(entity.model, Owned) else []), *names]
    columns = [table.c[name] for name in dict.fromkeys(wanted)]
    found: dict[UUID, Any] = {}
    for part in chunks(sorted(ids, key=attrgetter("int"))):
        query = select(*columns).where(table.c.id.in_(part)).order_by(table.c.id)
        rows = uow.session.execute(query.with_for_update() if lock else query)
        found |= {row.id: row for row in rows}
    return found


def typed(model: type[Row], name: str, value: Any) -> Any:
    """Return a value of the journal as its column takes it."""
    if not isinstance(value, str):
        return value
    column = model.__table__.c[name].type  # pyright: ignore[reportAttributeAccessIssue]
    kind = getattr(column, "impl_instance", column)
    if isinstance(kind, Uuid):
        return UUID(value)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value


def parents(uow: UnitOfWork, changes: Sequence[Change]) -> dict[UUID, set[UUID]]:
    """Return the customers each part belongs to: one, or the two it stands between."""
    found = {c.id: {c.customer_id} if c.customer_id else set() for c in changes if c.entity.within}
    for item in changes:
        if item.entity.across:
            table, name = table_of(item.entity), item.entity.across
            told = {**item.before, **item.after}.get(name)
            kept = select(table.c[name]).where(table.c.id == item.id)
            other = UUID(str(told)) if told else uow.session.execute(kept).scalar_one_or_none()
            found[item.id] |= {other} if other else set()
    return found


def change(uow: UnitOfWork, changes: Sequence[Change]) -> list[Change]:
    """Set new values on rows of one table; return those the database refused, with the reason."""
    failed = _attempt(uow, changes, _update)
    lost = {id(c) for c in failed}
    for done in (c for c in changes if id(c) not in lost):
        uow.draft.note(done.entity.key, done.id, "update", done.before, done.after, done.version + 1, done.customer_id)
    return failed


def remove(uow: UnitOfWork, changes: Sequence[Change]) -> list[Change]:
    """Delete rows of one table for good; ``before`` is all they held. Return those the database refused."""
    failed = _attempt(uow, changes, _delete)
    lost = {id(c) for c in failed}
    for done in (c for c in changes if id(c) not in lost):
        uow.draft.note(done.entity.key, done.id, "delete", done.before, None, done.version, done.customer_id)
    return failed


def bring_back(uow: UnitOfWork, changes: Sequence[Change]) -> list[Change]:
    """Insert rows of one table as they were, under their ids; return those the database refused."""
    failed = _attempt(uow, changes, _insert)
    lost = {id(c) for c in failed}
    for done in (c for c in changes if id(c) not in lost):
        uow.draft.note(done.entity.key, done.id, "create", None, done.after, done.version + 1, done.customer_id)
    return failed


def add(uow: UnitOfWork, entity: Entity, rows: Sequence[Mapping[str, Any]], customer: str = "") -> None:
    """Insert new rows of typed values, each with its id; ``customer`` names the column of who they belong to."""
    model: Any = entity.model
    now, actor = utc_now(), uow.actor.user_id
    stamp = {"version": 1, "created_at": now, "updated_at": now, "created_by_id": actor, "updated_by_id": actor}
    filled = [{**_defaults(model), **stamp, **row} for row in rows]
    if filled:
        uow.session.connection().execute(insert(table_of(entity)), filled)
    for row in filled:
        of = row[customer] if customer else None
        uow.draft.note(entity.key, row["id"], "create", None, told_of(model, row), 1, of)


def _attempt(
    uow: UnitOfWork, changes: Sequence[Change], write: Callable[[UnitOfWork, Sequence[Change]], None]
) -> list[Change]:
    """Write all at once; when the database refuses, halve until the rows it means stand alone."""
    if not changes:
        return []
    try:
        with uow.session.begin_nested():
            write(uow, changes)
    except IntegrityError as error:
        if len(changes) > 1:
            middle = len(changes) // 2
            return [*_attempt(uow, changes[:middle], write), *_attempt(uow, changes[middle:], write)]
        changes[0].reason = "taken" if "unique" in str(error.orig).lower() else "in_use"
        return [*changes]
    return []


def _update(uow: UnitOfWork, changes: Sequence[Change]) -> None:
    table = table_of(changes[0].entity)
    alike: dict[str, list[Change]] = defaultdict(list)
    for item in changes:
        own = any(name.startswith("custom.") for name in item.after)
        alike[repr((item.after, own and item.custom))].append(item)
    alone: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    connection = uow.session.connection()
    for group in alike.values():
        values = _columns(group[0])
        if len(group) == 1:
            alone[tuple(values)].append({"b_id": group[0].id, **{f"b_{n}": v for n, v in values.items()}})
            continue
        stamp = _stamp(uow, group[0].entity.model, values)
        for part in chunks([item.id for item in group]):
            connection.execute(
                update(table).where(table.c.id.in_(part)).values(**values, **stamp, version=table.c.version + 1)
            )
    for names, rows in alone.items():
        stamp = _stamp(uow, changes[0].entity.model, names)
        bound = {name: bindparam(f"b_{name}", type_=table.c[name].type) for name in names}
        connection.execute(
            update(table).where(table.c.id == bindparam("b_id", type_=table.c.id.type))
            .values(**bound, **stamp, version=table.c.version + 1),
            rows,
        )  # fmt: skip


def _stamp(uow: UnitOfWork, model: type[Row], names: Iterable[str]) -> dict[str, Any]:
    """Return who wrote when; a row that only follows its customer through a merge says what it said before."""
    if all(n in model.model_fields and merge_policy(model, n) is not None for n in names):
        return {}
    return {"updated_at": utc_now(), "updated_by_id": uow.actor.user_id}


def _columns(item: Change) -> dict[str, Any]:
    """Return the columns a change sets, the derived ones included."""
    model = item.entity.model
    values = {n: typed(model, n, v) for n, v in item.after.items() if not n.startswith("custom.")}
    values = {n: _default(model, n) if v is None else v for n, v in values.items()}
    if len(values) < len(item.after):
        merged = {**item.custom, **{n[7:]: v for n, v in item.after.items() if n.startswith("custom.")}}
        values["custom"] = {n: v for n, v in merged.items() if v is not None}
    if "name" in values and "sort_name" in model.model_fields:
        values["sort_name"] = fold(values["name"])[: _length(model, "sort_name")]
    return values


def _length(model: type[Row], name: str) -> int | None:
    return model.__table__.c[name].type.length  # pyright: ignore[reportAttributeAccessIssue]


def _delete(uow: UnitOfWork, changes: Sequence[Change]) -> None:
    table = table_of(changes[0].entity)
    # Few statements, so that rows that name each other can go together.
    for part in chunks([item.id for item in changes], TOGETHER):
        uow.session.connection().execute(delete(table).where(table.c.id.in_(part)))


def _insert(uow: UnitOfWork, changes: Sequence[Change]) -> None:
    model: Any = changes[0].entity.model
    stamp = {"updated_at": utc_now(), "updated_by_id": uow.actor.user_id}
    rows = [
        {**_defaults(model), **_columns(item), **stamp, "id": item.id, "version": item.version + 1} for item in changes
    ]
    uow.session.connection().execute(insert(table_of(changes[0].entity)), rows)


def _default(model: type[Row], name: str) -> Any:
    """Return what a column holds when nothing is given: an empty list rather than nothing."""
    info = model.model_fields[name]
    if info.default_factory is not None:
        return {list: [], dict: {}}.get(info.default_factory)  # pyright: ignore[reportArgumentType, reportCallIssue]
    return None if info.is_required() else info.default


@cache
def _defaults(model: Any) -> dict[str, Any]:
    return {name: _default(model, name) for name in model.model_fields}


def by_table(changes: Iterable[Change], tables: Sequence[Any]) -> list[list[Change]]:
    """Return changes grouped by table, in the order of the tables."""
    groups: dict[Any, list[Change]] = defaultdict(list)
    for item in changes:
        groups[table_of(item.entity)].append(item)
    return [groups[table] for table in tables if table in groups]
