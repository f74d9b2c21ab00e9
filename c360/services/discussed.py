"""What was discussed, in a word: the products named where activities stand in a list."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col

from c360.models.activity_product import ActivityProduct
from c360.models.choice import Choice
from c360.services.uow import UnitOfWork

KEY = "activity_product"


def names(
    uow: UnitOfWork, activity_ids: Collection[UUID], customer_ids: Collection[UUID] = ()
) -> Mapping[UUID, list[str]]:
    """Return what was discussed in each activity, each product once, in its order.

    With these of its customers, or with all, as far as they are in reach.
    """
    if "product_id" not in uow.fields(KEY):
        return {}
    line: Any = ActivityProduct
    asked = uow.select(KEY).join(Choice, line.product_id == Choice.id).where(line.activity_id.in_(activity_ids))
    asked = asked.where(line.customer_id.in_(customer_ids)) if customer_ids else asked
    asked = asked.with_only_columns(line.activity_id, col(Choice.name)).order_by(line.position, line.id)
    found: dict[UUID, dict[str, None]] = defaultdict(dict)
    for one, name in uow.session.execute(asked):
        found[one][name] = None
    return {one: list(told) for one, told in found.items()}
