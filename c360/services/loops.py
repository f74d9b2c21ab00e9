"""Nothing stands above itself: asked of every unit of work at its end, when its rows are written but not yet seen.

The check comes last and under one lock, so that of two people who put two accounts above each other at the same
moment the second one is refused; rows are locked before it and the journal after it, everywhere, so nobody waits in a
circle. It sees bulk statements and undo as well.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, text
from sqlmodel import Session, col, select

from c360.core.clock import today
from c360.core.errors import Invalid
from c360.models.customer import Customer
from c360.models.relationship import Relation, RelationType

LOCK = 360361


def refuse(session: Session, rows: Collection[Mapping[str, Any]]) -> None:
    """Raise ``Invalid`` when a changed account or parent–child relation stands above itself now."""
    accounts = {row["record_id"] for row in rows if _moved(row)}
    relations = {row["record_id"] for row in rows if row["entity"] == "relation" and row["op"] != "delete"}
    tied = _hierarchical(session, relations) if relations else {}
    if not (accounts or tied):
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    if accounts and _circle(session, select(Customer.parent_id, Customer.id).where(_live()), accounts):
        raise Invalid.field("parent_id", "account.circle")
    for type_id, ids in tied.items():
        if _circle(session, _above(type_id), ids):
            raise Invalid.field("to_id", "relation.circle")


def _moved(row: Mapping[str, Any]) -> bool:
    return row["entity"] == "account" and bool((row["after"] or {}).get("parent_id"))


def _live() -> Any:
    return and_(col(Customer.parent_id).is_not(None), col(Customer.merged_into_id).is_(None))


def is_over() -> Any:
    """Return the test that a relation is over: said so, or its last day is past."""
    return or_(col(Relation.is_former), and_(col(Relation.until_on).is_not(None), col(Relation.until_on) < today()))


def _above(type_id: UUID) -> Any:
    """Return who stands above whom now by one type; what is over may have been the other way round."""
    return select(Relation.from_id, Relation.to_id).where(
        col(Relation.type_id) == type_id, col(Relation.archived_at).is_(None), ~is_over()
    )


def _hierarchical(session: Session, relations: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Return the customers below, by type, of changed relations that have an above and a below."""
    found: dict[UUID, set[UUID]] = {}
    rows = select(Relation.type_id, Relation.to_id).where(
        col(Relation.id).in_(relations), col(RelationType.id) == col(Relation.type_id),
        col(RelationType.shape) == "hierarchy", col(Relation.archived_at).is_(None),
    )  # fmt: skip
    for type_id, below in session.execute(rows):
        found.setdefault(type_id, set()).add(below)
    return found


def _circle(session: Session, pairs: Any, starts: Iterable[UUID]) -> bool:
    """Tell whether going up from one of these by (above, below) pairs leads back to it."""
    step = pairs.subquery("step")
    above, below = step.c
    up = select(below.label("start"), above.label("at")).where(below.in_(list(starts))).cte("up", recursive=True)
    # UNION drops what was seen, so a circle elsewhere above ends too.
    up = up.union(select(up.c.start, above).join(up, below == up.c.at))
    return session.execute(select(up.c.start).where(up.c.start == up.c.at).limit(1)).first() is not None
