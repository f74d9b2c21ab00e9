"""How good the rules are: what waits by each of them, what was decided on it, how much of that was taken back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.matching.evidence import from_json
from c360.models.customer import Customer
from c360.models.duplicate import LATER, WAITING, DuplicateGroup, DuplicatePair, DuplicateVerdict
from c360.models.journal import ChangeSet
from c360.services.duplicates import rules, scoping, weighing
from c360.services.uow import UnitOfWork

PERIOD = timedelta(days=90)
"""How far back decisions are counted."""
READ = 10_000
"""Pairs, merges and verdicts read at most, the latest."""
Levels = Mapping[str, int]
Seen = tuple[Sequence[UUID], Sequence[Levels]]
"""Customers that were decided on, or wait, and how alike the pairs of them were."""


@dataclass(slots=True)
class Measured:
    """A rule, or what the score alone found (without a name): pairs that wait, and what became of the others.

    ``dismissed`` is the share of the decisions that told apart, ``undone`` that of the merges that were taken back;
    empty where nothing was decided.
    """

    name: str
    waiting: int = 0
    later: int = 0
    oldest_days: int = 0
    merged: int = 0
    apart: int = 0
    unmerged: int = 0
    dismissed: str = ""
    undone: str = ""


def measured(uow: UnitOfWork, entity: str) -> list[Measured]:
    """Return the figures of each active rule, then those of what no rule found; for who keeps the rules.

    A rule with a scope counts those who are inside of it now.
    """
    uow.require(Verb.UPDATE, "setting")
    session, now = uow.session, utc_now()
    active = [rule for rule in rules.of(session, entity).rules if rule.active]
    found = [Measured(rule.name) for rule in active]
    alone = Measured("")

    waiting, merged = list(_waiting(session, entity)), list(_merged(session, entity, now - PERIOD))
    apart = list(_apart(session, entity, now - PERIOD))
    ids = sorted({one for told, *_ in (*waiting, *merged, *apart) for one in told[0]})
    inside = [
        {one for one, holds in zip(ids, scoping.inside(session, entity, rule.scope, ids), strict=True) if holds}
        if rule.scope else None
        for rule in active
    ]  # fmt: skip

    def met(told: Seen) -> Iterable[Measured]:
        some = [
            row
            for rule, row, scope in zip(active, found, inside, strict=True)
            if (scope is None or scope.issuperset(told[0])) and any(map(rule.meets, told[1]))
        ]
        return some or [alone]

    for told, state, at in waiting:
        for row in met(told):
            row.waiting, row.later = row.waiting + 1, row.later + (state == LATER)
            row.oldest_days = max(row.oldest_days, (now - at).days)
    for told, undone in merged:
        for row in met(told):
            row.merged, row.unmerged = row.merged + 1, row.unmerged + undone
    for told, *_ in apart:
        for row in met(told):
            row.apart += 1
    for row in (*found, alone):
        row.dismissed = _share(row.apart, row.apart + row.merged)
        row.undone = _share(row.unmerged, row.merged)
    return [*found, alone]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else ""


def _levels(why: Mapping[str, Any], entity: str) -> Levels:
    return weighing.engine("explanation").levels_of(from_json(dict(why)), entity)


def _waiting(session: Session, entity: str) -> Iterator[tuple[Seen, str, datetime]]:
    query = (
        select(DuplicatePair, DuplicateGroup.state, DuplicateGroup.found_at)
        .join(DuplicateGroup, col(DuplicateGroup.id) == col(DuplicatePair.group_id))
        .where(DuplicateGroup.entity == entity, col(DuplicateGroup.state).in_(WAITING))
        .where(col(DuplicatePair.through_id).is_(None))
    )
    for pair, state, at in session.exec(query.order_by(col(DuplicateGroup.found_at).desc()).limit(READ)):
        yield ((pair.left_id, pair.right_id), [_levels(pair.why, entity)]), state, at


def _merged(session: Session, entity: str, since: datetime) -> Iterator[tuple[Seen, bool]]:
    """Walk the merges a search had suggested, each with its evidence and whether it was undone."""
    back = aliased(ChangeSet)
    undone = exists().where(col(back.reverses_id) == col(ChangeSet.id))
    query = select(ChangeSet.details, undone).where(ChangeSet.action == f"{entity}.merged", col(ChangeSet.at) >= since)
    for details, taken in session.exec(query.order_by(col(ChangeSet.seq).desc()).limit(READ)):
        if suggested := details.get("suggested"):
            ids = [UUID(one) for one in (details["survivor"], *details["losers"])]
            yield (ids, [_levels(one["why"], entity) for one in suggested]), bool(taken)


def _apart(session: Session, entity: str, since: datetime) -> Iterator[tuple[Seen]]:
    query = (
        select(DuplicateVerdict.left_id, DuplicateVerdict.right_id, DuplicateVerdict.levels)
        .join(Customer, col(Customer.id) == col(DuplicateVerdict.left_id))
        .where(Customer.kind == entity, col(DuplicateVerdict.created_at) >= since)
        .where(col(DuplicateVerdict.revoked_at).is_(None))
    )
    for left, right, levels in session.exec(query.order_by(col(DuplicateVerdict.created_at).desc()).limit(READ)):
        yield (((left, right), [levels]),)
