"""What the duplicate engine reads of a customer: own fields, the main address, and how to reach it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from c360.matching.keys import Row
from c360.models.address import Address
from c360.models.choice import Choice
from c360.models.communication import Communication
from c360.models.customer import Customer
from c360.query.scope import live
from c360.registry import values
from c360.registry.entity import entity_for
from c360.services import fields

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork

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
READ = frozenset({"birth_date", "phone"})
"""Columns whose values are not yet as the engine reads them."""
SOURCES = {
    "given": "given_name", "family": "family_name", "middle": "middle_name", "suffix": "name_suffix",
    "gender": "gender_id", "occupation": "job_title", "employer": "employer_id", "legal_form": "name",
    "address": "street", "address_extra": "extra",
}  # fmt: skip
"""The field of the customer behind a comparison of another name."""
FIELD = {"suffix": "name_suffix"}
"""The field of the customer behind a column of another name."""
PARTS: dict[str, tuple[str, ...]] = {
    "given": ("given_name",), "family": ("family_name",), "middle": ("middle_name",), "name": ("name",),
    "legal_form": ("name",), "address": ("street", "postal_code", "city", "region"),
}  # fmt: skip
"""The columns a comparison of another name is made from."""
NAMED = {"gender_id": "gender", "employer_id": "employer"}
"""The fields of the customer that hold an id of what the engine reads by its name."""
VALUES = {
    entity: {FIELD.get(name, SOURCES.get(name, name)): name for name in columns if name not in PLACE}
    for entity, columns in COLUMNS.items()
}  # fmt: skip
"""The column of the engine for a field of the customer."""
PLACED = {
    entity: {name: "extra" if name == "address_extra" else name for name in columns if name in PLACE}
    for entity, columns in COLUMNS.items()
}  # fmt: skip
"""The field of the address behind a column of the engine."""
AT_ONCE = 500
SHORT = 9
"""Digits up to which a number is read with its country: a longer one is told by its last nine anyway."""


def compared(column: str) -> tuple[str, ...]:
    """Return the comparisons a column is read for."""
    return tuple(name for name, parts in PARTS.items() if column in parts) or (column,)


def parts(comparison: str) -> tuple[str, ...]:
    """Return the columns a comparison is made from."""
    return PARTS.get(comparison, (comparison,))


def left_out(without: Collection[str]) -> frozenset[str]:
    """Return the columns not to read when these comparisons are left out."""
    return frozenset(part for name in without for part in parts(name))


def text_of(name: str, value: Any) -> str | None:
    """Return a value of a column as the engine reads it: a short national number in its international form."""
    if value is None or value == "":
        return None
    text = str(value)
    if name == "phone" and not text.startswith("+") and sum(map(str.isdigit, text)) <= SHORT:
        return values.e164(text) or text
    return text


def joined(query: Any, entity: str) -> Any:
    """Return a query on customers of a kind with what else the columns are read from."""
    home = and_(
        col(Address.customer_id) == col(Customer.id), col(Address.role) == "main", col(Address.archived_at).is_(None)
    )
    query = query.outerjoin(Address, home)
    if entity == "contact":
        query = query.outerjoin(EMPLOYER, EMPLOYER.id == Customer.employer_id)
        query = query.outerjoin(GENDER, GENDER.id == Customer.gender_id)
    return query


def named(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names behind ids of choices and employers."""
    wanted, found = sorted(set(ids)), dict[UUID, str]()
    for start in range(0, len(wanted), AT_ONCE):
        for model in (Choice, Customer):
            names = select(model.id, model.name).where(col(model.id).in_(wanted[start : start + AT_ONCE]))
            found |= dict(session.exec(names).all())
    return found


def rows(
    session: Session, entity: str, ids: Collection[UUID], *, inactive: bool = True, before: datetime | None = None
) -> dict[UUID, Row]:
    """Return the live ones of these customers as the engine reads them, whoever may see them.

    ``before`` leaves out who was made since.
    """
    wanted, found = sorted(set(ids)), {}
    for start in range(0, len(wanted), AT_ONCE):
        some: dict[str, Any] = {"ids": wanted[start : start + AT_ONCE]}
        reach = _reach(session, some)
        for one, *held in session.execute(_customers(entity, inactive, before is not None), some | {"before": before}):
            texts = {name: text_of(name, value) for name, value in zip(COLUMNS[entity], held, strict=True)}
            found[one] = Row(texts, tuple(reach[one, "email"]), tuple(reach[one, "phone"]))
    return found


@cache
def _customers(entity: str, inactive: bool, earlier: bool) -> Any:
    """Return the query for customers by ``ids``; made once, for making it takes longer than to run."""
    query: Select[Any] = select(col(Customer.id), *COLUMNS[entity].values()).where(  # pyright: ignore[reportCallIssue, reportArgumentType, reportAssignmentType]
        col(Customer.id).in_(bindparam("ids", expanding=True)), Customer.kind == entity,
        live(entity_for(entity), inactive=inactive),
    )  # fmt: skip
    if earlier:
        query = query.where(col(Customer.created_at) < bindparam("before"))
    return joined(query, entity)


def _reach(session: Session, ids: Mapping[str, Any]) -> Mapping[tuple[UUID, str], list[str]]:
    texts: dict[tuple[UUID, str], list[str]] = defaultdict(list)
    for customer_id, family, value in session.execute(_communications(), ids):
        texts[customer_id, family].append(text_of(family, value) or value)
    return texts


@cache
def _communications() -> Any:
    """Return the query for the e-mail addresses and phone numbers of customers by ``ids``."""
    return select(Communication.customer_id, Communication.family, Communication.value).where(
        col(Communication.customer_id).in_(bindparam("ids", expanding=True)),
        col(Communication.archived_at).is_(None),
        col(Communication.family).in_(("email", "phone")),
    )


def hidden(uow: "UnitOfWork", entity: str, compared: Collection[str]) -> frozenset[str]:
    """Return the comparisons whose fields the actor may not read."""
    holders = entity_for(entity), entity_for("address")
    fields_of = {name: SOURCES.get(name, name) for name in compared}
    return frozenset(n for n, of in fields_of.items() if not any(fields.reads(one, of, uow.actor) for one in holders))
