"""What is kept for speed from activities: their place on each customer, his counters, his last and next dates.

The one place that keeps them, called at the end of every unit of work with all it changed, whichever way: a form, a
bulk statement, an import, an undo, a merge. What it writes follows from what the journal tells, so it is not told
itself, and it leaves a customer's version alone: nobody's edit conflicts with somebody else's call.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, case, func, null, or_, select, update
from sqlmodel import Session

from c360.models.activity import CONTACTS, DONE, PLANNED, Activity, ActivityCustomer
from c360.models.contact_figures import ContactFigures
from c360.models.customer import Customer

TOGETHER = 500
A: Any = Activity.__table__
L: Any = ActivityCustomer.__table__
C: Any = Customer.__table__
FIGURES = tuple(ContactFigures.model_fields)


def refresh(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Bring up to date what these changed rows touch; nothing else is read."""
    activities: set[UUID] = set()
    customers: set[UUID] = set()
    links: set[UUID] = set()
    for row in rows:
        if row["entity"] == "activity":
            activities.add(row["record_id"])
        elif row["entity"] == "activity_customer":
            sides = (row["before"] or {}, row["after"] or {})
            if row["op"] != "update" or sides[1].keys() - {"customer_id"}:
                links.add(row["record_id"])  # Whose it is says nothing of when and what it is.
            named = (row["customer_id"], *(side.get("customer_id") for side in sides))
            customers |= {UUID(str(one)) for one in named if one}
    for part in _parts(activities):
        customers |= set(session.scalars(select(L.c.customer_id).where(L.c.activity_id.in_(part))))
        _place(session, L.c.activity_id.in_(part))
    for part in _parts(links):
        _place(session, L.c.id.in_(part))
    for part in _parts(customers):
        _count(session, part)


def _parts(ids: Collection[UUID]) -> Iterator[Sequence[UUID]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), TOGETHER):
        yield ordered[start : start + TOGETHER]


def _place(session: Session, which: Any) -> None:
    """Copy kind, time and phase of activities to their links, and whether they count as a contact."""
    gone = or_(A.c.archived_at.is_not(None), L.c.archived_at.is_not(None))
    planned = A.c.status.in_(PLANNED)
    counted = and_(~gone, A.c.status == DONE, A.c.kind.in_(sorted(CONTACTS)))
    mine = A.c.id == L.c.activity_id

    def of(value: Any) -> Any:
        return select(value).where(mine).scalar_subquery()

    values = {
        "kind": of(A.c.kind),
        "at": of(A.c.at),
        "phase": of(case((gone, "gone"), (planned, "planned"), else_="past")),
        "counts": of(case((counted, func.coalesce(A.c.direction, "neither")), else_=null())),
    }
    session.execute(update(L).where(which).values(values))


def _count(session: Session, customers: Sequence[UUID]) -> None:
    """Count the contacts of some customers anew, from an index that holds all it takes."""
    if session.get_bind().dialect.name == "postgresql":
        # Two people who log a call at once wait for each other here, so that neither misses the other's.
        session.execute(select(C.c.id).where(C.c.id.in_(customers)).order_by(C.c.id).with_for_update()).all()
    found = {one: dict.fromkeys(FIGURES) | {n: 0 for n in FIGURES if n.startswith("contacts_")} for one in customers}
    totals = select(L.c.customer_id, L.c.counts, func.count(), func.max(L.c.at)).where(
        L.c.customer_id.in_(customers), L.c.counts.is_not(None)
    )
    for customer_id, way, number, last in session.execute(totals.group_by(L.c.customer_id, L.c.counts)):
        figures: dict[str, Any] = found[customer_id]
        figures["contacts_total"] += number
        figures["last_contact_at"] = max(filter(None, (figures["last_contact_at"], last)))
        if way in ("in", "out"):
            figures[f"contacts_{way}"], figures[f"last_{way}_at"] = number, last
    steps = select(L.c.customer_id, func.min(L.c.at)).where(L.c.customer_id.in_(customers), L.c.phase == "planned")
    for customer_id, at in session.execute(steps.group_by(L.c.customer_id)):
        found[customer_id]["next_step_at"] = at
    values = {name: bindparam(f"b_{name}", type_=C.c[name].type) for name in FIGURES}
    changed = or_(*(C.c[name].is_distinct_from(values[name]) for name in FIGURES))
    session.connection().execute(
        # Who was merged into another keeps the figures he had: his row is what an undo brings back.
        update(C)
        .where(C.c.id == bindparam("b_id", type_=C.c.id.type), C.c.merged_into_id.is_(None), changed)
        .values(values),
        [{"b_id": one, **{f"b_{name}": value for name, value in figures.items()}} for one, figures in found.items()],
    )
