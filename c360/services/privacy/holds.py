"""What stands in the way of an erasure: legal holds, and what other parts of the app still owe a customer."""

from collections.abc import Callable, Collection
from uuid import UUID

from sqlmodel import col, or_, select

from c360.core.actor import Verb
from c360.core.clock import today, utc_now
from c360.core.errors import Message
from c360.models.request import LegalHold
from c360.services import records
from c360.services.uow import UnitOfWork

Blocker = Callable[[UnitOfWork, Collection[UUID]], list[Message]]


def _legal(uow: UnitOfWork, ids: Collection[UUID]) -> list[Message]:
    found = select(LegalHold).where(
        col(LegalHold.customer_id).in_(ids), col(LegalHold.released_at).is_(None), col(LegalHold.archived_at).is_(None),
        or_(col(LegalHold.until_on).is_(None), col(LegalHold.until_on) >= today()),
    )  # fmt: skip
    return [
        Message("privacy.held.until" if row.until_on else "privacy.held", {"reason": row.reason, "until": row.until_on})
        for row in uow.session.exec(found)
    ]


BLOCKERS: list[Blocker] = [_legal]
"""Asked before every erasure; a part of the app with open business (orders, payments) adds its own."""


def of(uow: UnitOfWork, ids: Collection[UUID]) -> list[Message]:
    """Return every reason why these customers must not be erased now."""
    return [reason for blocker in BLOCKERS for reason in blocker(uow, ids)]


def hold(uow: UnitOfWork, customer_id: UUID, reason: str, until: str = "") -> UUID:
    """Keep a customer's data because a law asks for it."""
    uow.get("customer", customer_id, archived=True)
    return records.create(uow, "legal_hold", {"reason": reason, "until_on": until, "customer_id": str(customer_id)})


def release(uow: UnitOfWork, hold_id: UUID) -> None:
    """End a duty to keep."""
    uow.get("legal_hold", hold_id, Verb.UPDATE).released_at = utc_now()
