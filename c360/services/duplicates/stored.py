"""Customers as a table for the duplicate engine, read in pieces."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col

from c360.matching.column import Encoder
from c360.matching.table import Table
from c360.models.customer import Customer
from c360.services.duplicates import sources
from c360.services.uow import UnitOfWork

PIECE = 5_000


@dataclass(frozen=True, eq=False)
class Stored:
    """A table of customers and the id of each row."""

    table: Table
    ids: list[UUID]


def read(uow: UnitOfWork, entity: str) -> Stored:
    """Return the live, active customers of a kind within the actor's reach, in the order of their ids."""
    columns = sources.COLUMNS[entity]
    query = uow.select(entity, inactive=False).with_only_columns(col(Customer.id), *columns.values())
    encoders, found = [Encoder() for _ in columns], []
    query = sources.joined(query, entity).order_by(col(Customer.id)).execution_options(yield_per=PIECE)
    for piece in uow.session.execute(query).partitions():
        one, *texts = zip(*piece, strict=True)
        found += one
        for name, encoder, values in zip(columns, encoders, texts, strict=True):
            encoder.add(sources.text_of(name, value) for value in values)
    made = {name: encoder.column() for name, encoder in zip(columns, encoders, strict=True)}
    return Stored(Table(len(found), {name: one for name, one in made.items() if len(one.values)}), found)
