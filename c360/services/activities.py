"""Activities: record what was done, plan what is to be done, and bring it to its end."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from babel.dates import format_date
from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.errors import Conflict, Invalid
from c360.core.i18n import text
from c360.models.activity import KINDS, PLANNED, Activity, ActivityCustomer
from c360.services import names, records, settings, talks
from c360.services.uow import UnitOfWork

FOLLOW_UPS = (1, 2, 3)
"""Months after which a follow-up is offered."""
MOST = 100
"""Customers one activity may be with."""


def add(uow: UnitOfWork, customer_ids: Sequence[UUID], values: Mapping[str, str], **given: object) -> UUID:
    """Create an activity with customers, from the text of a form; return its id."""
    if not customer_ids or len(set(customer_ids)) > MOST:
        raise Invalid.field("customers", "activity.customers", n=MOST)
    activity_id = records.create(uow, "activity", values, **given)
    uow.flush()
    for customer_id in dict.fromkeys(customer_ids):
        link(uow, activity_id, customer_id)
    uow.log("activity.planned" if values.get("status", "open") in PLANNED else "activity.recorded")
    return activity_id


def link(uow: UnitOfWork, activity_id: UUID, customer_id: UUID) -> None:
    """Put an activity on one more customer the actor sees; twice is once."""
    uow.get("customer", customer_id)
    uow.get("activity", activity_id)
    there = select(ActivityCustomer).where(
        ActivityCustomer.activity_id == activity_id, ActivityCustomer.customer_id == customer_id
    )
    live = uow.session.exec(there.where(col(ActivityCustomer.archived_at).is_(None))).first()
    if live is None:
        records.create(uow, "activity_customer", {}, activity_id=activity_id, customer_id=customer_id)
        uow.flush()


def unlink(uow: UnitOfWork, activity_id: UUID, customer_id: UUID) -> None:
    """Take an activity off a customer; it stays with the others, and never with nobody."""
    mine = uow.select("activity_customer").where(ActivityCustomer.activity_id == activity_id)
    rows = uow.session.exec(mine).all()
    every = select(ActivityCustomer.id).where(
        ActivityCustomer.activity_id == activity_id, col(ActivityCustomer.archived_at).is_(None)
    )
    if len(uow.session.exec(every).all()) < 2:
        raise Conflict("activity.last_customer")
    for row in rows:
        if row.customer_id == customer_id:
            talks.take_off(uow, activity_id, customer_id)
            records.archive(uow, "activity_customer", row.id)


def follow_up(uow: UnitOfWork, activity_id: UUID, months: int) -> UUID:
    """Plan the same contact anew in some months, with the same customers, for the actor, and what is to be reached."""
    before: Activity = uow.get("activity", activity_id)
    seen = uow.select("activity_customer").where(ActivityCustomer.activity_id == activity_id)
    customers = [row.customer_id for row in uow.session.exec(seen)]
    kind = before.kind if before.kind in ("call", "meeting") else "task"
    when = in_months(utc_now(), months)
    values = {
        "kind": kind, "status": "open", "due_at": when.isoformat(), "direction": "out" if kind == "call" else "",
        "subject": text(uow.actor.language, "activity.follow_up", subject=before.subject)[:300],
        "purpose_id": str(before.purpose_id or ""), "text": talks.objectives(uow, activity_id),
    }  # fmt: skip
    return add(uow, customers, values, follows_id=activity_id)


def in_months(start: datetime, months: int) -> datetime:
    """Return the same day and time some months later, the last day of the month where there is no such day."""
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    for day in range(start.day, start.day - 4, -1):
        try:
            return start.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    raise ValueError(f"no day in {year}-{month}")


def end(uow: UnitOfWork, activity_id: UUID, status: str, outcome: str = "") -> None:
    """Complete, decline or cancel an activity: it moves from what is planned to what was."""
    values = {"status": status} | ({"outcome": outcome} if outcome.strip() else {})
    records.update(uow, "activity", activity_id, values)
    uow.log(f"activity.{status}")


def reopen(uow: UnitOfWork, activity_id: UUID) -> None:
    """Plan an ended activity again; one whose date has passed is due tomorrow."""
    record: Activity = uow.get("activity", activity_id, Verb.UPDATE)
    values = {"status": "open"}
    if record.starts_at is None and record.due_at is None:
        values["due_at"] = (utc_now() + timedelta(days=1)).isoformat()
    records.update(uow, "activity", activity_id, values)
    uow.log("activity.reopened")


def move(uow: UnitOfWork, activity_id: UUID, status: str) -> None:
    """Take a meeting a step along its path: submitted, authorised."""
    records.update(uow, "activity", activity_id, {"status": status})


def snooze(uow: UnitOfWork, activity_id: UUID, minutes: int) -> None:
    """Remind again later."""
    until = utc_now() + timedelta(minutes=max(1, min(minutes, 60 * 24 * 31)))
    records.update(uow, "activity", activity_id, {"remind_at": until.isoformat()})


def kinds(uow: UnitOfWork, entity: str) -> list[tuple[str, str]]:
    """Return the kinds of activity that are for customers of an entity, as key and name."""
    shown = settings.read(uow.session)
    language = uow.actor.language
    return [(kind, names.option("activity_kind", kind, language)) for kind in KINDS if shown.allows(entity, kind)]


def subject_of(language: str, kind: str, at: datetime | None = None) -> str:
    """Return the subject an activity gets unless somebody types one: what it is and when, now without a time."""
    name = names.option("activity_kind", kind, language)
    return f"{name}, {format_date(at or utc_now(), 'medium', locale=language)}"
