"""Who might belong to a customer: the same phone, address or mail domain. Offered with the reason, never applied."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import literal_column
from sqlmodel import col, or_, select

from c360.core.actor import Verb
from c360.core.i18n import text
from c360.matching.normalise import places, reach
from c360.models.address import Address
from c360.models.communication import DIALLED, MAILED, Communication, normalised
from c360.models.customer import Customer
from c360.models.customer_indexes import domain_of
from c360.models.relationship import DismissedTie
from c360.query import scope
from c360.query.text import column_contains, terms
from c360.registry.entity import entity_for
from c360.services import profiles, records
from c360.services.relationships import ties
from c360.services.relationships.ties import Wanted
from c360.services.uow import UnitOfWork

SHOWN = 12
LOOKED_AT = 300
"""Others looked at for each reason; who shares his reason with more shares it with everybody."""
REASONS = ("phone", "address", "domain")


@dataclass(slots=True)
class Suggestion:
    """A customer who might belong to another one, and why."""

    id: str
    kind: str
    label: str
    sub: str = ""
    initials: str = ""
    hue: str = "gray"
    reasons: list[str] = field(default_factory=list)
    editable: bool = False


def of(uow: UnitOfWork, record_id: UUID) -> list[Suggestion]:
    """Return whom a customer is not tied to yet though they share something, those who share the most first."""
    uow.get("customer", record_id, archived=True)
    found: dict[UUID, dict[str, str]] = defaultdict(dict)
    shared = (*_reached(uow, record_id), *_housed(uow, record_id))
    for other, reason, value in sorted(shared, key=lambda one: REASONS.index(one[1])):
        found[other].setdefault(reason, value)
    for known in (*_tied(uow, record_id), *_dismissed(uow, record_id)):
        found.pop(known, None)
    return _told(uow, record_id, found)


def dismiss(uow: UnitOfWork, record_id: UUID, other_id: UUID) -> UUID:
    """Remember that two customers have nothing to do with each other; return the change set's id."""
    one, other = sorted((record_id, other_id))
    for end in (one, other):
        uow.get("customer", end)
    if other_id not in _dismissed(uow, record_id):
        records.create(uow, "dismissed_tie", {"other_id": str(other)}, one_id=one)
    uow.log("relation.dismissed")
    return uow.draft.set_id


Shared = tuple[UUID, str, str]


def _reached(uow: UnitOfWork, record_id: UUID) -> Iterable[Shared]:
    """Yield who has a phone number or a mail domain of this customer, as his own or among his options."""
    own, options = _addresses(uow, record_id), uow.select("communication")
    numbers = sorted({normalised("phone", n) for n in own["phone"] if reach.phone(n)})
    domains = sorted({reach.domain(one) for one in own["email"]} - {""})
    if {"value", "family"} <= uow.fields("communication").keys():
        others, same = options.with_only_columns(col(Communication.customer_id)), col(Communication.normalised)
        domain: Any = literal_column(domain_of("normalised"))
        yield from _same(uow, "phone", others.where(col(Communication.family).in_(DIALLED)), same, numbers)
        yield from _same(uow, "domain", others.where(MAILED), domain, domains)
    others, shown = uow.select("customer").with_only_columns(col(Customer.id)), uow.fields("customer")
    for number in numbers if "phone" in shown else ():
        # A customer's own number is kept as it was typed, so the index finds it and its meaning decides.
        near = others.add_columns(col(Customer.phone)).where(column_contains("phone", terms(number)[0][0]))
        for other, phone in uow.session.execute(near.limit(LOOKED_AT)):
            if phone and normalised("phone", phone) == number:
                yield other, "phone", phone
    if "email" in shown:
        domain = literal_column(domain_of("email"))
        yield from _same(uow, "domain", others.where(col(Customer.email).is_not(None)), domain, domains)


