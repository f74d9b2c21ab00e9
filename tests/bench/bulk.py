"""Rows written straight into tables, by the million: indexes, triggers and foreign keys wait until all are there."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text

from c360.core import db

BATCH = 20_000
Rows = Iterator[Sequence[Sequence[Any]]]


def fill(columns: Mapping[str, Sequence[str]], rows: Rows) -> None:
    """Write rows of several tables by turns: each item of ``rows`` holds one row of each table, in their order."""
    engine = db.engine()
    (_sqlite if engine.dialect.name == "sqlite" else _postgresql)(engine, columns, rows)


def _batches(rows: Rows) -> Iterator[Iterator[tuple[Sequence[Any], ...]]]:
    """Yield, a batch at a time, the rows of each table."""
    while batch := list(islice(rows, BATCH)):
        yield zip(*batch, strict=True)


def _sqlite(engine: Engine, columns: Mapping[str, Sequence[str]], rows: Rows) -> None:
    raw = engine.raw_connection()
    connection = raw.driver_connection
    assert connection is not None
    cursor = connection.cursor()
    for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    made = list(cursor.execute(
        f"SELECT type, name, sql FROM sqlite_master WHERE tbl_name IN ({', '.join('?' * len(columns))})"
        " AND type IN ('index', 'trigger') AND sql IS NOT NULL", tuple(columns),
    ))  # fmt: skip
    for kind, name, _ in made:
        cursor.execute(f'DROP {kind} "{name}"')
    puts = [
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        for table, names in columns.items()
    ]
    try:
        for batch in _batches(rows):
            cursor.execute("BEGIN")
            for put, mine in zip(puts, batch, strict=True):
                cursor.executemany(put, [tuple(map(_plain, row)) for row in mine])
            cursor.execute("COMMIT")
    finally:
        for _, _, sql in made:
            cursor.execute(sql)
    cursor.execute("ANALYZE")
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    cursor.close()
    raw.close()
    engine.dispose()


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, date) else value


def _postgresql(engine: Engine, columns: Mapping[str, Sequence[str]], rows: Rows) -> None:
    with engine.connect() as connection:
        made = connection.execute(
            text(
                "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = ANY(:tables) "
                "AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"
            ),
            {"tables": list(columns)},
        ).all()
        for name, _ in made:
            connection.execute(text(f'DROP INDEX "{name}"'))
        for table in columns:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        raw: Any = connection.connection.driver_connection
        for batch in _batches(rows):
            for (table, names), mine in zip(columns.items(), batch, strict=True):
                with raw.cursor().copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
                    for row in mine:
                        copy.write_row(row)
        connection.execute(text("SET maintenance_work_mem = '512MB'"))
        for _, sql in made:
            connection.execute(text(sql))
        for table in columns:
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER ALL"))
        connection.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"VACUUM ANALYZE {', '.join(columns)}"))
