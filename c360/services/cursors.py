"""Places in a list by time: text a page may hold, so that the next page begins where this one ended."""

from datetime import datetime
from uuid import UUID

from c360.core.errors import Invalid


def write(at: datetime, row_id: UUID) -> str:
    """Return a place as text."""
    return f"{at.isoformat()}|{row_id}"


def read(text: str) -> tuple[datetime, UUID]:
    """Read a place; ``Invalid`` when it is none."""
    at, _, row_id = text.partition("|")
    try:
        return datetime.fromisoformat(at), UUID(row_id)
    except ValueError as error:
        raise Invalid.field("after", "error.invalid") from error
