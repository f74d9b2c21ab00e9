"""Groups of a chart: customers around another one, put together under a name and kept with that one."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col

from c360.core.actor import Verb
from c360.core.errors import Invalid
from c360.models.relationship import GroupPlace
from c360.services import records
from c360.services.relationships.graph import MOST
from c360.services.uow import UnitOfWork


def put(uow: UnitOfWork, record_id: UUID, member_ids: Sequence[UUID], name: str) -> UUID:
    """Put customers together under a name in the chart of another one; return the change set's id.

    Who stands in a group of his already moves to this one.
    """
    uow.get("customer", record_id, Verb.UPDATE)
    if record_id in member_ids:
        raise Invalid.field("name", "relations.group.itself")
    if not member_ids or len(member_ids) > MOST:
        raise Invalid.field("name", "error.option")
    places = _places(uow, record_id, member_ids)
    # A place is left and another taken, so that the history names the member each time.
    for place in places.values():
        if place.name != name.strip():
            records.archive(uow, "group_place", place.id)
    uow.flush()
    for member_id in dict.fromkeys(member_ids):
        uow.get("customer", member_id)
        if member_id not in places or places[member_id].archived_at:
            records.create(uow, "group_place", {"member_id": str(member_id), "name": name}, customer_id=record_id)
    uow.log("relation.grouped")
    return uow.draft.set_id


def part(uow: UnitOfWork, record_id: UUID, member_ids: Sequence[UUID]) -> UUID:
    """Take customers out of their groups in the chart of another one; return the change set's id."""
    uow.get("customer", record_id, Verb.UPDATE)
    for place in _places(uow, record_id, member_ids).values():
        records.archive(uow, "group_place", place.id)
    uow.log("relation.ungrouped")
    return uow.draft.set_id


def _places(uow: UnitOfWork, record_id: UUID, member_ids: Sequence[UUID]) -> dict[UUID, GroupPlace]:
    mine = uow.select("group_place").where(GroupPlace.customer_id == record_id)
    return {row.member_id: row for row in uow.session.exec(mine.where(col(GroupPlace.member_id).in_(member_ids)))}
