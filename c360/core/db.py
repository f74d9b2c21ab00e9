"""The engine, made once from the settings: SQLite with safe pragmas, or PostgreSQL."""

import json
import sqlite3
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, SafeUUID

from sqlalchemy import Connection, Engine, Uuid, create_engine, event, make_url
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler

from c360.core.config import settings
from c360.core.disk import is_local
from c360.core.fold import fold

OLDEST_SQLITE = (3, 51, 3)
"""Older ones can corrupt a WAL database when two processes write and checkpoint at once."""

PRAGMAS: dict[str, str | int] = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": 5000,
    "trusted_schema": 0,
    "secure_delete": 1,
    "mmap_size": 0,
    "cache_size": -32768,
}
"""What every connection is set to, as SQLite answers when asked; a synchronous of 2 is FULL."""

SERVER_OPTIONS = "-c timezone=UTC -c jit=off -c work_mem=32MB"
"""Compiling a plan costs more than a page; with less memory a reach by manager is looped over instead of hashed."""


def make_engine(url: str) -> Engine:
    """Return an engine for a database address, with this app's safety settings."""
    backend = make_url(url).get_backend_name()
    if backend == "sqlite":
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise RuntimeError(
                f"SQLite {sqlite3.sqlite_version} is not safe here; install pysqlite3 with 3.51.3 or later"
            )
        place = make_url(url).database
        if place and not is_local(Path(place)):
            raise RuntimeError(f"{place} lies on a network disk, where SQLite's locks do not hold; use PostgreSQL")
        made = create_engine(url, module=sqlite3, pool_size=20, max_overflow=20, hide_parameters=True)
        made.dialect.statement_compiler = _SQLite
        made.dialect.colspecs = {**made.dialect.colspecs, Uuid: _Ids}
        event.listen(made, "connect", _prepare_sqlite)
        event.listen(made, "begin", _begin_sqlite)
        return made
    if backend == "postgresql":
        # A plan cached under other settings can be a thousand times slower, so nothing is prepared.
        return create_engine(
            make_url(url).set(drivername="postgresql+psycopg"),
            pool_size=20,
            max_overflow=20,
            pool_pre_ping=True,
            hide_parameters=True,  # An error must not carry a row into the log.
            connect_args={"prepare_threshold": None, "options": SERVER_OPTIONS},
        )
    raise RuntimeError(f"{backend} is not supported: use sqlite or postgresql")


@cache
def engine() -> Engine:
    """Return the engine of this process."""
    return make_engine(settings().url)


GROWN = """
SELECT relid::regclass::text FROM pg_stat_user_tables JOIN pg_class ON pg_class.oid = relid
WHERE schemaname = current_schema() AND n_mod_since_analyze > greatest(reltuples, 0) + 500
"""


def learn_sizes() -> None:
    """Let PostgreSQL look at the tables that have doubled since it last did; to be called between the chunks of a job.

    Its own daemon looks once a minute, if at all: plans made for empty tables let an import of 100,000 rows grow with
    their square. SQLite's plans follow the indexes.
    """
    if engine().dialect.name != "postgresql":
        return
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if grown := connection.exec_driver_sql(GROWN).scalars().all():
            connection.exec_driver_sql(f"ANALYZE (SKIP_LOCKED) {', '.join(grown)}")


class _SQLite(SQLiteCompiler):
    """SQLAlchemy's compiler, which besides writes a table's hint behind its name, as in ``INDEXED BY``."""

    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:
        return text


class _Ids(Uuid[UUID]):
    """Ids as SQLite keeps them, 32 digits; read without the many questions ``UUID`` asks, in half of the time."""

    def result_processor(self, dialect: Any, coltype: Any) -> Any:
        blank, put, safe = object.__new__, object.__setattr__, SafeUUID.unknown

        def read(value: str | None) -> UUID | None:
            if value is None:
                return None
            made = blank(UUID)
            put(made, "int", int(value, 16))
            put(made, "is_safe", safe)
            return made

        return read


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN, not the driver.
    cursor = connection.cursor()
    for name, wanted in PRAGMAS.items():
        cursor.execute(f"PRAGMA {name}={wanted}")
        # What SQLite cannot do it leaves as it was, without a word.
        found = cursor.execute(f"PRAGMA {name}").fetchone()
        if found is None or found[0] != wanted:
            raise RuntimeError(f"SQLite keeps {name} at {found and found[0]} instead of {wanted}: not safe here")
    cursor.close()
    connection.create_function("c360_fold", 1, lambda v: v if v is None else fold(str(v)), deterministic=True)
    connection.create_function("c360_json_length", 1, lambda v: len(json.loads(v or "[]") or ()), deterministic=True)


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("postgresql_readonly")
    # A transaction that may write takes the lock at once: upgrading a reader loses updates or fails halfway.
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
