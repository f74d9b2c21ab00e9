"""How good the rules are: what waits by each of them, what was decided on it, how much of that was taken back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.matching.evidence import from_json
from c360.models.customer import Customer
from c360.models.duplicate import LATER, WAITING, DuplicateGroup, DuplicatePair, DuplicateVerdict
from c360.models.journal import ChangeSet
from c360.services.duplicates import rules, weighing
from c360.services.uow import UnitOfWork

PERIOD = timedelta(days=90)
"""How far back decisions are counted."""
READ = 10_000
"""Pairs, merges and verdicts read at most, the latest."""
Levels = Mapping[str, int]


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
    """Return the figures of each active rule, then those of what no rule found; for who keeps the rules."""
    uow.require(Verb.UPDATE, "setting")
    session, now = uow.session, utc_now()
    active = [rule for rule in rules.of(session, entity).rules if rule.active]
    found = [Measured(rule.name) for rule in active]
    alone = Measured("")

    def met(*pairs: Levels) -> Iterable[Measured]:
        some = [row for rule, row in zip(active, found, strict=True) if any(map(rule.meets, pairs))]
        return some or [alone]

    for levels, state, at in _waiting(session, entity):
        for row in met(levels):
            row.waiting, row.later = row.waiting + 1, row.later + (state == LATER)
            row.oldest_days = max(row.oldest_days, (now - at).days)
    for pairs, undone in _merged(session, entity, now - PERIOD):
        for row in met(*pairs):
            row.merged, row.unmerged = row.merged + 1, row.unmerged + undone
    for levels in _apart(session, entity, now - PERIOD):
        for row in met(levels):
            row.apart += 1
    for row in (*found, alone):
        row.dismissed = _share(row.apart, row.apart + row.merged)
        row.undone = _share(row.unmerged, row.merged)
    return [*found, alone]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else ""


def _levels(why: Mapping[str, Any], entity: str) -> Levels:
    return weighing.engine("explanation").levels_of(from_json(dict(why)), entity)


def _waiting(session: Session, entity: str) -> Iterator[tuple[Levels, str, datetime]]:
    query = (
        select(DuplicatePair.why, DuplicateGroup.state, DuplicateGroup.found_at)
        .join(DuplicateGroup, col(DuplicateGroup.id) == col(DuplicatePair.group_id))
        .where(DuplicateGroup.entity == entity, col(DuplicateGroup.state).in_(WAITING))
        .where(col(DuplicatePair.through_id).is_(None))
    )
    for why, state, at in session.exec(query.order_by(col(DuplicateGroup.found_at).desc()).limit(READ)):
        yield _levels(why, entity), state, at


def _merged(session: Session, entity: str, since: datetime) -> Iterator[tuple[list[Levels], bool]]:
    """Walk the merges a search had suggested, each with its evidence and whether it was undone."""
    back = aliased(ChangeSet)
    undone = exists().where(col(back.reverses_id) == col(ChangeSet.id))
    query = select(ChangeSet.details, undone).where(ChangeSet.action == f"{entity}.merged", col(ChangeSet.at) >= since)
    for details, taken in session.exec(query.order_by(col(ChangeSet.seq).desc()).limit(READ)):
        if suggested := details.get("suggested"):
            yield [_levels(one["why"], entity) for one in suggested], bool(taken)


def _apart(session: Session, entity: str, since: datetime) -> Iterator[Levels]:
    query = (
        select(DuplicateVerdict.levels)
        .join(Customer, col(Customer.id) == col(DuplicateVerdict.left_id))
        .where(Customer.kind == entity, col(DuplicateVerdict.created_at) >= since)
        .where(col(DuplicateVerdict.revoked_at).is_(None))
    )
    yield from session.exec(query.order_by(col(DuplicateVerdict.created_at).desc()).limit(READ))
