"""Lines that pick no value but a row: whose main address and whose primary contact stay what they are."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.errors import Message
from c360.core.i18n import text
from c360.models.address import Address
from c360.models.contact_person import ContactPerson
from c360.services import references
from c360.services.merging.people import People
from c360.services.merging.shapes import CONFLICT, EQUAL, FILLED, OF, Choices, FieldRow
from c360.services.rules import places
from c360.services.uow import UnitOfWork

ADDRESS = "address"
"""Street, town and country are one: they are the picked record's; the customer's own columns follow."""
PRIMARY_CONTACT = "primary_contact"
LINES = (ADDRESS, PRIMARY_CONTACT)


def offered(uow: UnitOfWork, people: People) -> Iterator[FieldRow]:
    """Yield these lines, as far as any participant has such a row and the actor may see it."""
    yield from _line(uow, people, ADDRESS, _addresses(uow, people))
    if people.entity.key == "account":
        yield from _line(uow, people, PRIMARY_CONTACT, _contacts(uow, people))


def home(people: People, choices: Choices, errors: dict[str, Message]) -> UUID:
    """Return the participant whose main address stays the main one; what cannot be goes to ``errors``."""
    return _picked(people, choices, ADDRESS, errors) or people.survivor.id


def contact(uow: UnitOfWork, people: People, choices: Choices, errors: dict[str, Message]) -> UUID | None:
    """Return the picked primary contact, None when nobody picked one; what cannot be goes to ``errors``."""
    record_id = _picked(people, choices, PRIMARY_CONTACT, errors)
    if record_id is None:
        return None
    found = select(ContactPerson.contact_id).where(
        ContactPerson.account_id == record_id, col(ContactPerson.is_primary), col(ContactPerson.archived_at).is_(None)
    )
    contact_id = uow.session.exec(found).first()
    if contact_id is None:
        errors[PRIMARY_CONTACT] = Message("merge.pick", {})
    return contact_id


def _picked(people: People, choices: Choices, name: str, errors: dict[str, Message]) -> UUID | None:
    pick = choices.fields.get(name)
    chosen = next((record.id for record in people.records if pick == f"{OF}{record.id}"), None)
    if pick and chosen is None:
        errors[name] = Message("merge.pick", {})
    return chosen


def _addresses(uow: UnitOfWork, people: People) -> Mapping[UUID, str]:
    if not {"label", "street", "postal_code", "city", "country"} <= set(uow.fields("address")):
        return {}
    found = uow.select("address").where(col(Address.customer_id).in_(people.ids), col(Address.role) == "main")
    return {row.customer_id: places.title(row) for row in uow.session.exec(found)}


def _contacts(uow: UnitOfWork, people: People) -> Mapping[UUID, str]:
    if not {"contact_id", "is_primary"} <= set(uow.fields("contact_person")):
        return {}
    found: Any = uow.select("contact_person").where(
        col(ContactPerson.account_id).in_(people.ids), col(ContactPerson.is_primary)
    )
    leads = {row.account_id: row.contact_id for row in uow.session.exec(found)}
    titles = references.titles(uow, "contact", set(leads.values()))
    return {account_id: titles.get(contact_id, "") for account_id, contact_id in leads.items()}


def _line(uow: UnitOfWork, people: People, name: str, titles: Mapping[UUID, str]) -> Iterator[FieldRow]:
    cells = tuple(titles.get(record.id, "") for record in people.records)
    told = {cell for cell in cells if cell}
    if told:
        group = CONFLICT if len(told) > 1 else EQUAL if all(cells) else FILLED
        first = next((record for record in people.ranked if titles.get(record.id)), people.survivor)
        yield FieldRow(name, text(uow.actor.language, f"merge.line.{name}"), "", group, cells, f"{OF}{first.id}")
