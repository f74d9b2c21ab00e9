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
END $$;
CREATE TABLE kept."sequence values" AS SELECT sequencename, last_value, start_value FROM pg_sequences;
"""
SET_BACK = """
SET lock_timeout = '5s';
SET session_replication_role = replica;
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT tablename AS t FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DELETE FROM public.%I', one.t);
  END LOOP;
  FOR one IN SELECT tablename AS t FROM pg_tables WHERE schemaname = 'kept' AND tablename <> 'sequence values' LOOP
    EXECUTE format('INSERT INTO public.%I OVERRIDING SYSTEM VALUE SELECT * FROM kept.%I', one.t, one.t);
  END LOOP;
  FOR one IN SELECT * FROM kept."sequence values" LOOP
    PERFORM setval(format('public.%I', one.sequencename), coalesce(one.last_value, one.start_value),
                   one.last_value IS NOT NULL);
  END LOOP;
END $$;
"""
SHAPE = """
SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_attribute WHERE attrelid > 16384),
       (SELECT count(*) FROM pg_trigger WHERE tgenabled = 'O'), (SELECT count(*) FROM pg_namespace),
       (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_proc)
"""


@dataclass
class Lent:
    """The database of this process and what it looked like when it was new."""

    name: str
    source: str
    shape: tuple[Any, ...]


_lent: Lent | None = None


def lend(server: str, source: str) -> str:
    """Return the name of a database that holds what the source holds."""
    global _lent
    if _lent is not None and (_lent.source != source or not _set_back(server, _lent)):
        give_back(server)
    if _lent is None:
        name = f"c360_{uuid4().hex[:12]}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
        with psycopg.connect(make_conninfo(server, dbname=name), autocommit=True) as connection:
            connection.execute(KEEP)
            shape = connection.execute(SHAPE).fetchone() or ()
        _lent = Lent(name, source, shape)
    return _lent.name


def give_back(server: str) -> None:
    """Remove the database."""
    global _lent
    if _lent is not None:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {_lent.name} WITH (FORCE)")
        _lent = None


def _set_back(server: str, lent: Lent) -> bool:
    try:
        with psycopg.connect(make_conninfo(server, dbname=lent.name), autocommit=True) as connection:
            if connection.execute(SHAPE).fetchone() != lent.shape:
                return False
            connection.execute(SET_BACK)
    except psycopg.Error:
        return False
    return True
