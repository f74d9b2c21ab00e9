"""What a list has selected on its way into the merge wizard."""

from typing import Any
from uuid import UUID

from c360.core.errors import Conflict
from c360.services import selection
from c360.services.merging.shapes import FEWEST, MOST
from c360.services.uow import UnitOfWork


def selected(uow: UnitOfWork, key: str, data: Any) -> list[UUID]:
    """Return the records of a selection, the oldest first; ``Conflict`` where they are too few or too many."""
    chosen = selection.from_json(key, data)
    count = selection.count(uow, key, chosen)
    if not FEWEST <= count <= MOST:
        raise Conflict("wizard.how_many", fewest=FEWEST, most=MOST, n=count)
    return selection.ids(uow, key, chosen, limit=MOST)
