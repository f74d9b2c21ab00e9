"""Not a duplicate: told of two customers with a reason, honoured until a compared field makes them more alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, or_, select

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.errors import Conflict, Invalid
from c360.models.customer import Customer
from c360.models.duplicate import DuplicatePair, DuplicateVerdict
from c360.services import references
from c360.services.duplicates import groups, rules, sources, weighing
from c360.services.uow import UnitOfWork

REASON = 500
Told = Mapping[tuple[UUID, UUID], Mapping[str, int]]
"""Two customers told apart, the smaller id first, and how alike their fields were then."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Two customers told apart: who, when, why."""

    id: UUID
    left_id: UUID
    right_id: UUID
    left: str
    right: str
    reason: str
    by_id: UUID | None
    at: datetime


def dismiss(uow: UnitOfWork, entity: str, one_id: UUID, other_id: UUID, reason: str, *, regroup: bool = True) -> UUID:
    """Tell two customers apart and return the verdict; it takes the right to change both."""
    if not reason.strip() or len(reason) > REASON:
        raise Invalid.field("reason", "duplicate.reason", n=REASON)
    if one_id == other_id:
        raise Invalid.field("pair", "duplicate.same")
    left_id, right_id = sorted((one_id, other_id))
    for customer_id in (left_id, right_id):
        uow.get(entity, customer_id, Verb.UPDATE)
    if (old := _standing(uow, left_id, right_id)) is not None:
        if not _found_again(uow, left_id, right_id):
            raise Conflict("duplicate.dismissed")
        old.revoked_at, old.revoked_by_id = utc_now(), uow.actor.user_id
        uow.session.add(old)
        uow.flush()
    verdict = DuplicateVerdict(
        left_id=left_id, right_id=right_id, reason=reason.strip(), created_by_id=uow.actor.user_id,
        levels=dict(_levels(uow, entity, left_id, right_id)),
    )  # fmt: skip
    uow.session.add(verdict)
    if regroup:
        uow.flush()
        groups.part(uow.session, left_id, right_id, uow.actor.user_id)
    uow.log("duplicate.dismissed", verdict=str(verdict.id), left=str(left_id), right=str(right_id))
    return verdict.id


def revoke(uow: UnitOfWork, verdict_id: UUID) -> None:
    """Take a verdict back: the two may be found again."""
    verdict = uow.session.get(DuplicateVerdict, verdict_id)
    found = verdict and [uow.get("customer", one, Verb.UPDATE) for one in (verdict.left_id, verdict.right_id)]
    if verdict is None or not found or verdict.revoked_at is not None:
        raise Conflict("duplicate.revoked")
    verdict.revoked_at, verdict.revoked_by_id = utc_now(), uow.actor.user_id
    uow.session.add(verdict)
    uow.log("duplicate.revoked", verdict=str(verdict.id))


def standing(uow: UnitOfWork) -> list[Verdict]:
    """Return the verdicts that stand about customers the actor may see, the newest first."""
    # Of each side it is asked whether it is in reach: that reads a row by its id, not all there are.
    sides = (col(DuplicateVerdict.left_id), col(DuplicateVerdict.right_id))
    reach = uow.select("customer").with_only_columns(col(Customer.id))
    seen = (reach.where(col(Customer.id) == side).correlate(DuplicateVerdict).exists() for side in sides)
    query = select(DuplicateVerdict).where(col(DuplicateVerdict.revoked_at).is_(None), *seen)
    rows = uow.session.exec(query.order_by(col(DuplicateVerdict.created_at).desc())).all()
    ids = {one for row in rows for one in (row.left_id, row.right_id)}
    names = references.titles(uow, "customer", ids)
    return [
        Verdict(
            row.id, row.left_id, row.right_id, names[row.left_id], names[row.right_id], row.reason, row.created_by_id,
            row.created_at,
        )
        for row in rows
    ]  # fmt: skip


def all_told(session: Session) -> Told:
    """Return every two told apart."""
    query = select(DuplicateVerdict.left_id, DuplicateVerdict.right_id, DuplicateVerdict.levels)
    found = session.exec(query.where(col(DuplicateVerdict.revoked_at).is_(None)))
    return {(left, right): levels for left, right, levels in found}


def of_one(session: Session, customer_id: UUID) -> dict[UUID, Mapping[str, int]]:
    """Return whom a customer was told apart from, and how alike their fields were then."""
    query = select(DuplicateVerdict).where(
        col(DuplicateVerdict.revoked_at).is_(None),
        or_(col(DuplicateVerdict.left_id) == customer_id, col(DuplicateVerdict.right_id) == customer_id),
    )
    return {one.right_id if one.left_id == customer_id else one.left_id: one.levels for one in session.exec(query)}


def holds(then: Mapping[str, int] | None, now: Mapping[str, int]) -> bool:
    """Tell whether a verdict still holds: no field came closer since, none that was unknown agrees."""
    return then is not None and not any(level < then.get(name, 1) for name, level in now.items())


def _standing(uow: UnitOfWork, left_id: UUID, right_id: UUID) -> DuplicateVerdict | None:
    query = select(DuplicateVerdict).where(
        DuplicateVerdict.left_id == left_id,
        DuplicateVerdict.right_id == right_id,
        col(DuplicateVerdict.revoked_at).is_(None),
    )
    return uow.session.exec(query).first()


def _found_again(uow: UnitOfWork, left_id: UUID, right_id: UUID) -> bool:
    """Tell whether two who were told apart came closer since, so that it can be said anew."""
    query = select(DuplicatePair.id).where(DuplicatePair.left_id == left_id, DuplicatePair.right_id == right_id)
    return uow.session.exec(query).first() is not None


def _levels(uow: UnitOfWork, entity: str, left_id: UUID, right_id: UUID) -> Mapping[str, int]:
    """Return how alike two customers are now, field by field: 0 the same, larger less so; unknown ones left out."""
    rows = sources.rows(uow.session, entity, (left_id, right_id))
    both = weighing.table(entity, [rows[left_id], rows[right_id]])
    [one] = weighing.weigh(uow.session, entity, both, [(0, 1)], rules.of(uow.session, entity), [])
    return one.levels
