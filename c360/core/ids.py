"""Ids of records: UUIDv7, so that new rows stay at the right edge of an index."""

from uuid import UUID

from uuid_utils import compat


def new_id() -> UUID:
    """Return a new time-ordered id."""
    return compat.uuid7()
