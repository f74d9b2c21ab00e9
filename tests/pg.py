"""One PostgreSQL database a test process, set back to the template's rows before each test: far faster than a copy.

A database whose tables, triggers or schemas a test has changed is thrown away, and so is one that cannot be set back.
"""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.conninfo import make_conninfo

KEEP = """
CREATE SCHEMA kept;
DO $$ DECLARE one text; filled boolean; BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', one) INTO filled;
    IF filled THEN EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', one, one); END IF;
  END LOOP;
  CREATE TABLE kept."sequence values" AS SELECT sequencename, last_value, start_value FROM pg_sequences;
  -- Statements written out are planned once a connection; made anew each time, planning would cost most of the time.
  EXECUTE format('CREATE FUNCTION kept.set_back() RETURNS void LANGUAGE plpgsql AS %L', 'BEGIN '
    || (SELECT string_agg(format('DELETE FROM public.%I;', tablename), ' ')
        FROM pg_tables WHERE schemaname = 'public')
    || (SELECT string_agg(format('INSERT INTO public.%1$I OVERRIDING SYSTEM VALUE SELECT * FROM kept.%1$I;', tablename),
                          ' ')
        FROM pg_tables WHERE schemaname = 'kept' AND tablename <> 'sequence values')
    || 'PERFORM setval(format(''public.%I'', sequencename), coalesce(last_value, start_value), last_value IS NOT NULL)
        FROM kept."sequence values"; END');
END $$;
SET lock_timeout = '5s';
SET session_replication_role = replica;
"""
SHAPE = """
SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_attribute WHERE attrelid > 16384),
       (SELECT count(*) FROM pg_trigger WHERE tgenabled = 'O'), (SELECT count(*) FROM pg_namespace),
       (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_proc)
"""


@dataclass
class Lent:
    """The database of this process, what it looked like when it was new and the connection that sets it back."""

    name: str
    source: str
    connection: psycopg.Connection[Any]
    shape: tuple[Any, ...]


_lent: Lent | None = None


def lend(server: str, source: str) -> str:
    """Return the name of a database that holds what the source holds."""
    global _lent
    if _lent is not None and (_lent.source != source or not _set_back(_lent)):
        give_back(server)
    if _lent is None:
        new = f"c360_{uuid4().hex[:12]}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {new} TEMPLATE {source}")
            # What a test wrote need not outlive the server.
            connection.execute(f"ALTER DATABASE {new} SET synchronous_commit = off")
        connection = psycopg.connect(make_conninfo(server, dbname=new), autocommit=True)
        connection.execute(KEEP)
        _lent = Lent(new, source, connection, connection.execute(SHAPE).fetchone() or ())
    return _lent.name


def name() -> str | None:
    """Return the name of the database of this process, if there is one."""
    return _lent and _lent.name


def give_back(server: str) -> None:
    """Remove the database."""
    global _lent
    if _lent is not None:
        _lent.connection.close()
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {_lent.name} WITH (FORCE)")
        _lent = None


def _set_back(lent: Lent) -> bool:
    try:
        if lent.connection.execute(SHAPE).fetchone() != lent.shape:
            return False
        lent.connection.execute("SELECT kept.set_back()")
    except psycopg.Error:
        return False
    return True
