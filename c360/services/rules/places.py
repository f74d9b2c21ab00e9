"""Rules of addresses: one of each unique role, and the customer's city and country are those of the main one."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import col

from c360.models.address import UNIQUE_ROLES, Address
from c360.models.customer import Customer
from c360.services.rules.siblings import customer_of, others

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Holder:
    """The address that has a role now, for the question whether it may lose it."""

    id: UUID
    title: str


def role_holder(uow: "UnitOfWork", customer_id: UUID, role: str, but: UUID | None = None) -> Holder | None:
    """Return the address that would lose a role if another took it, or None when the role is free or shared."""
    if role not in UNIQUE_ROLES:
        return None
    held = uow.select("address").where(col(Address.customer_id) == customer_id, col(Address.role) == role)
    found = uow.session.exec(held.where(col(Address.id) != but) if but else held).first()
    return Holder(found.id, title(found)) if found else None


def title(address: Address) -> str:
    """Return an address in one line."""
    town = " ".join(filter(None, (address.postal_code, address.city)))
    return ", ".join(filter(None, (address.label, address.street, town, address.country)))


def keep(uow: "UnitOfWork", record: Address, changed: Collection[str]) -> None:
    """Let the newest claim to a unique role win and keep the customer's city and country in step."""
    neighbours = others(uow, record, "customer_id")
    if record.archived_at is None and record.role in UNIQUE_ROLES:
        for other in neighbours:
            if other.role == record.role:
                other.role = "other"
    live = [*neighbours, *([record] if record.archived_at is None else [])]
    main = next((a for a in live if a.role == "main"), live[0] if live else None)
    customer = customer_of(uow, record.customer_id, Customer)
    city, country = (main.city, main.country) if main else (None, None)
    if (customer.city, customer.country) != (city, country):
        customer.city, customer.country = city, country
