"""Rules of products discussed: in calls and meetings alone, each once a customer, none changed once a meeting ended."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlmodel import col

from c360.core.errors import Conflict, Invalid
from c360.models.activity import CONTACTS, DONE, Activity
from c360.models.activity_product import ActivityProduct
from c360.services.rules.siblings import others

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork

MOST_SAMPLES = 100_000


def keep(uow: "UnitOfWork", record: ActivityProduct, changed: Collection[str]) -> None:
    """Refuse a product where nobody is talked to, one named twice, and a number of samples that cannot be."""
    keep_still(uow, record.activity_id)
    if record.archived_at is not None:
        return
    if uow.session.get_one(Activity, record.activity_id).kind not in CONTACTS:
        raise Conflict("product.contacts_only")
    if record.samples is not None and not 0 <= record.samples <= MOST_SAMPLES:
        raise Invalid.field("samples", "product.samples", n=MOST_SAMPLES)
    if "product_id" in changed or "archived_at" in changed:
        beside = others(uow, record, "customer_id", col(ActivityProduct.activity_id) == record.activity_id)
        if any(o.product_id == record.product_id and o.activity_id == record.activity_id for o in beside):
            raise Invalid.field("product_id", "product.twice")


def is_still(activity: Any) -> bool:
    """Tell whether an activity is one that is not changed any more: a meeting that ended."""
    return activity.kind == "meeting" and activity.status == DONE


def keep_still(uow: "UnitOfWork", activity_id: UUID) -> None:
    """Refuse a change of what an ended meeting holds."""
    if is_still(uow.session.get_one(Activity, activity_id)):
        raise Conflict("activity.closed")
