"""Comparing customers with each other: all of them outside any transaction, or a few with whoever shares a key."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
from sqlmodel import Session

from c360.core.actor import SYSTEM, Actor
from c360.matching import engine, grouped, population
from c360.services import journal
from c360.services.duplicates import (
    cluster,
    membership,
    rules,
    scoping,
    sources,
    stored,
    teaching,
    telling,
    verdicts,
    weighing,
)
from c360.services.duplicates.groups import Candidate
from c360.services.duplicates.homes import Home
from c360.services.duplicates.neighbours import neighbours
from c360.services.uow import UnitOfWork, ask

Step = Callable[[str], None]
STEPS = ("read", "prepare", "block", "compare", "learn", "score", "group")


@dataclass(frozen=True, slots=True)
class Found:
    """What a scan came to: how many customers it saw, the groups, the pairs they are made of, what was learned.

    ``homes`` are pairs that rather are two people of one household. ``seq`` is the last change it knew of,
    ``judged_by`` the print of the rules.
    """

    customers: int
    groups: list[list[UUID]]
    pairs: list[Candidate]
    homes: list[Home] = field(default_factory=list)
    weights: dict[str, Any] = field(default_factory=dict)
    population: dict[str, Any] = field(default_factory=dict)
    seq: int = 0
    judged_by: str = ""


def whole(actor: Actor, entity: str, threshold: float | None = None, step: Step = lambda _: None) -> Found:
    """Find the duplicates among the live, active customers of a kind within the actor's reach.

    Pairs somebody told apart stay apart until a compared field brings them closer. What was decided so far corrects
    the scores.
    """
    step("read")
    seq = ask(SYSTEM, lambda uow: journal.last_seq(uow.session))
    rule = ask(SYSTEM, lambda uow: rules.of(uow.session, entity).at("scan"))
    known = ask(actor, stored.read, entity)
    asked = ask(SYSTEM, lambda uow: scoping.asked(uow.session, entity, rule, known.ids))
    table = weighing.counted(known.table, rule)
    with cluster.executor() as executor:
        least = threshold or rule.ask
        compared = engine.match(table, entity, least, step=step, rules=asked, executor=executor, emphasis=rule.weights)
    apart = ask(SYSTEM, lambda uow: verdicts.all_told(uow.session))
    same = ask(SYSTEM, lambda uow: teaching.merged(uow.session, entity))
    kept = _kept_apart(compared, known.ids, apart)
    compared = teaching.taught(compared, same, kept)
    if kept:
        compared = engine.kept_apart(compared, kept)
    pairs = [
        Candidate(
            known.ids[pair.left], known.ids[pair.right], pair.why,
            None if pair.through is None else known.ids[pair.through],
        )
        for pair in grouped.pairs(compared)
    ]  # fmt: skip
    groups = [[known.ids[row] for row in group] for group in grouped.groups(compared)]
    homes = [Home(known.ids[one.left], known.ids[one.right], one.levels) for one in grouped.households(compared)]
    learned = population.population(compared.prepared).to_json()
    return Found(len(known.ids), groups, pairs, homes, compared.model.to_json(), learned, seq, membership.judged(rule))


def _kept_apart(compared: engine.Compared, ids: Sequence[UUID], apart: verdicts.Told) -> list[int]:
    """Return the places of the pairs that verdicts keep apart."""
    if not apart:
        return []
    record = dict(zip(ids, compared.prepared.collapsed.record.tolist(), strict=True))
    told = {
        (min(pair), max(pair)): levels
        for (left, right), levels in apart.items()
        if left in record and right in record and (pair := (record[left], record[right]))
    }
    width = compared.prepared.records.size
    numbers = compared.pairs.left.astype("int64") * width + compared.pairs.right
    places = {int(numbers[place]): place for place in range(len(numbers))} if told else {}
    found = []
    for (left, right), levels in told.items():
        place = places.get(left * width + right)
        if place is not None and verdicts.holds(levels, _levels(compared, place)):
            found.append(place)
    return found


def _levels(compared: engine.Compared, place: int) -> dict[str, int]:
    levels = compared.levels[place]
    return {one.name: int(level) for one, level in zip(compared.fields, levels, strict=True) if level >= 0}


def around(session: Session, entity: str, customer_ids: Collection[UUID]) -> tuple[list[Candidate], list[Home]]:
    """Compare some customers with all who share a key with them, whoever may see them.

    Return the pairs that may be one, and those that rather are a household.
    """
    ids, pairs = neighbours(session, entity, customer_ids)
    known = stored.some(session, entity, ids)
    row = {one: number for number, one in enumerate(known.ids)}
    rows = np.array([row.get(one, -1) for one in ids], np.int64)[pairs]
    both = rows[(rows >= 0).all(1)].tolist()
    by = rules.of(session, entity).at("scan")
    asked = scoping.asked(session, entity, by, known.ids)
    found, housed = weighing.sort(session, entity, known.table, both, by, asked)
    apart = verdicts.all_told(session)
    named = [((known.ids[one.left], known.ids[one.right]), one) for one in found]
    alike = [Candidate(*pair, one.why) for pair, one in named if not verdicts.holds(apart.get(pair), one.levels)]
    return alike, [Home(known.ids[one.left], known.ids[one.right], one.levels) for one in housed]


def sentences(uow: UnitOfWork, entity: str, pairs: Sequence[Candidate]) -> list[str]:
    """Return why each pair is one, in the actor's language; fields he may not read count, but are not named."""
    unnamed = sources.hidden(uow, entity, {bar.field for pair in pairs for bar in pair.why.fields})
    return [telling.sentence(pair.why, uow.actor.language, unnamed) for pair in pairs]
