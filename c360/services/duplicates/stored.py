"""Customers as the duplicate engine reads them: their own fields and their main address, in pieces."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_
from sqlalchemy.orm import aliased
from sqlmodel import col

from c360.matching.column import Encoder
from c360.matching.table import Table
from c360.models.address import Address
from c360.models.choice import Choice
from c360.models.customer import Customer
from c360.services.uow import UnitOfWork

PIECE = 5_000
EMPLOYER, GENDER = aliased(Customer), aliased(Choice)
PLACE: dict[str, Any] = {
    "street": Address.street, "address_extra": Address.extra, "postal_code": Address.postal_code, "city": Address.city,
    "region": Address.region,
}  # fmt: skip
REACHED: dict[str, Any] = {"email": Customer.email, "phone": Customer.phone}
COLUMNS: dict[str, dict[str, Any]] = {
    "contact": {
        "given_name": Customer.given_name, "middle_name": Customer.middle_name, "family_name": Customer.family_name,
        "suffix": Customer.name_suffix, "birth_date": Customer.birth_date, "gender": GENDER.name,
        "occupation": Customer.job_title, "employer": EMPLOYER.name, **REACHED, **PLACE,
    },
    "account": {
        "name": Customer.name, "tax_number": Customer.tax_number, "website": Customer.website,
        "registration_number": Customer.registration_number, **REACHED,
        **{name: PLACE[name] for name in ("street", "postal_code", "city")},
    },
}  # fmt: skip
"""The column behind each field of the engine."""
SOURCES = {
    "given": "given_name", "family": "family_name", "middle": "middle_name", "suffix": "name_suffix",
    "gender": "gender_id", "occupation": "job_title", "employer": "employer_id", "legal_form": "name",
}  # fmt: skip
"""The field of the customer behind a comparison of another name."""


@dataclass(frozen=True, eq=False)
class Stored:
    """A table of customers and the id of each row."""

    table: Table
    ids: list[UUID]


def read(uow: UnitOfWork, entity: str, ids: Sequence[UUID] | None = None) -> Stored:
    """Return the live customers of a kind within the actor's reach, all or these, in the order of their ids."""
    columns = COLUMNS[entity]
    home = and_(
        col(Address.customer_id) == col(Customer.id), col(Address.role) == "main", col(Address.archived_at).is_(None)
    )
    query = uow.select(entity).with_only_columns(col(Customer.id), *columns.values()).outerjoin(Address, home)
    if entity == "contact":
        query = query.outerjoin(EMPLOYER, EMPLOYER.id == Customer.employer_id)  # pyright: ignore[reportArgumentType]
        query = query.outerjoin(GENDER, GENDER.id == Customer.gender_id)  # pyright: ignore[reportArgumentType]
    if ids is not None:
        query = query.where(col(Customer.id).in_(ids))
    encoders, found = [Encoder() for _ in columns], []
    rows = uow.session.execute(query.order_by(col(Customer.id)).execution_options(yield_per=PIECE))
    for piece in rows.partitions():
        one, *texts = zip(*piece, strict=True)
        found += one
        for encoder, values in zip(encoders, texts, strict=True):
            encoder.add(None if value is None or value == "" else str(value) for value in values)
    made = {name: encoder.column() for name, encoder in zip(columns, encoders, strict=True)}
    return Stored(Table(len(found), {name: one for name, one in made.items() if len(one.values)}), found)


def hidden(uow: UnitOfWork, entity: str, fields: Sequence[str]) -> frozenset[str]:
    """Return the comparisons whose fields the actor may not read."""
    readable = {*uow.fields(entity), *uow.fields("address")}
    place = {"address": "street", "address_extra": "extra"}
    return frozenset(name for name in fields if {**SOURCES, **place}.get(name, name) not in readable)
