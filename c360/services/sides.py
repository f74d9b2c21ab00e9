"""Changed rows not every reader of a history is told of: what stands between two customers, what is somebody's own."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from c360.models.journal import ChangeRow
from c360.registry.entity import entities, entity_for
from c360.services import references

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork


def about(customer_ids: Sequence[UUID]) -> ColumnElement[bool]:
    """Return the test that a changed row is one of these customers or belongs to one, on either side."""
    tests = [col(ChangeRow.customer_id).in_(customer_ids)]
    for entity in entities():
        if entity.across:
            model: Any = entity.model
            tests.append(
                col(ChangeRow.record_id).in_(select(model.id).where(getattr(model, entity.across).in_(customer_ids)))
            )
    return or_(*tests)


def seen(uow: "UnitOfWork", rows: Sequence[ChangeRow]) -> dict[str, set[UUID]]:
    """Return, of what stands between two customers, the rows whose both sides this reader may see."""
    found = {}
    for key in {row.entity for row in rows if entity_for(row.entity).across}:
        model: Any = entity_for(key).model
        ids = [row.record_id for row in rows if row.entity == key]
        found[key] = set(
            uow.session.scalars(uow.select(key, archived=True).with_only_columns(model.id).where(model.id.in_(ids)))
        )
    return found


def told(row: ChangeRow, known: dict[str, set[UUID]]) -> bool:
    """Tell whether a changed row may be told, given what is seen."""
    return row.entity not in known or row.record_id in known[row.entity]


def withheld(uow: "UnitOfWork", rows: Sequence[ChangeRow]) -> set[UUID]:
    """Return the records that are somebody's own, as a private tag is: even an auditor reads only that they changed."""
    own: dict[str, set[UUID]] = {}
    for row in rows:
        if entity_for(row.entity).scope is not None:
            own.setdefault(row.entity, set()).add(row.record_id)
    found: set[UUID] = set()
    for key, ids in own.items():
        found |= ids - references.titles(uow, key, ids).keys()
    return found
