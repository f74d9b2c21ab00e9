"""Ids of records: UUIDv7, so that new rows stay at the right edge of an index; read from the text of an address."""

from uuid import UUID

from uuid_utils import compat

from c360.core.errors import NotFound


def new_id() -> UUID:
    """Return a new time-ordered id."""
    return compat.uuid7()


def id_in(text: str) -> UUID | None:
    """Return the id a cell of a file is, None when it is none; 32 digits without hyphens may be a number as well."""
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def id_of(text: str) -> UUID:
    """Return the id a browser or an address names; what is no id names nothing there is."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("error.no_such") from error
