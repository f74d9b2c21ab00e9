"""Upkeep of the search index: one document a customer, rebuilt in the transaction that changed him."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from c360.core.fold import fold
from c360.models.address import Address
from c360.models.communication import DIALLED, Communication
from c360.models.contact_person import ContactPerson
from c360.models.customer import Customer
from c360.models.search import SearchDocument

CHUNK = 500


def refresh(session: Session, customer_ids: Collection[UUID]) -> None:
    """Rebuild the documents of these customers and of the accounts these people stand for."""
    ids = list(customer_ids)
    for start in range(0, len(ids), CHUNK):
        _refresh(session, ids[start : start + CHUNK])


def _refresh(session: Session, ids: list[UUID]) -> None:
    stands_for = select(ContactPerson.account_id).where(
        col(ContactPerson.contact_id).in_(ids), col(ContactPerson.archived_at).is_(None)
    )
    ids = list({*ids, *session.exec(stands_for)})
    columns: Any = (Customer.id, Customer.name, Customer.email, Customer.phone, Customer.city)
    found = select(*columns).where(
        col(Customer.id).in_(ids), col(Customer.archived_at).is_(None), col(Customer.merged_into_id).is_(None)
    )
    session.execute(delete(SearchDocument).where(col(SearchDocument.customer_id).in_(ids)))
    rows = session.exec(found).all()
    reach, places, people = _communications(session, ids), _addresses(session, ids), _people(session, ids)
    documents = [
        {
            "customer_id": row.id,
            "name": fold(row.name),
            "email": words([row.email or "", *reach[row.id, "email"]]),
            "phone": words([dialled(row.phone or ""), *reach[row.id, "phone"]]),
            "address": words([row.city or "", *places[row.id]]),
            "people": words(people[row.id]),
        }
        for row in rows
    ]
    if documents:
        session.execute(insert(SearchDocument), documents)


def words(parts: Iterable[str]) -> str:
    """Return texts folded and joined, each once."""
    return " ".join(dict.fromkeys(filter(None, (fold(part) for part in parts))))


def dialled(phone: str) -> str:
    """Return a phone number as people look for it: as typed, and its digits alone."""
    digits = re.sub(r"\D", "", phone)
    return f"{phone} {digits}" if digits else phone


def _communications(session: Session, ids: list[UUID]) -> dict[tuple[UUID, str], list[str]]:
    found = select(
        Communication.customer_id, Communication.family, Communication.value, Communication.normalised
    ).where(col(Communication.customer_id).in_(ids), col(Communication.archived_at).is_(None))
    texts: dict[tuple[UUID, str], list[str]] = defaultdict(list)
    for customer_id, family, value, normalised in session.exec(found):
        is_phone = family in DIALLED
        texts[customer_id, "phone" if is_phone else "email"] += (
            [dialled(value), normalised.lstrip("+")] if is_phone else [value]
        )
    return texts


def _addresses(session: Session, ids: list[UUID]) -> dict[UUID, list[str]]:
    found = select(Address).where(col(Address.customer_id).in_(ids), col(Address.archived_at).is_(None))
    texts: dict[UUID, list[str]] = defaultdict(list)
    for address in session.exec(found):
        texts[address.customer_id] += filter(
            None, (address.label, address.street, address.postal_code, address.city, address.region)
        )
    return texts


def _people(session: Session, ids: list[UUID]) -> dict[UUID, list[str]]:
    found = (
        select(ContactPerson.account_id, Customer.name, Customer.email, Customer.phone)
        .join(Customer, col(Customer.id) == col(ContactPerson.contact_id))
        .where(
            col(ContactPerson.account_id).in_(ids),
            col(ContactPerson.archived_at).is_(None),
            col(Customer.archived_at).is_(None),
        )
    )
    texts: dict[UUID, list[str]] = defaultdict(list)
    for account_id, name, email, phone in session.exec(found):
        texts[account_id] += [name, email or "", dialled(phone or "")]
    return texts
