"""What was discussed, in a word: the products named where activities stand in a list."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col

from c360.models.activity_product import ActivityProduct
from c360.models.choice import Choice
from c360.services.uow import UnitOfWork

KEY = "activity_product"


def names(uow: UnitOfWork, activity_ids: Sequence[UUID]) -> Mapping[UUID, list[str]]:
    """Return what was discussed in each activity with customers in reach: each product once, in its order."""
    if "product_id" not in uow.fields(KEY):
        return {}
    line: Any = ActivityProduct
    asked = uow.select(KEY).join(Choice, line.product_id == Choice.id).where(line.activity_id.in_(activity_ids))
    asked = asked.with_only_columns(line.activity_id, col(Choice.name)).order_by(line.position, line.id)
    found: dict[UUID, dict[str, None]] = defaultdict(dict)
    for one, name in uow.session.execute(asked):
        found[one][name] = None
    return {one: list(told) for one, told in found.items()}
