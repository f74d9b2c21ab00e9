"""Tags: words on customers. A private one exists for its owner alone, whoever else asks."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, func, select

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.models.tag import Tag, Tagging
from c360.query.scope import live, reach
from c360.registry.entity import entity_for
from c360.services import records
from c360.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class TagInfo:
    """A tag as its owner and those it is shared with see it; ``uses`` counts customers in reach."""

    id: UUID
    name: str
    color: str
    visibility: str
    mine: bool
    uses: int


def tags(uow: UnitOfWork) -> list[TagInfo]:
    """Return the tags the actor may put on customers, by name."""
    customer = entity_for("customer")
    seen = select(customer.model.id).where(reach(customer, uow.actor, Verb.READ), live(customer))
    used = dict(
        uow.session.exec(
            select(Tagging.tag_id, func.count())
            .where(col(Tagging.archived_at).is_(None), col(Tagging.customer_id).in_(seen))
            .group_by(col(Tagging.tag_id))
        ).all()
    )
    owners = uow.actor.owners("tag", Verb.UPDATE)
    rows = uow.session.exec(uow.select("tag").order_by(col(Tag.folded), col(Tag.id))).all()
    return [
        TagInfo(t.id, t.name, t.color, t.visibility, owners is None or t.owner_id in owners, used.get(t.id, 0))
        for t in rows
    ]


def save(uow: UnitOfWork, name: str, visibility: str = "private", color: str = "gray") -> UUID:
    """Make a tag and return its id."""
    return records.create(uow, "tag", {"name": name, "visibility": visibility, "color": color})


def change(uow: UnitOfWork, tag_id: UUID, name: str, visibility: str, color: str) -> None:
    """Rename a tag, colour it, or let others see it."""
    records.update(uow, "tag", tag_id, {"name": name, "visibility": visibility, "color": color})


def delete(uow: UnitOfWork, tag_id: UUID) -> None:
    """Take a tag away; the customers stay."""
    records.archive(uow, "tag", tag_id)


def put(uow: UnitOfWork, key: str, customer_id: UUID, tag_ids: Collection[UUID]) -> None:
    """Put tags on a customer; one that is there stays."""
    uow.get(key, customer_id, Verb.UPDATE)
    there = set(uow.session.exec(_held(customer_id)).all())
    for tag_id in dict.fromkeys(tag_ids):
        tag = uow.get("tag", tag_id)
        if tag.id not in there:
            uow.add(Tagging(customer_id=customer_id, tag_id=tag.id))


def take(uow: UnitOfWork, key: str, customer_id: UUID, tag_ids: Collection[UUID]) -> None:
    """Take tags off a customer."""
    uow.get(key, customer_id, Verb.UPDATE)
    seen = {uow.get("tag", tag_id).id for tag_id in tag_ids}
    held = select(Tagging).where(
        col(Tagging.customer_id) == customer_id, col(Tagging.archived_at).is_(None), col(Tagging.tag_id).in_(seen)
    )
    for link in uow.session.exec(held).all():
        link.archived_at = utc_now()


def _held(customer_id: UUID):  # noqa: ANN202 - a select of one column
    return select(Tagging.tag_id).where(col(Tagging.customer_id) == customer_id, col(Tagging.archived_at).is_(None))
