"""The rows of a list and how many there are."""

import json
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement

from c360.core.clock import today
from c360.core.errors import Invalid
from c360.registry.entity import FieldSpec, entity_for
from c360.services import journal
from c360.services.listing import cells, related, statement
from c360.services.listing.query import WIDEST, Count, ListQuery, Page, to_json
from c360.services.uow import UnitOfWork

KEPT = 2_000
"""How many counts a process remembers."""
_counts: OrderedDict[tuple[Any, ...], Count] = OrderedDict()
_lock = Lock()


def rows(uow: UnitOfWork, query: ListQuery, start: int, end: int) -> Page:
    """Return the rows from ``start`` up to ``end``: one select, plain JSON values, the id first."""
    start, end = max(start, 0), min(end, max(start, 0) + WIDEST)
    shown = _columns(uow, query)
    names = tuple(spec.name for spec in shown)
    if end <= start:
        return Page(names, [], 0, False)
    tests = statement.conditions(uow, query)
    stored, computed = _parts(shown)
    walked = statement.walk(uow, query)
    if walked and _counted(uow, query, tests, exact=False).exact:
        walked = ""  # So few are sorted sooner than found on the way.
    found = uow.session.execute(statement.window(uow, query, stored, computed, start, end, tests, walked)).all()
    total = _total(uow, query, tests, start, end, len(found))
    return Page(names, _read(uow, shown, found), total.total, total.exact, _is_personal(shown))


def following(uow: UnitOfWork, query: ListQuery, after: UUID | None, limit: int) -> Page:
    """Return the rows made after a record, in that order: pages stay whole while others come and go."""
    model: Any = entity_for(query.entity).model
    return _found(uow, query, [*statement.conditions(uow, query), *([model.id > after] if after else [])], limit)


def only(uow: UnitOfWork, query: ListQuery, record_id: UUID) -> Page:
    """Return the one row of a list that shows a record, if it is there."""
    model: Any = entity_for(query.entity).model
    return _found(uow, query, [*statement.conditions(uow, query), model.id == record_id], 1)


def _found(uow: UnitOfWork, query: ListQuery, tests: Sequence[ColumnElement[bool]], limit: int) -> Page:
    shown = _columns(uow, query)
    stored, computed = _parts(shown)
    found = uow.session.execute(statement.as_made(query, stored, computed, limit, tests)).all()
    return Page(tuple(s.name for s in shown), _read(uow, shown, found), len(found), False, _is_personal(shown))


def _parts(shown: Sequence[FieldSpec]) -> tuple[list[str], list[FieldSpec]]:
    """Return the columns some fields are read from, and the fields that are worked out."""
    stored = list(dict.fromkeys(_stored(spec) for spec in shown if _stored(spec)))
    return stored, [spec for spec in shown if spec.source == "computed" and spec.sql is not None]


def _read(uow: UnitOfWork, shown: Sequence[FieldSpec], found: Sequence[Any]) -> list[list[Any]]:
    """Return the values of some fields from rows of what ``_parts`` named, as JSON."""
    stored, computed = _parts(shown)
    ids = [row[0] for row in found]
    extra = {spec.name: related.load(uow, spec, ids) for spec in shown if related.is_related(spec)}
    place = {name: i for i, name in enumerate([*stored, *(spec.name for spec in computed)])}
    return cells.named(uow, shown, [[_value(spec, row, place, extra) for spec in shown] for row in found])


def _is_personal(shown: Sequence[FieldSpec]) -> bool:
    return any(spec.personal for spec in shown)


def count(uow: UnitOfWork, query: ListQuery, *, exact: bool = True) -> Count:
    """Return how many rows a list has; remembered until something changes."""
    return _counted(uow, query, statement.conditions(uow, query), exact)


def ids(uow: UnitOfWork, query: ListQuery, limit: int) -> list[UUID]:
    """Return the ids of a list in its order, at most so many."""
    return list(uow.session.execute(statement.first_ids(uow, query, limit)).scalars())


def _columns(uow: UnitOfWork, query: ListQuery) -> list[FieldSpec]:
    entity = entity_for(query.entity)
    known = uow.fields(query.entity)
    wanted = query.columns or tuple(name for name in entity.columns if name in known)
    for name in wanted:
        if name not in known or known[name].kind.cell == "none":
            raise Invalid.field(name, "listing.column.unknown", field=name)
    return [known[name] for name in dict.fromkeys(("id", *wanted))]


def _stored(spec: FieldSpec) -> str:
    """Name the column a field is read from; a computed one has none."""
    return {"column": spec.name, "custom": "custom"}.get(spec.source, "")


def _value(spec: FieldSpec, row: Any, place: dict[str, int], extra: dict[str, dict[UUID, Any]]) -> Any:
    if spec.name in extra:
        return extra[spec.name].get(row[0], [])
    if spec.source == "custom":
        return (row[place["custom"]] or {}).get(spec.name)
    return row[place[spec.name]]


def _total(
    uow: UnitOfWork, query: ListQuery, tests: Sequence[ColumnElement[bool]], start: int, end: int, got: int
) -> Count:
    if got < end - start and (got or start == 0):
        # The last window tells the number itself.
        return Count(start + got, True)
    known = _counted(uow, query, tests, exact=False)
    return known if known.exact else Count(max(known.total, start + got), False)


def _counted(uow: UnitOfWork, query: ListQuery, tests: Sequence[ColumnElement[bool]], exact: bool) -> Count:
    key = _key(uow, query)
    for wanted in (True, exact):
        with _lock:
            if (known := _counts.get((*key, wanted))) is not None:
                _counts.move_to_end((*key, wanted))
                return known
    cap = None if exact else statement.COUNTED
    number = int(uow.session.execute(statement.counted(query, tests, cap)).scalar_one())
    found = Count(number, True) if cap is None or number <= cap else Count(cap, False)
    with _lock:
        _counts[*key, found.exact] = found
        while len(_counts) > KEPT:
            _counts.popitem(last=False)
    return found


def _key(uow: UnitOfWork, query: ListQuery) -> tuple[Any, ...]:
    """Return what a count depends on: the database as it is, the question, who asks, and the day."""
    actor = uow.actor
    asked = {k: v for k, v in to_json(query).items() if k not in ("columns", "sort")}
    who = (actor.user_id, tuple(sorted(actor.team_user_ids)), tuple(sorted(actor.hidden)), repr(actor.rights))
    return (
        str(uow.session.get_bind().engine.url), journal.last_seq(uow.session), json.dumps(asked, sort_keys=True), who,
        today(),
    )  # fmt: skip
