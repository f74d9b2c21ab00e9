"""Customers as a table for the duplicate engine, read in pieces, column by column."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from c360.matching.column import Encoder
from c360.matching.table import Table
from c360.models.customer import Customer
from c360.query.scope import live
from c360.registry.entity import entity_for
from c360.services.duplicates import sources
from c360.services.uow import UnitOfWork

PIECE, AT_ONCE = 5_000, 2_000


@dataclass(frozen=True, eq=False)
class Stored:
    """A table of customers and the id of each row."""

    table: Table
    ids: list[UUID]


def read(uow: UnitOfWork, entity: str) -> Stored:
    """Return the live, active customers of a kind within the actor's reach, in the order of their ids."""
    query = uow.select(entity, inactive=False).with_only_columns(col(Customer.id), *sources.COLUMNS[entity].values())
    query = sources.joined(query, entity).order_by(col(Customer.id)).execution_options(yield_per=PIECE)
    return _stored(entity, uow.session.execute(query).partitions())


def some(session: Session, entity: str, customer_ids: Collection[UUID]) -> Stored:
    """Return the live, active ones of these customers, whoever may see them."""
    ids = list(customer_ids)
    whole: Any = select(col(Customer.id), *sources.COLUMNS[entity].values()).where(  # pyright: ignore[reportCallIssue, reportArgumentType]
        Customer.kind == entity, live(entity_for(entity), inactive=False)
    )
    query = sources.joined(whole, entity)
    parts = (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
    return _stored(entity, (session.execute(query.where(col(Customer.id).in_(part))).all() for part in parts))


def _stored(entity: str, pieces: Iterable[Sequence[Any]]) -> Stored:
    columns = sources.COLUMNS[entity]
    encoders, found = [Encoder() for _ in columns], []
    for piece in pieces:
        if not piece:
            continue
        one, *values = zip(*piece, strict=True)
        found += one
        for encoder, held in zip(encoders, values, strict=True):
            encoder.add(held)
    made = {name: encoder.column() for name, encoder in zip(columns, encoders, strict=True)}
    for name in sources.READ & made.keys():
        made[name] = made[name].replaced(sources.text_of(name, value) for value in made[name].values)
    return Stored(Table(len(found), {name: one for name, one in made.items() if len(one.values)}), found)
