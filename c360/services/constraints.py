"""From a database's refusal to a sentence that names the field and, for a taken value, who has it."""

import re
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, SQLModel

from c360.core.errors import C360Error, Conflict, Invalid


@contextmanager
def explained(session: Session) -> Generator[None]:
    """Turn a refusal of the database into an error a person can act on."""
    try:
        yield
    except StaleDataError as error:
        raise Conflict("error.stale") from error
    except IntegrityError as error:
        raise explain(session, error) from error


def explain(session: Session, error: IntegrityError) -> C360Error:
    """Return the error a person should see; the session is rolled back, as it must be after a refusal."""
    session.rollback()
    return meaning(error)


def meaning(error: IntegrityError) -> C360Error:
    """Return what a refusal of the database means to a person; the caller sees to its transaction."""
    said = str(error.orig)
    columns = _columns(said)
    if "idempotency_key" in columns:
        return Conflict("error.repeated")
    if "reverses_id" in columns:
        return Conflict("undo.already")
    if re.search(r"unique", said, re.I):
        return Invalid.field(columns[-1] if columns else "record", "error.taken")
    if re.search(r"foreign key", said, re.I):
        return Conflict("error.in_use")
    return Conflict("error.refused")


def _columns(said: str) -> list[str]:
    """Return the columns of the broken constraint: SQLite names them, PostgreSQL names the constraint."""
    if found := re.search(r"UNIQUE constraint failed: (.*)", said):
        return [part.split(".")[-1].strip() for part in found[1].split(",")]
    if found := re.search(r'constraint "(\w+)"', said):
        for table in SQLModel.metadata.tables.values():
            for index in [*table.indexes, *table.constraints]:
                if index.name == found[1]:
                    return [column.name for column in getattr(index, "columns", [])]
        return [found[1]]
    return []
