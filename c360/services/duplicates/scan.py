"""Comparing the customers there are with each other: read, compare outside any transaction, honour the verdicts."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from c360.core.actor import Actor
from c360.matching import engine, grouped
from c360.services.duplicates import stored, telling, verdicts
from c360.services.uow import ask


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two customers that may be one, how likely, and why; ``through`` ties them where nothing else does."""

    left_id: UUID
    right_id: UUID
    score: float
    why: str
    through: UUID | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a scan came to: how many customers it saw, the groups, and the pairs they are made of."""

    customers: int
    groups: list[list[UUID]]
    pairs: list[Candidate]


def scan(
    actor: Actor, entity: str, threshold: float = engine.THRESHOLD, step: Callable[[str], None] = lambda _: None
) -> Found:
    """Find the duplicates among the live customers of a kind within the actor's reach.

    Pairs somebody told apart stay apart; fields the actor may not read count, but are not named.
    """
    step("read")
    known = ask(actor, stored.read, entity)
    compared = engine.match(known.table, entity, threshold, step=step)
    kept = ask(actor, verdicts.apart, compared, known.ids)
    if kept:
        compared = engine.kept_apart(compared, kept)
    unnamed = ask(actor, stored.hidden, entity, [one.name for one in compared.fields])
    pairs = [
        Candidate(
            known.ids[pair.left], known.ids[pair.right], pair.why.score,
            telling.sentence(pair.why, actor.language, unnamed),
            None if pair.through is None else known.ids[pair.through],
        )
        for pair in grouped.pairs(compared)
    ]  # fmt: skip
    groups = [[known.ids[row] for row in group] for group in grouped.groups(compared)]
    return Found(compared.prepared.collapsed.record.size, groups, pairs)
