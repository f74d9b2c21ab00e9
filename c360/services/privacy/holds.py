"""What stands in the way of an erasure: legal holds, and what other parts of the app still owe a customer."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from sqlmodel import col, or_, select

from c360.core.actor import Verb
from c360.core.clock import today, utc_now
from c360.core.errors import Message
from c360.models.request import LegalHold
from c360.services import records
from c360.services.uow import UnitOfWork

Blocker = Callable[[UnitOfWork, Collection[UUID]], Mapping[UUID, list[Message]]]


def _legal(uow: UnitOfWork, ids: Collection[UUID]) -> Mapping[UUID, list[Message]]:
    found = select(LegalHold).where(
        col(LegalHold.customer_id).in_(ids), col(LegalHold.released_at).is_(None), col(LegalHold.archived_at).is_(None),
        or_(col(LegalHold.until_on).is_(None), col(LegalHold.until_on) >= today()),
    )  # fmt: skip
    held: dict[UUID, list[Message]] = defaultdict(list)
    for row in uow.session.exec(found):
        key = "privacy.held.until" if row.until_on else "privacy.held"
        held[row.customer_id].append(Message(key, {"reason": row.reason, "until": row.until_on}))
    return held


BLOCKERS: list[Blocker] = [_legal]
"""Asked before every erasure, each answering by customer; what has open business (orders, payments) adds its own."""


def of(uow: UnitOfWork, ids: Collection[UUID]) -> list[Message]:
    """Return every reason why these customers must not be erased now."""
    return [reason for blocker in BLOCKERS for reasons in blocker(uow, ids).values() for reason in reasons]


def held(uow: UnitOfWork, families: Mapping[UUID, Collection[UUID]]) -> set[UUID]:
    """Return those of these customers, each with all merged into him, who must not be erased now."""
    every = [one for family in families.values() for one in family]
    stopped = {one for blocker in BLOCKERS for one in blocker(uow, every)}
    return {one for one, family in families.items() if not stopped.isdisjoint(family)}


def hold(uow: UnitOfWork, customer_id: UUID, reason: str, until: str = "") -> UUID:
    """Keep a customer's data because a law asks for it."""
    uow.get("customer", customer_id, archived=True)
    return records.create(uow, "legal_hold", {"reason": reason, "until_on": until, "customer_id": str(customer_id)})


def release(uow: UnitOfWork, hold_id: UUID) -> None:
    """End a duty to keep."""
    uow.get("legal_hold", hold_id, Verb.UPDATE).released_at = utc_now()
