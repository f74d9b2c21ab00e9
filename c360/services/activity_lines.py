"""Activities as people read them: the lines of History, Future and My day, and one activity whole."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlmodel import col

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.i18n import text
from c360.models.activity import PLANNED, Activity, ActivityCustomer
from c360.models.customer import Customer
from c360.query.scope import reach
from c360.registry.entity import entity_for
from c360.services import attachments, cursors, discussed, names, references
from c360.services.attachments import Paper
from c360.services.rules.activities import PATH
from c360.services.rules.discussed import is_still
from c360.services.uow import UnitOfWork

PAGE = 50
STEPS = ("submitted", "authorised", "declined")
"""Steps of a meeting between its plan and its end."""
READ = ("id", "owner_id", "archived_at", "kind", "subject", "text", "at", "ends_at", "status", "direction", "medium",
        "outcome", "place", "remind_at", "purpose_id")  # fmt: skip
"""The columns a line is made of: rows of a few columns are read in half the time of whole records."""


@dataclass(slots=True)
class Who:
    """A customer of an activity; masked where he is out of reach."""

    id: str
    name: str
    href: str = ""


@dataclass(slots=True)
class ActivityLine:
    """One activity in a list."""

    id: str
    kind: str
    kind_label: str
    subject: str
    text: str
    at: str
    ends_at: str
    status: str
    status_label: str
    planned: bool
    overdue: bool
    direction: str
    direction_label: str
    medium_label: str
    operator: str
    outcome: str
    place: str
    reminder: str
    purpose: str
    may_edit: bool
    href: str
    moves: list[str] = field(default_factory=list)
    customers: list[Who] = field(default_factory=list)
    files: list[Paper] = field(default_factory=list)
    products: list[str] = field(default_factory=list)
    still: bool = False
    """Whether it is not changed any more, nor what it holds, until it is opened again."""


@dataclass(slots=True)
class Lines:
    """Some activities and where the next ones begin, empty at the end."""

    lines: list[ActivityLine] = field(default_factory=list)
    after: str = ""


def of_customer(uow: UnitOfWork, record_id: UUID, phase: str, after: str = "", limit: int = PAGE) -> Lines:
    """Return the past activities of a customer, the last first, or the planned ones, the first (overdue) first."""
    uow.must_see("customer", record_id, archived=True)
    uow.saw(f"activities.{phase}", "customer", record_id)
    at, link_id = col(ActivityCustomer.at), col(ActivityCustomer.id)
    found = select(at, link_id, col(ActivityCustomer.activity_id)).where(
        col(ActivityCustomer.customer_id) == record_id, col(ActivityCustomer.phase) == phase
    )
    backwards = phase == "past"
    if after:
        moment, last = cursors.read(after)
        past = at < moment if backwards else at > moment
        beside = link_id < last if backwards else link_id > last
        found = found.where(at <= moment if backwards else at >= moment, or_(past, and_(at == moment, beside)))
    order = (at.desc(), link_id.desc()) if backwards else (at, link_id)
    rows = uow.session.execute(found.order_by(*order).limit(limit + 1)).all()
    page = rows[:limit]
    more = cursors.write(page[-1][0], page[-1][1]) if len(rows) > limit else ""
    return Lines(told(uow, [row[2] for row in page], of=(record_id,)), more)


def told(uow: UnitOfWork, ids: Sequence[UUID], *, of: Collection[UUID] = ()) -> list[ActivityLine]:
    """Return activities, which the actor is known to see, in the order of their ids.

    ``of`` names the customers they are told of, if not of all: what was discussed with the others is left out.
    """
    may_edit = reach(entity_for("activity"), uow.actor, Verb.UPDATE).label("may_edit")
    wanted: list[Any] = [getattr(Activity, name) for name in READ]
    rows = {row.id: row for row in uow.session.execute(select(*wanted, may_edit).where(col(Activity.id).in_(ids)))}
    people = references.titles(uow, "user", {row.owner_id for row in rows.values()})
    purposes = references.titles(uow, "purpose", {row.purpose_id for row in rows.values() if row.purpose_id})
    customers, files = with_whom(uow, ids), attachments.beside(uow, "activity", ids)
    products, now, made = discussed.names(uow, ids, of), utc_now(), []
    for row in (rows[i] for i in ids if i in rows):
        line = _line(uow, row, people.get(row.owner_id, ""), purposes, customers[row.id], files.get(row.id, []), now)
        line.products, line.still = products.get(row.id, []), is_still(row)
        made.append(line)
    return made


def one(uow: UnitOfWork, activity_id: UUID) -> ActivityLine:
    """Return one activity whole; ``NotFound`` when the actor sees neither it nor one of its customers."""
    record = uow.get("activity", activity_id)
    uow.saw("activity.opened", "activity", activity_id)
    return told(uow, [record.id])[0]


def with_whom(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, list[Who]]:
    """Return the customers of activities; those out of reach are masked."""
    link: Any = ActivityCustomer
    who: Any = Customer
    seen: Any = uow.select("customer", archived=True).whereclause
    asked = (
        select(link.activity_id, who.id, who.kind, who.name)
        .outerjoin(Customer, and_(col(Customer.id) == link.customer_id, seen))
        .where(col(link.activity_id).in_(ids), col(link.archived_at).is_(None))
        .order_by(col(link.created_at), col(link.id))
    )
    masked = text(uow.actor.language, "listing.masked")
    found: dict[UUID, list[Who]] = defaultdict(list)
    for activity_id, customer_id, kind, name in uow.session.execute(asked):
        called = references.customer_name(uow, kind, name) if customer_id else masked
        href = f"/{kind}/{customer_id}/history" if customer_id else ""
        found[activity_id].append(Who(str(customer_id or ""), called, href))
    return found


def _line(
    uow: UnitOfWork,
    row: Any,
    operator: str,
    purposes: Mapping[UUID, str],
    customers: list[Who],
    files: list[Paper],
    now: datetime,
) -> ActivityLine:
    language = uow.actor.language
    planned = row.status in PLANNED

    def label(key: str, value: str | None) -> str:
        return names.option(key, value, language) if value else ""

    return ActivityLine(
        id=str(row.id),
        kind=row.kind,
        kind_label=label("activity_kind", row.kind),
        subject=row.subject,
        text=row.text or "",
        at=row.at.isoformat(),
        ends_at=row.ends_at.isoformat() if row.ends_at else "",
        status=row.status,
        status_label=label("activity_status", row.status),
        planned=planned,
        overdue=planned and row.at < now,
        direction=row.direction or "",
        direction_label=label("direction", row.direction),
        medium_label=label("medium", row.medium),
        operator=operator,
        outcome=row.outcome or "",
        place=row.place or "",
        reminder=row.remind_at.isoformat() if row.remind_at and planned else "",
        purpose=purposes.get(row.purpose_id, "") if row.purpose_id else "",
        may_edit=bool(row.may_edit) and row.archived_at is None,
        href=f"/activity/{row.id}",
        moves=[step for step in PATH[row.status] if step in STEPS] if row.kind == "meeting" else [],
        customers=customers,
        files=files,
    )
