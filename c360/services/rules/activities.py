"""Rules of activities: the path of a status, closed meetings, reminders, and what may be planned with whom."""

from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect
from sqlmodel import col, select

from c360.core.clock import utc_now
from c360.core.errors import Conflict, Invalid
from c360.models.activity import PLANNED, Activity, ActivityCustomer
from c360.models.consent import Purpose
from c360.models.customer import Customer
from c360.registry.entity import entity_for
from c360.services import settings
from c360.services.consents import asking
from c360.services.names import entity_label, option
from c360.services.rules.communications import forbidden, tells_why
from c360.services.rules.siblings import customer_of

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork

MEDIA = {"call": "phone", "mail": "email", "letter": "post", "meeting": "visit"}
"""The medium of a kind unless another is named."""
REMIND = timedelta(minutes=15)
"""How long before a planned activity its operator is reminded unless he says otherwise."""
PATH = {
    "open": ("submitted", "authorised", "closed", "cancelled"),
    "submitted": ("open", "authorised", "declined", "cancelled"),
    "authorised": ("closed", "cancelled"),
    "declined": ("open",),
    "cancelled": ("open",),
    "closed": ("open",),
}
"""Where a meeting's status may go; anything else is only open, closed or cancelled."""
PLAIN = ("open", "closed", "cancelled")
ASKED = frozenset({"kind", "medium", "direction", "purpose_id"})
"""What decides whether a customer may be contacted: a change of it asks anew."""
STILL = frozenset({"status", "archived_at"})
"""What may be changed of a closed meeting: it can be opened again."""


def keep(uow: "UnitOfWork", record: Activity, changed: Collection[str]) -> None:
    """Keep status, medium and reminder of an activity sensible."""
    if inspect(record).pending:
        start(uow, record, changed)
        return
    was = _was(record, "status")
    if record.kind == "meeting" and was == "closed" == record.status and set(changed) - STILL:
        raise Conflict("activity.closed")
    _path(uow, record, was, new=False)
    if record.medium is None and "kind" in changed:
        record.medium = MEDIA.get(record.kind)
    _remind(record, changed, new=False)
    if not ASKED.isdisjoint(changed):
        for customer in _customers(uow, record):
            permit(uow, record, customer)


def start(uow: "UnitOfWork", record: Activity, changed: Collection[str]) -> None:
    """Keep status, medium and reminder of a new activity sensible, whether or not a session knows it yet."""
    _path(uow, record, record.status, new=True)
    record.medium = record.medium or MEDIA.get(record.kind)
    _remind(record, changed, new=True)


def keep_link(uow: "UnitOfWork", record: ActivityCustomer, changed: Collection[str]) -> None:
    """Ask before an activity is put on a customer whether it may be."""
    if record.archived_at is None and "activity_id" in changed:
        activity = uow.session.get_one(Activity, record.activity_id)
        permit(uow, activity, customer_of(uow, record.customer_id, Customer))


def permit(uow: "UnitOfWork", activity: Activity, customer: Customer, subject: "asking.Subject | None" = None) -> None:
    """Refuse an activity an administrator has closed for this kind of customer, and to plan a forbidden way to him.

    One with a purpose takes a consent, planned or done: what went out without one must not look as if all were well.
    ``subject`` is what decides about consents where it was loaded already.
    """
    language = uow.actor.language
    if not settings.read(uow.session).allows(customer.kind, activity.kind):
        kind = option("activity_kind", activity.kind, language)
        of = entity_label(entity_for(customer.kind), language)
        raise Invalid.field("kind", "activity.not_allowed", kind=kind, entity=of)
    if activity.status in PLANNED and activity.direction != "in" and activity.medium:
        why = forbidden(customer, activity.medium, told=tells_why(uow, customer))
        if why is not None:
            raise Invalid.field("medium", "activity.forbidden", who=customer.name, why=why.text(language))
    if activity.purpose_id is not None and activity.direction != "in" and activity.medium:
        purpose = uow.session.get_one(Purpose, activity.purpose_id)
        told = asking.answer(subject or asking.subject(uow, customer), purpose, activity.medium)
        if not told.allowed:
            said = {"who": customer.name, "purpose": purpose.name, "why": told.reason.text(language)}
            raise Invalid.field("purpose_id", "activity.no_consent", **said)


def _was(record: Activity, name: str) -> Any:
    history = inspect(record).attrs[name].history
    return history.deleted[0] if history.deleted else getattr(record, name)


def _path(uow: "UnitOfWork", record: Activity, was: str, *, new: bool) -> None:
    now = record.status
    if record.kind != "meeting":
        if now not in PLAIN:
            raise Invalid.field("status", "activity.meetings_only")
    elif not new and now != was and now not in PATH[was]:
        before, after = (option("activity_status", one, uow.actor.language) for one in (was, now))
        raise Invalid.field("status", "activity.path", before=before, after=after)


def _remind(record: Activity, changed: Collection[str], *, new: bool) -> None:
    """Remind before it begins; a date that moves takes the reminder along, and a new time reminds anew."""
    at = record.starts_at or record.due_at
    if record.status not in PLANNED or at is None:
        return
    moved = not {"starts_at", "due_at"}.isdisjoint(changed)
    if "remind_at" in changed and record.remind_at is not None:
        record.reminded_at = None
    elif new and record.remind_at is None and at > utc_now():
        record.remind_at = max(at - REMIND, utc_now())
    elif moved and record.remind_at is not None:
        before = _was(record, "starts_at") or _was(record, "due_at") or at
        record.remind_at, record.reminded_at = record.remind_at + (at - before), None


def _customers(uow: "UnitOfWork", record: Activity) -> list[Customer]:
    links = select(ActivityCustomer.customer_id).where(
        ActivityCustomer.activity_id == record.id, col(ActivityCustomer.archived_at).is_(None)
    )
    return list(uow.session.exec(select(Customer).where(col(Customer.id).in_(links))))
