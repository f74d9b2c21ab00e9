"""The places of a customer: where they are, what is known of them, and what can be done there."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import case, col, or_

from c360.core.actor import Verb
from c360.core.errors import Conflict
from c360.core.i18n import text
from c360.models.address import ROLES, Address
from c360.registry.entity import entity_for
from c360.services import closed, facts, fields, names, paging, profiles, records, settings
from c360.services.facts import Act, Card, Chip, Fact, Line
from c360.services.paging import Page
from c360.services.rules import places
from c360.services.uow import UnitOfWork

PLACE = ("label", "street", "extra", "postal_code", "city", "region", "country", "timezone", "phone", "opening_hours")
"""What a person who works at a place has in common with it."""


def one_line(address: Any, language: str) -> str:
    """Return an address in one line."""
    country = names.name_of("country", address.country, language) if address.country else ""
    city = " ".join(filter(None, (address.postal_code, address.city)))
    return ", ".join(filter(None, (address.street, address.extra, city, address.region, country)))


def map_link(address: Any) -> str:
    """Return a link that shows an address on a map."""
    words = "+".join(one_line(address, "en").replace(",", " ").split())
    return f"https://www.openstreetmap.org/search?query={words}" if words else ""


def of(uow: UnitOfWork, customer_id: UUID) -> Any:
    """Select the places of a customer, in the order of their roles."""
    ranked = case({role: n for n, role in enumerate(ROLES)}, value=col(Address.role), else_=len(ROLES))
    found = uow.select("address").where(Address.customer_id == customer_id)
    return found.order_by(ranked, col(Address.created_at), col(Address.id))


def main(uow: UnitOfWork, customer_id: UUID) -> Any:
    """Return a customer's main address, else his first."""
    return uow.session.exec(of(uow, customer_id).limit(1)).first()


def card(uow: UnitOfWork, record: Any, start: int = 0) -> Card:
    """Return the places of a customer, each with its role, its clock and what can be done there."""
    language = uow.actor.language
    told = {name: text(language, f"profile.addresses{name}") for name in ("", ".add", ".empty")}
    shown = paging.page(uow, of(uow, record.id), start)
    lines = _lines(uow, record, shown.rows)
    made = Card("addresses", told[""], lines=lines, adds="address", add_label=told[".add"], empty=told[".empty"])
    return paging.paged(made, shown, start)


def working(uow: UnitOfWork, record: Any, start: int = 0) -> Card:
    """Return where a person works: the places of his own that say so, else his employer's main one."""
    said = or_(col(Address.is_working_place), col(Address.role) == "working")
    shown = paging.page(uow, of(uow, record.id).where(said), start)
    if not shown.rows and not start and record.employer_id and "employer_id" in uow.fields("contact"):
        place = main(uow, record.employer_id)
        shown = Page([place] if place else [], 0)
    lines = _lines(uow, record, shown.rows)
    for row, line in zip(shown.rows, lines, strict=True):
        holder = "contact" if row.customer_id == record.id else "account"
        line.href, line.entity = f"/{holder}/{row.customer_id}/locations?open={line.id}", ""
    made = Card("working_place", text(uow.actor.language, "profile.working_place"), lines=lines)
    return paging.paged(made, shown, start)


def preset(uow: UnitOfWork, address_id: UUID) -> dict[str, str]:
    """Return what the form of a person added at a place starts with: who works there works for its account."""
    account_id = _account(uow, uow.get("address", address_id))
    return {"employer_id": str(account_id)} if account_id else {}


def join(uow: UnitOfWork, contact_id: UUID, address_id: UUID) -> None:
    """Give a person a place as the one where he works."""
    place = uow.get("address", address_id)
    known = fields.writable(uow.session, entity_for("address"), uow.actor)
    same = {name: getattr(place, name) for name in PLACE if name in known and getattr(place, name)}
    records.create(uow, "address", {**same, "role": "working", "is_working_place": "yes"}, customer_id=contact_id)


def _account(uow: UnitOfWork, place: Any) -> UUID | None:
    holder = uow.get("customer", place.customer_id)
    return holder.id if holder.kind == "account" else holder.employer_id


def _lines(uow: UnitOfWork, record: Any, rows: list[Any]) -> list[Line]:
    language, known = uow.actor.language, uow.fields("address")
    read = facts.table(uow, "address", rows, ("phone", "opening_hours", "timezone", "notes"))
    lines, shut = [], closed.media(uow, record)
    for row, told in zip(rows, read, strict=True):
        if "phone" in told:
            closed.close(told["phone"], shut.get("phone"))
        where = one_line(row, language)
        line = Line(str(row.id), "address", row.label or where, where if row.label else "", "map-pin", place=where)
        role = names.option("address_role", row.role, language)
        line.chips = [Chip(role, "indigo" if row.role == "main" else "")]
        if row.is_working_place and "is_working_place" in known:
            line.chips.append(Chip(names.field_label("address", known["is_working_place"], language)))
        clock = profiles.local_time(profiles.zone_of(uow, record, row))
        line.facts = list(told.values())
        if clock:
            line.facts.append(Fact("local_time", text(language, "profile.local_time"), "text", clock))
        line.acts = _acts(uow, record, row)
        lines.append(line)
    return lines


def _acts(uow: UnitOfWork, record: Any, place: Any) -> list[Act]:
    """Return what can be done at a place: see it on a map, book or record a meeting, add somebody who works there."""
    language, actor = uow.actor.language, uow.actor
    made = [Act("map", href=map_link(place))] if map_link(place) else []
    if actor.may(Verb.CREATE, "activity") and settings.read(uow.session).allows(record.kind, "meeting"):
        made += [Act("meeting", reason=closed.activities(uow, record).get("meeting", "")), Act("visit")]
    if actor.may(Verb.CREATE, "contact"):
        made.append(Act("person", href=f"/contacts/new?at={place.id}"))
    for act in made:
        act.label = text(language, f"place.{act.key}")
    return made


def ask_before_taking(
    uow: UnitOfWork, record_id: UUID | None, values: Mapping[str, str], given: Mapping[str, Any]
) -> None:
    """Raise ``Conflict`` when the address would take a unique role from another."""
    role = values.get("role", "main" if record_id is None else "")
    customer_id = given.get("customer_id") or uow.get("address", record_id).customer_id  # pyright: ignore[reportArgumentType]
    holder = places.role_holder(uow, customer_id, role, record_id)
    if holder is not None:
        named = names.option("address_role", role, uow.actor.language)
        raise Conflict("address.role_taken", role=named, place=holder.title)
