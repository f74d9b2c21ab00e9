"""A selection of a list: some records, or all that match with exceptions; JSON in, conditions out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, func, select

from c360.core.actor import Verb
from c360.core.errors import Invalid, NotFound
from c360.query.scope import live, reach
from c360.registry.entity import entity_for
from c360.services import listing
from c360.services.listing import ListQuery, statement
from c360.services.uow import UnitOfWork

MOST_IDS = 10_000


@dataclass(frozen=True, slots=True)
class Selection:
    """Records chosen one by one, or everything a query finds but these."""

    mode: str
    ids: frozenset[UUID]
    query: ListQuery | None = None


def from_json(key: str, data: Any) -> Selection:
    """Read a selection from JSON; ``Invalid`` when the shape is not its own."""
    bad = Invalid.field("selection", "bulk.selection")
    if not isinstance(data, dict) or data.get("mode") not in ("ids", "all"):
        raise bad
    listed = data.get("ids") or []
    if not isinstance(listed, list) or len(listed) > MOST_IDS:
        raise bad
    try:
        ids = frozenset(UUID(str(i)) for i in listed)
    except ValueError as error:
        raise bad from error
    if data["mode"] == "ids":
        return Selection("ids", ids)
    return Selection("all", ids, listing.from_json({**(data.get("query") or {}), "entity": key}))


def conditions(uow: UnitOfWork, key: str, chosen: Selection) -> list[ColumnElement[bool]]:
    """Return the tests of a selection's rows, all within what the actor may read."""
    entity = entity_for(key)
    model: Any = entity.model
    if not uow.actor.may(Verb.READ, key) and key != "customer":
        raise NotFound("error.not_found", entity=entity.label)
    if chosen.query is None:
        return [reach(entity, uow.actor, Verb.READ), live(entity), model.id.in_(chosen.ids)]
    found = statement.conditions(uow, chosen.query)
    return [*found, model.id.not_in(chosen.ids)] if chosen.ids else found


def count(uow: UnitOfWork, key: str, chosen: Selection, *more: ColumnElement[bool]) -> int:
    """Return how many rows a selection has, or how many of them pass further tests."""
    model: Any = entity_for(key).model
    found = select(func.count()).select_from(model).where(*conditions(uow, key, chosen), *more)
    return uow.session.exec(found).one()


def ids(
    uow: UnitOfWork, key: str, chosen: Selection, *more: ColumnElement[bool], limit: int,
    after: UUID | None = None, until: datetime | None = None,
) -> list[UUID]:  # fmt: skip
    """Return the next ids of a selection in the order of ids; ``until`` leaves out what was made since."""
    model: Any = entity_for(key).model
    tests = [*conditions(uow, key, chosen), *more]
    tests += [model.id > after] if after else []
    tests += [col(model.created_at) <= until] if until else []
    return list(uow.session.exec(select(model.id).where(*tests).order_by(model.id).limit(limit)))
