"""Relations in the timeline, worded from the side of the customer looked at."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import col, select

from c360.core.fold import fold
from c360.core.i18n import text
from c360.models.customer import Customer
from c360.models.relationship import Relation, RelationType
from c360.services import references
from c360.services.timeline.source import Entry, Head, Sought, Source, keyset
from c360.services.uow import UnitOfWork

LIVE = col(Relation.archived_at).is_(None)


def heads(uow: UnitOfWork, customers: Sequence[UUID], sought: Sought, after: str, limit: int) -> list[Head]:
    """Return the newest relations, whichever end the customer stands at."""
    tests: list[Any] = [LIVE]
    if sought.words:
        wanted = fold(sought.words)
        readable = [getattr(Relation, name) for name in ("note", "source") if name in uow.fields("relation")]
        said = (func.c360_fold(func.coalesce(column, "")) for column in readable)
        worded = select(RelationType.id).where(
            or_(*(func.c360_fold(func.coalesce(col(column), "")).contains(wanted, autoescape=True)
                  for column in (RelationType.name, RelationType.reverse)))
        )  # fmt: skip
        tests.append(or_(col(Relation.type_id).in_(worded), *(one.contains(wanted, autoescape=True) for one in said)))
    sides = [
        keyset(
            uow, side, Relation.created_at, Relation.id, customers, sought, after, limit, tests=tests,
            author=Relation.created_by_id,
        )
        for side in (Relation.from_id, Relation.to_id)
    ]  # fmt: skip
    return sorted((head for side in sides for head in side), key=lambda head: (head.at, head.id), reverse=True)[:limit]


def tell(uow: UnitOfWork, found: Sequence[Head]) -> Mapping[UUID, Entry]:
    """Return each relation as an entry; one whose other end is out of reach is left out."""
    looked_at = {head.id: head.customer_id for head in reversed(found)}
    rows = list(uow.session.exec(uow.select("relation").where(col(Relation.id).in_(looked_at))))
    words = {
        row.id: row
        for row in uow.session.exec(select(RelationType).where(col(RelationType.id).in_({r.type_id for r in rows})))
    }
    ends = {end for row in rows for end in (row.from_id, row.to_id)}
    titles = references.titles(uow, "customer", ends)
    kinds = {
        row.id: row.kind
        for row in uow.session.execute(select(Customer.id, Customer.kind).where(col(Customer.id).in_(ends)))
    }
    people = references.titles(uow, "user", {row.created_by_id for row in rows if row.created_by_id})
    entries = {}
    for row in rows:
        here, kind = looked_at[row.id], words[row.type_id]
        forward = here == row.from_id
        wording = kind.name if forward else kind.reverse or kind.name
        other = row.to_id if forward else row.from_id
        entries[row.id] = Entry(
            id=str(row.id),
            type="relation",
            icon="relation",
            at=row.created_at.isoformat(),
            title=f"{wording}: {titles.get(other, '')}",
            text=(row.note or "") if "note" in uow.fields("relation") else "",
            who=people.get(row.created_by_id, "") if row.created_by_id else "",
            href=f"/{kinds[other]}/{other}/relations",
            note=text(uow.actor.language, "timeline.former") if row.is_former or row.until_on else "",
        )
    return entries


SOURCE = Source("relation", ("relation",), heads, tell)
