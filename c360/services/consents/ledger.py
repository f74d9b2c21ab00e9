"""Writing the ledger: one event for each yes, no or question, with its proof; nothing written is ever changed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import select

from c360.core.clock import months_after, utc_now
from c360.core.errors import Conflict, Invalid, Message, NotFound
from c360.models.consent import BASES, EVENTS, NO, POINTED, SOURCES, YES, ConsentEvent, ConsentText, Purpose
from c360.models.job import StoredFile
from c360.query.moments import midnight
from c360.query.permission import Question, point_of, speaks

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork

SAID = tuple(event for event in EVENTS.values if event != "requested")
"""What a person can be recorded to have said."""
HEARD = tuple(source for source in SOURCES.values if source not in ("preference_page", "suppression"))
"""How a user can have come to know it."""
DOUBLE = "email"
"""The medium on which a purpose may ask for a second yes, by a link."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said about one purpose on one medium, and how we know."""

    event: str
    source: str
    option_id: UUID | None = None
    at: date | datetime | None = None
    valid_until: date | None = None
    basis: str = ""
    party: str = ""
    source_detail: str = ""
    text_id: UUID | None = None
    file_id: UUID | None = None
    note: str = ""
    ip: str = ""
    agent: str = ""
    confirmed_at: datetime | None = None
    answers_id: UUID | None = None
    point: str | None = None


def record(uow: "UnitOfWork", customer_id: UUID, purpose_id: UUID, medium: str, said: Said) -> UUID:
    """Add what was said to the ledger and return the event's id.

    A yes by e-mail to a purpose with double opt-in is only a question until its link was followed.
    """
    customer = uow.get("customer", customer_id)
    purpose = uow.get("purpose", purpose_id)
    _check(purpose, medium, said)
    name = said.event
    if name == "given" and purpose.double_opt_in and medium == DOUBLE and not said.party and not said.confirmed_at:
        name = "requested"
    point = said.point or _point(uow, customer, medium, said, needed=name not in NO)
    evidence, told = _evidence(uow, customer_id, purpose_id, said), said.valid_until
    until = midnight(told) + timedelta(days=1) if told else None
    at = _moment(said.at)
    if until is None and name in YES and purpose.lasts_months:
        until = months_after(at, purpose.lasts_months)
    text, file = evidence
    event = ConsentEvent(
        customer_id=customer_id, purpose_id=purpose_id, purpose_version=purpose.version, medium=medium, point=point,
        party=said.party.strip(), event=name, at=at, valid_until=until if name in YES else None,
        basis=said.basis or purpose.basis, source=said.source, source_detail=said.source_detail.strip() or None,
        text_id=text.id if text else None, text_sha256=text.sha256 if text else None,
        file_id=file.id if file else None, file_sha256=file.sha256 if file else None, note=said.note.strip() or None,
        ip=said.ip or None, agent=said.agent or None, confirmed_at=said.confirmed_at, answers_id=said.answers_id,
        proven=bool(text or file or said.confirmed_at or said.note.strip() or said.source_detail.strip()),
    )  # fmt: skip
    if name in YES and not event.proven and _refused_before(uow, event, purpose, medium):
        raise Invalid.field("note", "consent.proof")
    uow.add(event)
    uow.log(f"consent.{name}", purpose=purpose.key, medium=medium)
    return event.id


def opt_out(
    uow: "UnitOfWork", customer_id: UUID, source: str, *, note: str = "", ip: str = "", agent: str = ""
) -> UUID:
    """Withdraw everything at once: every purpose, every medium."""
    uow.get("customer", customer_id)
    event = uow.add(
        ConsentEvent(
            customer_id=customer_id, event="withdrawn", source=source, note=note or None, ip=ip or None,
            agent=agent or None, proven=True,
        )
    )  # fmt: skip
    uow.log("consent.withdrawn", all=True)
    return event.id


def _check(purpose: Purpose, medium: str, said: Said) -> None:
    wrong = {}
    if purpose.retired_at is not None:
        raise Conflict("consent.retired", purpose=purpose.name)
    if purpose.nature == "obligation":
        raise Conflict("consent.obligation", purpose=purpose.name)
    if medium not in purpose.media:
        wrong["medium"] = Message("consent.medium", {"purpose": purpose.name})
    for name, value, known in (("event", said.event, EVENTS), ("source", said.source, SOURCES)):
        if value not in known.values:
            wrong[name] = Message("error.option", {})
    if said.basis and said.basis not in BASES.values:
        wrong["basis"] = Message("error.option", {})
    if _moment(said.at) > utc_now() + timedelta(minutes=1):
        wrong["at"] = Message("consent.future", {})
    if said.valid_until is not None and midnight(said.valid_until) + timedelta(days=1) <= _moment(said.at):
        wrong["valid_until"] = Message("consent.until", {})
    if len(said.party) > 200 or len(said.source_detail) > 300:
        wrong["party" if len(said.party) > 200 else "source_detail"] = Message("error.long", {"max": 200})
    if wrong:
        raise Invalid(wrong)


def _moment(at: date | datetime | None) -> datetime:
    """Return when something was said; a day that is not over yet means now."""
    if at is None:
        return utc_now()
    if isinstance(at, datetime):
        return at
    now = utc_now()
    return now if at == now.date() else midnight(at)


def _point(uow: "UnitOfWork", customer: object, medium: str, said: Said, *, needed: bool) -> str | None:
    """Return the address a yes is for: the option's, else the main one. A no without an option is for all of them."""
    if medium not in POINTED:
        return None
    if said.option_id is not None:
        option = uow.get("communication", said.option_id)
        if option.customer_id != getattr(customer, "id", None):
            raise NotFound("error.not_found", entity="communication")
        return point_of(medium, option.value)
    found = point_of(medium, getattr(customer, POINTED[medium])) if needed else None
    if needed and not found:
        raise Invalid.field("option_id", "consent.no_address")
    return found


def _evidence(
    uow: "UnitOfWork", customer_id: UUID, purpose_id: UUID, said: Said
) -> tuple[ConsentText | None, StoredFile | None]:
    text = uow.session.get(ConsentText, said.text_id) if said.text_id else None
    if said.text_id and (text is None or text.purpose_id != purpose_id):
        raise Invalid.field("text_id", "consent.text.unknown")
    file = uow.session.get(StoredFile, said.file_id) if said.file_id else None
    mine = file is not None and (file.customer_id or customer_id) == customer_id
    if said.file_id and not (file and mine and (file.customer_id or file.owner_id == uow.actor.user_id)):
        raise Invalid.field("file_id", "file.unknown")
    if file is not None and file.customer_id is None:
        file.customer_id = customer_id
    return text, file


def _refused_before(uow: "UnitOfWork", event: ConsentEvent, purpose: Purpose, medium: str) -> bool:
    asked = Question(purpose.id, medium, event.point, event.party)
    found = uow.session.exec(select(ConsentEvent).where(ConsentEvent.customer_id == event.customer_id))
    return any(row.event in NO and speaks(row, asked) for row in found)
