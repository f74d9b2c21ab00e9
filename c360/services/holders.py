"""Who has a value that may be had once: named and linked for those who may see him, merely taken for all others."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from c360.core.actor import Actor, Verb
from c360.core.errors import Invalid
from c360.query.scope import live, reach
from c360.registry.entity import entities, entity_of
from c360.registry.record import Row
from c360.services import fields

PAGES = ("contact", "account")
Pending = tuple[Row, Mapping[str, Any]]
"""A row that is about to be written, and its values."""
Offer = tuple[UUID, Mapping[str, Any]]
"""A row that was to be written, and what it was to hold in the columns nobody may share."""


def pending(session: Session) -> list[Pending]:
    """Return what is about to be written; called before a flush, for a refused one forgets what changed."""
    changed = [row for row in session.dirty if isinstance(row, Row)]
    for row in changed:
        row.settle()
    # A new row keeps its values whatever happens, so its own dictionary will do.
    new = [(row, row.__dict__) for row in session.new if isinstance(row, Row)]
    return [*new, *((row, dict(row.__dict__)) for row in changed)]


def offers(rows: Sequence[Pending], table: str, columns: Sequence[str]) -> list[Offer]:
    """Return what the rows of a table were to hold in some columns."""
    mine = [values for row, values in rows if row.__tablename__ == table and {"id", *columns} <= values.keys()]
    return [(values["id"], {name: values[name] for name in columns}) for values in mine]


def holder(session: Session, table: str, offered: Sequence[Offer]) -> Row | None:
    """Return the live record that already holds what one of these rows was to hold."""
    entity = next((e for e in entities() if e.model.__tablename__ == table), None)
    if entity is None:
        return None
    model: Any = entity.model
    own = [row_id for row_id, _ in offered]
    for _, values in offered:
        same = [getattr(model, name) == value for name, value in values.items()]
        query = select(model).where(*same, col(model.id).not_in(own), live(entity))
        if (found := session.exec(query).first()) is not None:
            return found
    return None


def taken(session: Session, actor: Actor, name: str, other: Row | None) -> Invalid:
    """Return the error of a taken value, with the name and the address of its holder when the actor may see him."""
    entity = entity_of(other) if other is not None else None
    if other is None or entity is None:
        return Invalid.field(name, "error.taken")
    model: Any = entity.model
    if session.exec(select(model.id).where(model.id == other.id, reach(entity, actor, Verb.READ))).first() is None:
        return Invalid.field(name, "error.taken")
    known = fields.readable(session, entity, actor)
    called = ", ".join(str(getattr(other, one)) for one in entity.title if one in known and getattr(other, one))
    href = f"/{entity.key}/{other.id}" if entity.key in PAGES else ""
    return Invalid.field(name, "error.taken.by", owner=called or "–", href=href)
