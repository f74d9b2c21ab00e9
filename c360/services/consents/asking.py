"""May we contact him? The only reader of permissions, for one customer and as a test in SQL for many."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, false, func, literal, not_, null, or_, true
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from c360.core.clock import utc_now
from c360.core.errors import Conflict, Invalid, Message, NotFound
from c360.models.communication import DIALLED, Communication
from c360.models.consent import NO, POINTED, YES, ConsentEvent, Purpose
from c360.models.customer import MEDIA, Customer
from c360.query.json_sql import has_any
from c360.query.permission import DROPPED, Question, point_of, verdict
from c360.services.rules.communications import forbidden, tells_why

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork

WHY_NOT = ("archived", "purpose", "unreachable", "forbidden", "shut", "never", "lapsed", "refused")
"""Why somebody is left out of a mailing."""
FAMILIES = {"email": ("email",), "phone": DIALLED, "sms": DIALLED}
# Named once: naming a table anew costs more than all else a question is written with.
SPOKEN, GIVEN, AGAINST, REFUSED = (aliased(ConsentEvent, name=name) for name in ("one", "yes", "against", "no"))


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a customer may be contacted, and why (not); ``event_id`` names the event that decided."""

    allowed: bool
    reason: Message
    event_id: UUID | None = None

    def __iter__(self) -> Any:
        """Unpack as ``allowed, reason``."""
        return iter((self.allowed, self.reason))


@dataclass(frozen=True, slots=True)
class Subject:
    """A customer with everything that decides whether he may be contacted; ``told`` shows why a way is forbidden."""

    customer: Any
    events: list[ConsentEvent]
    options: list[Communication]
    told: bool = True


def look(uow: "UnitOfWork", customer_id: UUID) -> Subject:
    """Load a customer with his events and addresses, the oldest first."""
    return subject(uow, uow.get("customer", customer_id, archived=True))


def subject(uow: "UnitOfWork", customer: Customer) -> Subject:
    """Load the events and addresses of a customer already at hand."""
    return subjects(uow, [customer])[customer.id]


def subjects(
    uow: "UnitOfWork", customers: Sequence[Customer], reader: "UnitOfWork | None" = None
) -> dict[UUID, Subject]:
    """Load the events and addresses of several customers for a reader, each table asked once."""
    found = {one.id: Subject(one, [], [], tells_why(reader or uow, one)) for one in customers}
    events = select(ConsentEvent).where(col(ConsentEvent.customer_id).in_(found))
    for event in uow.session.exec(events.order_by(col(ConsentEvent.at), col(ConsentEvent.id))):
        found[event.customer_id].events.append(event)
    options = select(Communication).where(
        col(Communication.customer_id).in_(found), col(Communication.archived_at).is_(None)
    )
    for option in uow.session.exec(options.order_by(col(Communication.created_at))):
        found[option.customer_id].options.append(option)
    return found


def may_contact(
    uow: "UnitOfWork", customer_id: UUID, purpose_id: UUID, medium: str, option: UUID | None = None, *, party: str = ""
) -> Answer:
    """Tell whether a customer may be contacted for a purpose on a medium; without an option, at his main address."""
    if medium not in MEDIA.values:
        raise ValueError(f"{medium} is not a medium")
    return answer(look(uow, customer_id), uow.session.get(Purpose, purpose_id), medium, option, party)


def answer(
    subject: Subject, purpose: Purpose | None, medium: str, option: UUID | None = None, party: str = ""
) -> Answer:
    """Answer for a customer already loaded."""
    customer = subject.customer
    if customer.archived_at or customer.merged_into_id or customer.restricted_at:
        return _no("restricted" if customer.restricted_at else "archived")
    if purpose is None or not is_offered(purpose, medium):
        return _no("purpose")
    mine = [one for one in subject.options if one.family in FAMILIES.get(medium, ())]
    chosen = next((one for one in mine if one.id == option), None)
    if option is not None and chosen is None:
        raise NotFound("error.not_found", entity="communication")
    point = point_of(medium, chosen.value if chosen else _address(customer, medium))
    if medium in POINTED and not point:
        return _no("unreachable")
    shut = (one for one in mine if one.do_not_use and point_of(medium, one.value) == point)
    if (why := forbidden(customer, medium, chosen or next(shut, None), told=subject.told)) is not None:
        return Answer(False, why)
    if purpose.nature == "obligation":
        return Answer(True, Message("consent.why.obligation", {}))
    found = verdict(subject.events, Question(purpose.id, medium, point, party), utc_now())
    reason = Message(f"consent.why.{found.why}", {"at": found.event.at.date().isoformat() if found.event else ""})
    return Answer(found.allowed, reason, found.event.id if found.event else None)


def require(uow: "UnitOfWork", customer_id: UUID, purpose_id: UUID, medium: str, option: UUID | None = None) -> None:
    """Raise ``Conflict`` with the reason unless the customer may be contacted."""
    found = may_contact(uow, customer_id, purpose_id, medium, option)
    if not found.allowed:
        raise Conflict(found.reason.key, **found.reason.params)


