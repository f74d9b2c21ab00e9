"""Relation types as administrators keep them: ordered, coloured, retired; what is in use is never deleted."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.errors import Conflict, Invalid
from c360.core.fold import fold
from c360.models.relationship import Relation, RelationType
from c360.services import records
from c360.services.records import Values
from c360.services.uow import UnitOfWork


@dataclass(slots=True)
class TypeEntry:
    """One relation type, as its administrator sees it."""

    id: str = ""
    name: str = ""
    reverse: str = ""
    shape: str = "directed"
    from_kind: str = "any"
    to_kind: str = "any"
    part: str = ""
    is_party: bool = False
    color: str = "gray"
    comment: str = ""
    retired: bool = False
    version: int = 0
    used: int = 0


def entries(uow: UnitOfWork) -> list[TypeEntry]:
    """Return every type in its order, retired ones too, each with how many relations are of it."""
    uow.require(Verb.UPDATE, "relation_type")
    tally = select(Relation.type_id, func.count()).where(col(Relation.archived_at).is_(None))
    used = {row[0]: row[1] for row in uow.session.execute(tally.group_by(col(Relation.type_id)))}
    return [
        TypeEntry(
            str(row.id), row.name, row.reverse or "", row.shape, row.from_kind, row.to_kind, row.part or "",
            row.is_party, row.color, row.comment or "", row.retired_at is not None, row.version, used.get(row.id, 0),
        )
        for row in _rows(uow)
    ]  # fmt: skip


def add(uow: UnitOfWork, values: Values) -> UUID:
    """Add a type at the end."""
    rows = _rows(uow)
    _check_name(rows, str(values.get("name", "")))
    last = max((row.position for row in rows), default=-1)
    return records.create(uow, "relation_type", {**values, "position": str(last + 1)})


def change(uow: UnitOfWork, type_id: UUID, values: Values, version: int | None = None) -> None:
    """Change the wording or the colour of a type, or widen its ends."""
    row = uow.get("relation_type", type_id, Verb.UPDATE)
    _check_name([other for other in _rows(uow) if other is not row], str(values.get("name", row.name)))
    records.update(uow, "relation_type", type_id, values, version)


def move(uow: UnitOfWork, type_id: UUID, to: int) -> None:
    """Give a type another place; the first is 0."""
    row = uow.get("relation_type", type_id, Verb.UPDATE)
    records.place(row, _rows(uow), to)


def retire(uow: UnitOfWork, type_id: UUID) -> None:
    """Offer a type no longer; relations of it stay."""
    row = uow.get("relation_type", type_id, Verb.UPDATE)
    row.retired_at = row.retired_at or utc_now()


def offer(uow: UnitOfWork, type_id: UUID) -> None:
    """Offer a retired type again."""
    uow.get("relation_type", type_id, Verb.UPDATE).retired_at = None


def delete(uow: UnitOfWork, type_id: UUID) -> None:
    """Take an unused type away; ``Conflict`` says how many relations are of it."""
    row = uow.get("relation_type", type_id, Verb.ARCHIVE)
    # Nobody may make a relation of it between the count and the end of this unit of work.
    uow.session.exec(select(RelationType.id).where(RelationType.id == type_id).with_for_update()).all()
    used = uow.session.exec(select(func.count()).where(Relation.type_id == type_id)).one()
    if used:
        raise Conflict("relation_type.in_use", entry=row.name, n=used)
    records.archive(uow, "relation_type", type_id)


def _rows(uow: UnitOfWork) -> list[Any]:
    found = uow.select("relation_type")
    return list(uow.session.exec(found.order_by(col(RelationType.position), col(RelationType.name))))


def _check_name(rows: list[Any], name: str) -> None:
    twin = next((row for row in rows if fold(row.name) == fold(name.strip())), None)
    if twin is not None:
        raise Invalid.field("name", "choice.taken.retired" if twin.retired_at else "choice.taken", entry=twin.name)
