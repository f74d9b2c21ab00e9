"""Tests on what is linked to a record many times: its tags, its folders, its customers; of those the actor may see."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, not_, or_
from sqlmodel import col, select

from c360.core.actor import Actor, Verb
from c360.models.activity import ActivityCustomer
from c360.models.tag import Tagging
from c360.models.view import FolderMember
from c360.query.scope import live, reach
from c360.registry.entity import FieldSpec, entity_for

LINKS: dict[str, tuple[str, Any, str, str]] = {
    "tags": ("tag", Tagging, "tag_id", "customer_id"),
    "folders": ("folder", FolderMember, "folder_id", "customer_id"),
    "customers": ("customer", ActivityCustomer, "customer_id", "activity_id"),
}
"""What is linked, by what, and which references of the link lead to it and back to the record."""


def test(
    spec: FieldSpec,
    op: str,
    values: Sequence[UUID],
    actor: Actor,
    model: Any,
    ruled: Mapping[UUID, ColumnElement[bool]],
) -> ColumnElement[bool]:
    """Return the test that a record has some, all or none of these tags, or any at all.

    ``ruled`` holds the tests of dynamic folders, where nobody puts a customer by hand.
    """
    if op == "has_all_of":
        return and_(*(ruled[v] if v in ruled else _some(spec, (v,), actor, model) for v in values))
    held = [value for value in values if value not in ruled]
    found = or_(*([_some(spec, held, actor, model)] if held or not values else []), *ruled.values())
    # A rule whose answer is unknown does not hold.
    return not_(func.coalesce(found, false())) if op in ("has_none_of", "is_empty") else found


def _some(spec: FieldSpec, values: Sequence[UUID], actor: Actor, model: Any) -> ColumnElement[bool]:
    key, link, name, back = LINKS[spec.kind.key]
    target = entity_for(key)
    ids = select(col(target.model.id)).where(reach(target, actor, Verb.READ), live(target))
    ids = ids.where(col(target.model.id).in_(values)) if values else ids
    held = select(getattr(link, back)).where(link.archived_at.is_(None), getattr(link, name).in_(ids.correlate(None)))
    return model.id.in_(held.correlate(None))