def _addresses(uow: UnitOfWork, record_id: UUID) -> dict[str, list[str]]:
    """Return the phone numbers and e-mail addresses of a customer this reader may see."""
    found: dict[str, list[str]] = {"phone": [], "email": []}
    if {"value", "family"} <= uow.fields("communication").keys():
        for option in uow.session.exec(uow.select("communication").where(Communication.customer_id == record_id)):
            found.setdefault("phone" if option.family in DIALLED else option.family, []).append(option.value)
    record = uow.get("customer", record_id, archived=True)
    for name in {"phone", "email"} & uow.fields(record.kind).keys():
        if value := getattr(record, name):
            found[name].append(value)
    return found


def _same(uow: UnitOfWork, reason: str, others: Any, column: Any, values: list[str]) -> Iterable[Shared]:
    """Yield who has one of the values in a column."""
    if values:
        for other, value in uow.session.execute(others.add_columns(column).where(column.in_(values)).limit(LOOKED_AT)):
            yield other, reason, value


def _housed(uow: UnitOfWork, record_id: UUID) -> Iterable[Shared]:
    """Yield who has an address of this customer: the same house, however the street is written."""
    if not {"street", "postal_code"} <= uow.fields("address").keys():
        return
    addresses = uow.select("address")
    own = {_house(row): row for row in uow.session.exec(addresses.where(Address.customer_id == record_id))}
    own.pop(None, None)
    codes = sorted({row.postal_code for row in own.values()})
    near = addresses.where(col(Address.postal_code).in_(codes), Address.customer_id != record_id)
    for row in uow.session.exec(near.order_by(col(Address.id).desc()).limit(LOOKED_AT)) if codes else ():
        if (mine := own.get(_house(row))) is not None:
            yield row.customer_id, "address", f"{mine.street}, {mine.postal_code} {mine.city or ''}".strip()


def _house(row: Address) -> tuple[str, ...] | None:
    """Return what makes an address the same house; None where there is no house to share."""
    street = places.street(row.street or "")
    if not (row.postal_code and street.name and street.number):
        return None
    return row.country or "", row.postal_code, places.street_key(street.name), street.number


def _tied(uow: UnitOfWork, record_id: UUID) -> set[UUID]:
    known = ties.touching(uow.session, [record_id], Wanted(former=True), LOOKED_AT * len(REASONS))
    return {record_id} | {end for tie in known for end in (tie.source, tie.target)}


def _dismissed(uow: UnitOfWork, record_id: UUID) -> set[UUID]:
    either = or_(DismissedTie.one_id == record_id, DismissedTie.other_id == record_id)
    pair = select(DismissedTie.one_id, DismissedTie.other_id).where(either, col(DismissedTie.archived_at).is_(None))
    return {end for row in uow.session.exec(pair) for end in row} - {record_id}


def _told(uow: UnitOfWork, record_id: UUID, found: dict[UUID, dict[str, str]]) -> list[Suggestion]:
    """Return the suggestions in words: of those alone whom this reader may see."""
    people = _people(uow, [record_id, *found]) if found else {}
    here = people.pop(record_id, None)

    def rank(row: Any) -> tuple[int, int, str]:
        return -len(found[row.id]), min(map(REASONS.index, found[row.id])), row.name

    language, titled = uow.actor.language, "job_title" in uow.fields("contact")
    return [
        Suggestion(
            str(row.id), row.kind, row.name, (row.job_title or "") if titled else "", profiles.initials(row.name),
            profiles.hue(row.name),
            [text(language, f"relations.reason.{reason}", value=value) for reason, value in found[row.id].items()],
            row.mine or (here is not None and here.mine),
        )
        for row in sorted(people.values(), key=rank)[:SHOWN]
    ]  # fmt: skip


def _people(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, Any]:
    mine = scope.reach(entity_for("customer"), uow.actor, Verb.UPDATE).label("mine")
    columns = (col(Customer.id), col(Customer.kind), col(Customer.name), col(Customer.job_title), mine)
    seen = uow.select("customer", inactive=False).where(col(Customer.id).in_(ids)).with_only_columns(*columns)
    return {row.id: row for row in uow.session.execute(seen)}
