"""Customers that were merged into others: where their ids lead, and that nothing is written for them any more."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, literal_column, or_
from sqlmodel import Session, col, select

from c360.core.errors import Conflict
from c360.models.customer import Customer
from c360.models.journal import MERGED, SURVIVOR, UNMERGED, ChangeSet

C: Any = Customer.__table__
SURVIVED: Any = literal_column(SURVIVOR, String)
LOST: Any = literal_column("(details ->> 'losers')", String)


def survivors(session: Session, ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Return, for each of these ids whose record was merged, the one that is left at the end of its chain."""
    if not ids:
        return {}
    start = select(C.c.id.label("old"), C.c.merged_into_id.label("at")).where(
        C.c.id.in_(ids), C.c.merged_into_id.is_not(None)
    )
    chain = start.cte("chain", recursive=True)
    chain = chain.union(select(chain.c.old, C.c.merged_into_id).join(chain, C.c.id == chain.c.at).where(
        C.c.merged_into_id.is_not(None)
    ))  # fmt: skip
    ends = select(chain.c.old, chain.c.at).join(C, C.c.id == chain.c.at).where(C.c.merged_into_id.is_(None))
    return {row[0]: row[1] for row in session.execute(ends)}


def family(session: Session, ids: Collection[UUID]) -> list[UUID]:
    """Return these customers and all that were ever merged into them, through any chain."""
    start = select(C.c.id.label("id")).where(C.c.id.in_(ids)).cte("family", recursive=True)
    every = start.union(select(C.c.id).join(start, C.c.merged_into_id == start.c.id))
    return list(session.scalars(select(every.c.id)))


def folding(customer_id: UUID) -> ColumnElement[bool]:
    """Return the test that an act of the journal folded this customer into another or took them apart."""
    named = or_(str(customer_id) == SURVIVED, LOST.contains(str(customer_id)))
    return and_(col(ChangeSet.action).in_((*MERGED, *UNMERGED)), named)


def refuse_late(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Refuse what was written for a customer who folded into another in the same moment: it would be lost with him."""
    parents = {row["customer_id"] for row in rows if row["op"] == "create" and row["customer_id"]}
    parents -= session.info.get("born", set())
    found = select(Customer.id).where(col(Customer.id).in_(parents), col(Customer.merged_into_id).is_not(None))
    if parents and session.exec(found.limit(1)).first() is not None:
        raise Conflict("merge.late")
