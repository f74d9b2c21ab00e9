"""From a database's refusal to a sentence that names the field and, for a taken value, who has it."""

import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, SQLModel

from c360.core.actor import Actor
from c360.core.errors import C360Error, Conflict, Invalid
from c360.services import holders


@contextmanager
def explained(session: Session, actor: Actor) -> Generator[None]:
    """Turn a refusal of the database into an error a person can act on."""
    rows = holders.pending(session)
    try:
        yield
    except StaleDataError as error:
        raise Conflict("error.stale") from error
    except IntegrityError as error:
        raise explain(session, actor, error, rows) from error


def explain(session: Session, actor: Actor, error: IntegrityError, rows: Sequence[holders.Pending] = ()) -> C360Error:
    """Return the error this person should see; the session is rolled back, as it must be after a refusal.

    ``rows`` are those that were to be written.
    """
    table, columns = _broken(str(error.orig))
    offered = holders.offers(rows, table, columns)
    session.rollback()
    found = meaning(error)
    if not isinstance(found, Invalid) or not offered:
        return found
    return holders.taken(session, actor, next(iter(found.fields)), holders.holder(session, table, offered))


def meaning(error: IntegrityError) -> C360Error:
    """Return what a refusal of the database means to a person; the caller sees to its transaction."""
    said = str(error.orig)
    _, columns = _broken(said)
    if "idempotency_key" in columns:
        return Conflict("error.repeated")
    if "reverses_id" in columns:
        return Conflict("undo.already")
    if re.search(r"unique", said, re.I):
        return Invalid.field(columns[-1] if columns else "record", "error.taken")
    if re.search(r"foreign key", said, re.I):
        return Conflict("error.in_use")
    return Conflict("error.refused")


def _broken(said: str) -> tuple[str, list[str]]:
    """Return table and columns of the broken constraint: SQLite names them, PostgreSQL names the constraint."""
    if found := re.search(r"UNIQUE constraint failed: (.*)", said):
        parts = [part.strip().split(".") for part in found[1].split(",")]
        return parts[0][0], [part[-1] for part in parts]
    if found := re.search(r'constraint "(\w+)"', said):
        for table in SQLModel.metadata.tables.values():
            for index in [*table.indexes, *table.constraints]:
                if index.name == found[1]:
                    return table.name, [column.name for column in getattr(index, "columns", [])]
        return "", [found[1]]
    return "", []
