"""The records before and after one in the list a person came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal, or_, select
from sqlalchemy import false as sql_false

from c360.registry.entity import entity_for
from c360.services.listing import order, statement
from c360.services.listing.query import ListQuery
from c360.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The ids before and after a record, None at either end of the list or when it is not on it any more."""

    previous: UUID | None = None
    next: UUID | None = None


def neighbours(uow: UnitOfWork, query: ListQuery, record_id: UUID) -> Neighbours:
    """Return the records beside one, by the values it is sorted by: however long the list, nothing is counted."""
    entity = entity_for(query.entity)
    model: Any = entity.model
    keys = order.keys(entity, uow.fields(query.entity), query.sort)
    columns = [order.comparable(uow, entity, key.spec, model) for key in keys]
    tests = statement.conditions(uow, query)
    here = uow.session.execute(select(*columns, model.id).where(model.id == record_id, *tests)).one_or_none()
    if here is None:
        return Neighbours()
    falls = [key.descending for key in keys]
    # The id breaks ties in the direction of the last column of the sort.
    places = list(zip([*columns, model.id], [*falls, falls[-1] if falls else False], here, strict=True))
    found = []
    for backwards in (True, False):
        sorted_by = [_way(column, falling, backwards) for column, falling, _ in places]
        beyond = select(model.id).where(*tests, _beyond(places, backwards)).order_by(*sorted_by).limit(1)
        found.append(uow.session.execute(beyond).scalar_one_or_none())
    return Neighbours(*found)


def _way(column: Any, falling: bool, backwards: bool) -> Any:
    way = column.desc() if falling != backwards else column.asc()
    return way.nulls_first() if backwards else way.nulls_last()


def _beyond(places: Sequence[tuple[Any, bool, Any]], backwards: bool) -> ColumnElement[bool]:
    """Return the test that a row stands beyond the place: equal in the first columns, further in the next."""
    ways = []
    for i, (column, falling, value) in enumerate(places):
        same = [(c.is_(None) if v is None else c == v) for c, _, v in places[:i]]
        ways.append(and_(*same, _further(column, falling, value, backwards)))
    return or_(*ways)


def _further(column: Any, falling: bool, value: Any, backwards: bool) -> ColumnElement[bool]:
    if value is None:
        return column.is_not(None) if backwards else sql_false()
    bound = literal(value)  # Yes and no have an order too, which SQLAlchemy does not expect of a bare value.
    further = column < bound if falling != backwards else column > bound
    return further if backwards else or_(further, column.is_(None))
