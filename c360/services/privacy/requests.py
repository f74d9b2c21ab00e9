"""Requests of people about their data: received, due in a month, answered; and what an answer does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.clock import months_after, today, utc_now
from c360.core.errors import Conflict, Invalid, NotFound
from c360.core.ids import new_id
from c360.models.customer import Customer
from c360.models.request import ERASING, KINDS, SubjectRequest
from c360.query.expressions import plain
from c360.registry.entity import entity_for
from c360.services import mass, names, references
from c360.services.mass import Change
from c360.services.privacy import erasing
from c360.services.uow import UnitOfWork

MONTH, EXTENDED = 1, 3
"""Months to answer, and with a reason (GDPR Art. 12 (3))."""
SOON = 7
"""Days before the deadline from which a request counts as pressing."""


@dataclass(slots=True)
class Asked:
    """A request as data protection sees it."""

    id: str = ""
    kind: str = ""
    kind_label: str = ""
    customer_id: str = ""
    customer: str = ""
    href: str = ""
    received_on: str = ""
    due_on: str = ""
    days: int = 0
    state: str = ""
    state_label: str = ""
    late: bool = False
    pressing: bool = False
    extended: bool = False
    identity: str = ""
    note: str = ""
    outcome: str = ""
    mine: bool = False
    """Whether the reader opened it himself: then somebody else must do the erasure."""


def open_(uow: UnitOfWork, customer_id: UUID, kind: str, received_on: date, identity: str, note: str = "") -> UUID:
    """Write down what a person asked for; the clock runs from the day it came."""
    uow.require(Verb.CREATE, "subject_request")
    uow.get("customer", customer_id, archived=True)
    if kind not in KINDS.values:
        raise Invalid.field("kind", "error.option")
    if received_on > today():
        raise Invalid.field("received_on", "consent.future")
    if not identity.strip():
        raise Invalid.field("identity", "privacy.identity")
    row = SubjectRequest(
        customer_id=customer_id, kind=kind, received_on=received_on, due_on=months_after(received_on, MONTH),
        identity=identity.strip(), note=note.strip() or None,
    )  # fmt: skip
    uow.add(row)
    uow.log("privacy.asked", kind=kind)
    return row.id


def listed(uow: UnitOfWork, *, closed: bool = False) -> list[Asked]:
    """Return the requests, those due first on top; closed ones only when asked for."""
    uow.require(Verb.READ, "subject_request")
    found = uow.select("subject_request")
    if not closed:
        found = found.where(SubjectRequest.state == "open")
    rows = list(uow.session.exec(found.order_by(col(SubjectRequest.state).desc(), col(SubjectRequest.due_on))))
    people = select(Customer.id, Customer.name, Customer.kind).where(
        col(Customer.id).in_({row.customer_id for row in rows})
    )
    uow.saw("requests", "subject_request", ids=[str(row.customer_id) for row in rows])
    known = {row[0]: row for row in uow.session.exec(people)}
    language = uow.actor.language
    made = []
    for row in rows:
        days = (row.due_on - today()).days
        is_open, who = row.state == "open", known[row.customer_id]
        made.append(
            Asked(
                str(row.id), row.kind, names.option("request_kind", row.kind, language), str(row.customer_id),
                references.customer_name(uow, who[2], who[1]), f"/{who[2]}/{row.customer_id}",
                row.received_on.isoformat(), row.due_on.isoformat(), days, row.state,
                names.option("request_state", row.state, language), is_open and days < 0, is_open and 0 <= days <= SOON,
                bool(row.extended_because), row.identity or "", row.note or "", row.outcome or "",
                row.created_by_id == uow.actor.user_id,
            )
        )  # fmt: skip
    return made


def extend(uow: UnitOfWork, request_id: UUID, because: str) -> None:
    """Take two months more, once, with a reason the person is told."""
    row = _open(uow, request_id)
    if not because.strip():
        raise Invalid.field("because", "error.required", field="Reason")
    if row.extended_because:
        raise Conflict("privacy.extended")
    row.extended_because, row.due_on = because.strip(), months_after(row.received_on, EXTENDED)
    uow.log("privacy.extended")


def close(uow: UnitOfWork, request_id: UUID, outcome: str, *, refused: bool = False) -> None:
    """Say what became of a request; a refusal needs its reason."""
    row = _open(uow, request_id)
    if refused and not outcome.strip():
        raise Invalid.field("outcome", "error.required", field="Reason")
    row.state, row.outcome = "refused" if refused else "done", outcome.strip() or None
    row.closed_at, row.closed_by_id = utc_now(), uow.actor.user_id
    uow.log("privacy.refused" if refused else "privacy.answered", kind=row.kind)


def carry_out(uow: UnitOfWork, request_id: UUID) -> int:
    """Do what a request asks: erase, restrict or object. An erasure takes a second person."""
    row = _open(uow, request_id)
    if row.kind in ERASING:
        if row.created_by_id == uow.actor.user_id:
            raise Conflict("privacy.second")
        done = erasing.erase(uow, row.customer_id, request_id=row.id, how=ERASING[row.kind])
        uow.session.refresh(row)
    elif row.kind == "restriction":
        restrict(uow, row.customer_id)
        done = 1
    elif row.kind == "objection":
        object_(uow, row.customer_id)
        done = 1
    else:
        raise Conflict("privacy.by_hand")
    close(uow, request_id, "")
    return done


def restrict(uow: UnitOfWork, customer_id: UUID) -> None:
    """Freeze a customer for processing: out of lists, exports, merges, and seen by data protection alone."""
    uow.require(Verb.UPDATE, "subject_request")
    row = uow.get("customer", customer_id, archived=True)
    if row.restricted_at is not None:
        raise Conflict("privacy.restricted")
    now = utc_now()
    _set(uow, row, {"restricted_at": now, "archived_at": row.archived_at or now})
    uow.log("privacy.restricted", customer=str(customer_id))


def lift(uow: UnitOfWork, customer_id: UUID) -> None:
    """End a restriction; a customer it took out of sight comes back."""
    uow.require(Verb.UPDATE, "subject_request")
    row = uow.get("customer", customer_id, archived=True)
    if row.restricted_at is None:
        raise NotFound("privacy.unrestricted")
    back = None if row.archived_at == row.restricted_at else row.archived_at
    _set(uow, row, {"restricted_at": None, "archived_at": back})
    uow.log("privacy.lifted", customer=str(customer_id))


def object_(uow: UnitOfWork, customer_id: UUID) -> None:
    """Write an objection to everything into the ledger."""
    uow.get("customer", customer_id, archived=True)
    event = {"id": new_id(), "customer_id": customer_id, "event": "objected", "source": "in_person", "proven": True}
    mass.add(uow, entity_for("consent_event"), [event | {"at": utc_now()}], "customer_id")


def _set(uow: UnitOfWork, row: Customer, values: Mapping[str, datetime | None]) -> None:
    """Set what data protection alone may set, whoever owns the customer; the journal is told."""
    before = {name: plain(getattr(row, name)) for name in values}
    after = {name: plain(value) for name, value in values.items()}
    mass.change(uow, [Change(entity_for(row.kind), row.id, row.version, before, after, row.id)])
    uow.session.expire(row)


def _open(uow: UnitOfWork, request_id: UUID) -> SubjectRequest:
    row: SubjectRequest = uow.get("subject_request", request_id, Verb.UPDATE)
    if row.state != "open":
        raise Conflict("privacy.closed")
    return row