def contactable(purpose: Purpose, medium: str) -> ColumnElement[bool]:
    """Return the test on ``Customer`` that may_contact says yes at his main address: for lists, exports, targets."""
    if not is_offered(purpose, medium):
        return false()
    free = [not_(test) for _, test in _stops(medium)]
    return and_(*free) if purpose.nature == "obligation" else and_(*free, _a_yes(purpose, medium, holds=True))


def why_not(purpose: Purpose, medium: str) -> ColumnElement[Any]:
    """Return in SQL why a customer may not be contacted, as a word of ``WHY_NOT``; null when he may."""
    if not is_offered(purpose, medium):
        return literal("purpose")
    cases = [(test, literal(why)) for why, test in _stops(medium)]
    if purpose.nature != "obligation":
        spoken = exists().where(_speaks(SPOKEN, purpose, medium, _here(medium))).correlate(Customer)
        cases += [
            (_a_yes(purpose, medium, holds=True), null()), (not_(spoken), literal("never")),
            (_a_yes(purpose, medium), literal("lapsed")), (true(), literal("refused")),
        ]  # fmt: skip
    return case(*cases, else_=null())


def _stops(medium: str) -> list[tuple[str, ColumnElement[bool]]]:
    """Return what stands in the way whatever was said, in the order ``answer`` asks."""
    shut_media: Any = Customer.forbidden_media
    gone = or_(*(getattr(Customer, n).is_not(None) for n in ("archived_at", "merged_into_id", "restricted_at")))
    forbids = func.coalesce(has_any(shut_media, [medium]), false())
    here = _here(medium)
    if here is None:
        return [("archived", gone), ("forbidden", forbids)]
    shut = select(Communication.id).where(
        Communication.customer_id == Customer.id, col(Communication.archived_at).is_(None),
        col(Communication.do_not_use), col(Communication.family).in_(FAMILIES[medium]),
        _plain(medium, Communication.value) == here,
    )  # fmt: skip
    nowhere = or_(here.is_(None), here == "")
    return [
        ("archived", gone), ("unreachable", nowhere), ("forbidden", forbids),
        ("shut", shut.correlate(Customer).exists()),
    ]  # fmt: skip


def _a_yes(purpose: Purpose, medium: str, *, holds: bool = False) -> ColumnElement[bool]:
    """Return the test that there is a yes no refusal is as new as; ``holds`` asks for one as ``verdict`` does."""
    here = _here(medium)
    stricter = col(AGAINST.event).in_(NO)
    if holds:
        stricter = or_(stricter, col(AGAINST.valid_until) <= utc_now())
    since = exists().where(_speaks(AGAINST, purpose, medium, here), col(AGAINST.at) >= GIVEN.at, stricter)
    found = exists().where(
        _speaks(GIVEN, purpose, medium, here), col(GIVEN.event).in_(YES), ~since.correlate(Customer, GIVEN)
    )
    if holds:
        refused = (
            exists()
            .where(_speaks(REFUSED, purpose, medium, here), col(REFUSED.event).in_(NO))
            .correlate(Customer, GIVEN)
        )
        found = found.where(or_(col(GIVEN.proven), ~refused))
    return found.correlate(Customer)


def _speaks(event: Any, purpose: Purpose, medium: str, here: Any) -> ColumnElement[bool]:
    """Say in SQL what ``permission.speaks`` says of an event."""
    at = true() if here is None else or_(event.point == here, and_(event.point.is_(None), event.event.in_(NO)))
    return and_(
        event.customer_id == Customer.id, event.party == "", event.event.in_((*YES, *NO)),
        or_(event.purpose_id.is_(None), event.purpose_id == purpose.id),
        or_(event.medium.is_(None), event.medium == medium), at,
    )  # fmt: skip


def named(uow: "UnitOfWork", key: str, medium: str) -> Purpose:
    """Return a purpose by its key; ``Invalid`` when there is none, or it does not use the medium."""
    found = uow.session.exec(select(Purpose).where(Purpose.key == key, col(Purpose.archived_at).is_(None))).first()
    if found is None:
        raise Invalid.field("purpose", "mailing.purpose", purpose=key)
    if medium not in found.media:
        raise Invalid.field("medium", "consent.medium", purpose=found.name)
    return found


def is_offered(purpose: Purpose, medium: str) -> bool:
    """Tell whether a purpose uses a medium today."""
    return purpose.archived_at is None and purpose.retired_at is None and medium in purpose.media


def _address(customer: Customer, medium: str) -> str | None:
    return getattr(customer, POINTED[medium]) if medium in POINTED else None


def _here(medium: str) -> Any:
    return _plain(medium, getattr(Customer, POINTED[medium])) if medium in POINTED else None


def _plain(medium: str, value: Any) -> Any:
    """Say in SQL what ``point_of`` does to an address."""
    for letter in DROPPED if POINTED[medium] == "phone" else "":
        value = func.replace(value, letter, "")
    return value


def _no(why: str) -> Answer:
    return Answer(False, Message(f"consent.why.{why}", {"at": ""}))
