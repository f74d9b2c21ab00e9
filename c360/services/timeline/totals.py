"""How often and when we were in contact with a customer; with an account's people when they are asked for."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlmodel import col

from c360.models.activity import ActivityCustomer
from c360.models.contact_figures import ContactFigures
from c360.services.relationships import structure
from c360.services.timeline.stream import MOST, people
from c360.services.uow import UnitOfWork

_NAMES = ("contacts_in", "contacts_out", "contacts_total", "last_contact_at", "next_step_at")


@dataclass(slots=True)
class Totals:
    """The figures of a customer, or of an account with its people or its group: ``people`` is how many those are."""

    contacts_in: int = 0
    contacts_out: int = 0
    contacts_total: int = 0
    last_contact_at: str = ""
    next_step_at: str = ""
    people: int = 0


def totals(uow: UnitOfWork, record_id: UUID, *, wide: bool = False, grouped: bool = False) -> Totals:
    """Return the figures the customer keeps, or count them anew over everybody who belongs to the account.

    An activity with two of them is one contact, so the figures each of them keeps cannot be added up.
    """
    customer = uow.get("customer", record_id, archived=True)
    if not wide and not grouped:
        shown = uow.fields(customer.kind)
        known = {name: getattr(customer, name) for name in ContactFigures.model_fields if name in shown}
        return _told({name: known.get(name) for name in _NAMES}, 0)
    link, inside = ActivityCustomer, people(uow, record_id)
    tests = [col(link.customer_id) == record_id]
    tests += [col(link.customer_id).in_(inside)] if wide else []
    tests += [col(link.customer_id).in_(structure.members(uow, record_id, MOST))] if grouped else []
    near = or_(*tests)
    number = func.count(col(link.activity_id).distinct())
    found: dict[str, Any] = dict.fromkeys(_NAMES, None)
    counted = select(col(link.counts), number, func.max(link.at)).where(near, col(link.counts).is_not(None))
    for way, count, last in uow.session.execute(counted.group_by(col(link.counts))):
        found["contacts_total"] = (found["contacts_total"] or 0) + count
        found["last_contact_at"] = max(filter(None, (found["last_contact_at"], last)))
        if way in ("in", "out"):
            found[f"contacts_{way}"] = count
    found["next_step_at"] = uow.session.scalar(select(func.min(link.at)).where(near, col(link.phase) == "planned"))
    number_of = select(func.count()).select_from(inside.subquery())
    return _told(found, (uow.session.scalar(number_of) or 0) if wide else 0)


def _told(found: dict[str, Any], number: int) -> Totals:
    def moment(name: str) -> str:
        return found[name].isoformat() if found[name] else ""

    return Totals(
        found["contacts_in"] or 0, found["contacts_out"] or 0, found["contacts_total"] or 0,
        moment("last_contact_at"), moment("next_step_at"), number,
    )  # fmt: skip
