"""Not a duplicate: told of two customers with a reason, honoured until a compared field makes them more alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.errors import Conflict, Invalid
from c360.matching import engine
from c360.matching.blocking import Pairs
from c360.matching.comparison.fields import comparisons
from c360.matching.prepare import prepare
from c360.matching.scoring import compare
from c360.models.customer import Customer
from c360.models.duplicate import DuplicateVerdict
from c360.services.duplicates import stored
from c360.services.uow import UnitOfWork

REASON = 500


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


def dismiss(uow: UnitOfWork, entity: str, one_id: UUID, other_id: UUID, reason: str) -> UUID:
    """Tell two customers apart and return the verdict; it takes the right to change both."""
    if not reason.strip() or len(reason) > REASON:
        raise Invalid.field("reason", "duplicate.reason", n=REASON)
    if one_id == other_id:
        raise Invalid.field("pair", "duplicate.same")
    left_id, right_id = sorted((one_id, other_id))
    for customer_id in (left_id, right_id):
        uow.get(entity, customer_id, Verb.UPDATE)
    if _standing(uow, left_id, right_id) is not None:
        raise Conflict("duplicate.dismissed")
    verdict = DuplicateVerdict(
        left_id=left_id, right_id=right_id, reason=reason.strip(), created_by_id=uow.actor.user_id,
        levels=dict(_levels(uow, entity, left_id, right_id)),
    )  # fmt: skip
    uow.session.add(verdict)
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
    seen = uow.select("customer").with_only_columns(col(Customer.id))
    query = select(DuplicateVerdict).where(
        col(DuplicateVerdict.revoked_at).is_(None),
        col(DuplicateVerdict.left_id).in_(seen),
        col(DuplicateVerdict.right_id).in_(seen),
    )
    rows = uow.session.exec(query.order_by(col(DuplicateVerdict.created_at).desc())).all()
    ids = {one for row in rows for one in (row.left_id, row.right_id)}
    named = uow.select("customer").with_only_columns(col(Customer.id), col(Customer.name))
    rows_named = uow.session.execute(named.where(col(Customer.id).in_(ids)))
    names: Mapping[UUID, str] = {one: name for one, name in rows_named}
    return [
        Verdict(
            row.id, row.left_id, row.right_id, names[row.left_id], names[row.right_id], row.reason, row.created_by_id,
            row.created_at,
        )
        for row in rows
    ]  # fmt: skip


def apart(uow: UnitOfWork, compared: engine.Compared, ids: Sequence[UUID]) -> list[int]:
    """Return the places of the pairs that verdicts keep apart: those no more alike than when they were told apart."""
    query = select(DuplicateVerdict).where(col(DuplicateVerdict.revoked_at).is_(None))
    record = dict(zip(ids, compared.prepared.collapsed.record.tolist(), strict=True))
    places = {
        (int(left), int(right)): place
        for place, (left, right) in enumerate(zip(compared.pairs.left, compared.pairs.right, strict=True))
    }
    found = []
    for verdict in uow.session.exec(query):
        pair = sorted(record[one] for one in (verdict.left_id, verdict.right_id) if one in record)
        place = places.get((pair[0], pair[1])) if len(pair) == 2 else None
        if place is not None and not _more_alike(verdict.levels, _told(compared, place)):
            found.append(place)
    return found


def _standing(uow: UnitOfWork, left_id: UUID, right_id: UUID) -> DuplicateVerdict | None:
    query = select(DuplicateVerdict).where(
        DuplicateVerdict.left_id == left_id,
        DuplicateVerdict.right_id == right_id,
        col(DuplicateVerdict.revoked_at).is_(None),
    )
    return uow.session.exec(query).first()


def _levels(uow: UnitOfWork, entity: str, left_id: UUID, right_id: UUID) -> Mapping[str, int]:
    """Return how alike two customers are now, field by field: 0 the same, larger less so; unknown ones left out."""
    found = stored.read(uow, entity, [left_id, right_id])
    prepared = prepare(found.table, entity)
    fields = comparisons(prepared.records, entity)
    one, other = sorted(prepared.collapsed.record.tolist())
    pair = Pairs(*(np.array([place], np.int32) for place in (one, other)))
    levels = compare(prepared.records, pair, fields)[0]
    return {field.name: int(level) for field, level in zip(fields, levels, strict=True) if level >= 0}


def _told(compared: engine.Compared, place: int) -> Mapping[str, int]:
    levels = compared.levels[place]
    return {field.name: int(level) for field, level in zip(compared.fields, levels, strict=True) if level >= 0}


def _more_alike(then: Mapping[str, int], now: Mapping[str, int]) -> bool:
    """Tell whether a field has come closer since, or one that was unknown agrees."""
    return any(level < then.get(name, 1) for name, level in now.items())
