"""What is kept for speed from activities: their place on each customer, his counters, his last and next dates.

The one place that keeps them, called at the end of every unit of work with all it changed, whichever way: a form, a
bulk statement, an import, an undo, a merge. What it writes follows from what the journal tells, so it is not told
itself, and it leaves a customer's version alone: nobody's edit conflicts with somebody else's call.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
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
GONE = or_(A.c.archived_at.is_not(None), L.c.archived_at.is_not(None))
COUNTED = and_(~GONE, A.c.status == DONE, A.c.kind.in_(sorted(CONTACTS)))
PLACE: dict[str, Any] = {
    "kind": A.c.kind,
    "at": A.c.at,
    "phase": case((GONE, "gone"), (A.c.status.in_(PLANNED), "planned"), else_="past"),
    "counts": case((COUNTED, func.coalesce(A.c.direction, "neither")), else_=null()),
}
"""What a link keeps of its activity: kind, time, phase and whether it counts as a contact."""


def refresh(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Bring up to date what these changed rows touch; nothing else is read.

    What is new is added to what a customer has, however much that is; he is counted anew when something changed.
    """
    told = [row for row in rows if row["entity"] in ("activity", "activity_customer")]
    born = {str(row["record_id"]) for row in told if row["entity"] == "activity" and row["op"] == "create"}
    activities: set[UUID] = set()
    customers: set[UUID] = set()
    named: set[Any] = set()
    links: set[UUID] = set()
    fresh: set[UUID] = set()
    for row in told:
        if row["entity"] == "activity":
            if row["op"] != "create":
                activities.add(row["record_id"])
        elif _is_fresh(row, born):
            fresh.add(row["record_id"])
        else:
            sides = (row["before"] or {}, row["after"] or {})
            if row["op"] != "update" or sides[1].keys() - {"customer_id"}:
                links.add(row["record_id"])  # Whose it is says nothing of when and what it is.
            named.update((row["customer_id"], *(side.get("customer_id") for side in sides)))
    customers |= {UUID(str(one)) for one in named if one}
    for part in _parts(activities):
        customers |= set(session.scalars(select(L.c.customer_id).where(L.c.activity_id.in_(part))))
        _place(session, L.c.activity_id.in_(part))
    for part in _parts(links):
        _place(session, L.c.id.in_(part))
    more, moved = _news(session, fresh)
    customers |= moved
    _lock(session, customers | more.keys())
    for part in _parts(customers):
        _count(session, part)
    _add(session, {one: figures for one, figures in more.items() if one not in customers})


def _is_fresh(row: Mapping[str, Any], born: Collection[str]) -> bool:
    """Tell whether a link is new with its activity, and says nothing yet of what only this place writes."""
    told = row["after"] or {}
    placed = told.get("counts") or told.get("phase", "past") != "past"
    return row["op"] == "create" and not placed and str(told.get("activity_id")) in born


def _parts(ids: Collection[UUID]) -> Iterator[Sequence[UUID]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), TOGETHER):
        yield ordered[start : start + TOGETHER]


def _place(session: Session, which: Any) -> None:
    """Copy to links what they keep of their activities."""
    mine = A.c.id == L.c.activity_id
    values = {name: select(value).where(mine).scalar_subquery() for name, value in PLACE.items()}
    session.execute(update(L).where(which).values(values))


def _lock(session: Session, customers: Collection[UUID]) -> None:
    """Let two people who log a call at once wait for each other, so that neither misses the other's."""
    if session.get_bind().dialect.name == "postgresql":
        for part in _parts(customers):
            session.execute(select(C.c.id).where(C.c.id.in_(part)).order_by(C.c.id).with_for_update()).all()


def _news(session: Session, links: Collection[UUID]) -> tuple[dict[UUID, dict[str, Any]], set[UUID]]:
    """Place new links; return what each adds to its customer, and the customers of links placed otherwise before."""
    more: dict[UUID, dict[str, Any]] = {}
    moved: set[UUID] = set()
    names = ("phase", "counts", "at")
    both = select(
        L.c.customer_id, *(L.c[name] for name in names), *(PLACE[name].label(f"now_{name}") for name in names)
    )
    for part in _parts(links):
        for row in session.execute(both.join(A, A.c.id == L.c.activity_id).where(L.c.id.in_(part))):
            if row.counts or row.phase == "planned":  # This unit of work was here before.
                if (row.phase, row.counts, row.at) != (row.now_phase, row.now_counts, row.now_at):
                    moved.add(row.customer_id)
                continue
            _take(more.setdefault(row.customer_id, _nothing()), row.now_phase, row.now_counts, row.now_at)
        _place(session, L.c.id.in_(part))
    return more, moved


def _nothing() -> dict[str, Any]:
    return dict.fromkeys(FIGURES) | {name: 0 for name in FIGURES if name.startswith("contacts_")}


def _take(figures: dict[str, Any], phase: str, way: str | None, at: datetime) -> None:
    """Count one link in."""
    if phase == "planned":
        figures["next_step_at"] = min(filter(None, (figures["next_step_at"], at)))
    if way:
        for name in ("total", way) if way in ("in", "out") else ("total",):
            last = "last_contact_at" if name == "total" else f"last_{name}_at"
            figures[f"contacts_{name}"] += 1
            figures[last] = max(filter(None, (figures[last], at)))


def _add(session: Session, more: Mapping[UUID, Mapping[str, Any]]) -> None:
    """Add to what customers have."""
    values: dict[str, Any] = {}
    for name in FIGURES:
        has, new = C.c[name], bindparam(f"b_{name}", type_=C.c[name].type)
        further = has > new if name == "next_step_at" else has < new
        values[name] = case((new.is_(None), has), (or_(has.is_(None), further), new), else_=has)
        if name.startswith("contacts_"):
            values[name] = has + new
    mine = C.c.id == bindparam("b_id", type_=C.c.id.type)
    rows = [{"b_id": one, **{f"b_{name}": more[one][name] for name in FIGURES}} for one in sorted(more)]
    if rows:
        session.connection().execute(update(C).where(mine, C.c.merged_into_id.is_(None)).values(values), rows)


def _count(session: Session, customers: Sequence[UUID]) -> None:
    """Count the contacts of some customers anew, from an index that holds all it takes."""
    found = {one: _nothing() for one in customers}
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
