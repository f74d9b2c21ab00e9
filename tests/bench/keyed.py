"""The keys of a made-up base, written in bulk: in their order, and without an index until all are there."""

from array import array
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Engine, func, text
from sqlmodel import Session, col, select

from c360.core import db
from c360.matching.keys import Row, keys
from c360.models.customer import Customer
from c360.models.duplicate import DuplicateKey
from c360.services.duplicates import sources

PIECE = 20_000
INDEX = "ix_duplicate_key_customer_id"


def ensure(entity: str) -> None:
    """Give every customer of a kind his keys, unless some have theirs."""
    engine = db.engine()
    with Session(engine) as session:
        if session.exec(select(func.count()).select_from(select(DuplicateKey).limit(1).subquery())).one():
            return
        ids, found, owners = _made(session, entity)
    order = np.argsort(found, kind="stable")
    found, owners = found[order].tolist(), owners[order].tolist()
    rows = ((key, ids[owner]) for key, owner in zip(found, owners, strict=True))
    (_fill_sqlite if engine.dialect.name == "sqlite" else _fill_postgresql)(engine, rows)


def _made(session: Session, entity: str) -> tuple[list[UUID], Any, Any]:
    """Return the ids of customers, all keys, and for each key the place of its customer."""
    names = sources.COLUMNS[entity]
    query: Any = select(col(Customer.id), *names.values()).where(Customer.kind == entity)  # pyright: ignore[reportCallIssue, reportArgumentType]
    ids: list[UUID] = []
    found, owners = array("q"), array("i")
    for one, *held in session.execute(sources.joined(query, entity).execution_options(yield_per=PIECE)):
        texts = {name: sources.text_of(name, value) for name, value in zip(names, held, strict=True)}
        mine = keys(entity, Row(texts))
        found.extend(mine)
        owners.extend([len(ids)] * len(mine))
        ids.append(one)
    return ids, np.array(found), np.array(owners)


def _fill_sqlite(engine: Engine, rows: Iterator[tuple[int, UUID]]) -> None:
    with engine.connect() as connection:
        connection.execute(text(f"DROP INDEX {INDEX}"))
        raw: Any = connection.connection.driver_connection
        put = "INSERT INTO duplicate_key (key, customer_id) VALUES (?, ?)"
        raw.cursor().executemany(put, ((key, one.hex) for key, one in rows))
        connection.execute(text(f"CREATE INDEX {INDEX} ON duplicate_key (customer_id)"))
        connection.commit()
        connection.execute(text("ANALYZE duplicate_key"))
        connection.commit()


def _fill_postgresql(engine: Engine, rows: Iterator[tuple[int, UUID]]) -> None:
    with engine.connect() as connection:
        connection.execute(text(f"DROP INDEX {INDEX}"))
        connection.execute(text("ALTER TABLE duplicate_key DISABLE TRIGGER ALL"))
        raw: Any = connection.connection.driver_connection
        with raw.cursor().copy("COPY duplicate_key (key, customer_id) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        connection.execute(text(f"CREATE INDEX {INDEX} ON duplicate_key (customer_id)"))
        connection.execute(text("ALTER TABLE duplicate_key ENABLE TRIGGER ALL"))
        connection.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE duplicate_key"))
