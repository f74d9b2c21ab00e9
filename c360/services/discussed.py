"""What was discussed, in a word: the products named where activities stand in a list."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import col

from c360.models.activity_product import ACTIVITY_PRODUCT, ActivityProduct
from c360.models.choice import Choice
from c360.services.uow import UnitOfWork

KEY = ACTIVITY_PRODUCT.key
LINE: Any = ActivityProduct
TOLD = LINE.activity_id, col(Choice.name)
PLACE = LINE.position, LINE.id
OF = (
    select(*TOLD)
    .join(Choice, LINE.product_id == Choice.id)
    .where(
        LINE.activity_id.in_(bindparam("activities", expanding=True)),
        LINE.customer_id.in_(bindparam("customers", expanding=True)),
        LINE.archived_at.is_(None),
    )
    .order_by(*PLACE)
)
"""Made once: making it takes as long as the database does."""


def names(
    uow: UnitOfWork, activity_ids: Collection[UUID], customer_ids: Collection[UUID] = ()
) -> Mapping[UUID, list[str]]:
    """Return what was discussed in each activity, each product once, in its order.

    With these of its customers, whom the actor is known to see, or with all, as far as they are in reach.
    """
    if "product_id" not in uow.fields(KEY):
        return {}
    if customer_ids:
        rows = uow.session.execute(OF, {"activities": list(activity_ids), "customers": list(customer_ids)})
    else:
        seen = uow.select(KEY).join(Choice, LINE.product_id == Choice.id).where(LINE.activity_id.in_(activity_ids))
        rows = uow.session.execute(seen.with_only_columns(*TOLD).order_by(*PLACE))
    found: dict[UUID, dict[str, None]] = defaultdict(dict)
    for one, name in rows:
        found[one][name] = None
    return {one: list(told) for one, told in found.items()}
