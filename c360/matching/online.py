"""A few records compared at once, as a whole table would be: by a model learned before and how common values are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from c360.matching import guards, model, ruling
from c360.matching.blocking import Pairs
from c360.matching.column import Ints
from c360.matching.comparison.base import Comparison, Levels
from c360.matching.comparison.fields import comparisons, known_comparisons
from c360.matching.evidence import Explanation
from c360.matching.explanation import PLACES, explain
from c360.matching.guards import Household
from c360.matching.kinds_of_pair import kinds
from c360.matching.model import Model
from c360.matching.passes import passes
from c360.matching.population import Population
from c360.matching.prepare import prepare_few
from c360.matching.records import Records
from c360.matching.rule import Asked
from c360.matching.scoring import Scores, adjusted, compare, probability, score
from c360.matching.table import Table

BY_CHANCE, NEARLY = 0.005, 0.02
"""How often strangers agree on a field, and how often nearly, before anything is known of the population."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A pair of rows: how likely it is one record, why, and on which level each field is."""

    left: int
    right: int
    why: Explanation
    levels: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Looked:
    """Pairs of rows compared and scored, not yet explained."""

    given: Sequence[tuple[int, int]]
    model: Model
    records: Records
    pairs: Pairs
    levels: Levels
    fields: Sequence[Comparison]
    scores: Scores


def look(
    table: Table, entity: str, pairs: Sequence[tuple[int, int]], learned: Model | None = None,
    known: Population | None = None, rules: Sequence[Asked] = (), emphasis: Mapping[str, float] = model.EVENLY,
) -> Looked:  # fmt: skip
    """Compare and score pairs of rows, at least one.

    Without a model learned before they are weighed by what is expected of duplicates anywhere. ``emphasis`` is how many
    times as much as learned a field counts.
    """
    records = prepare_few(table, entity, known)
    used = (learned or starting(records, entity)).emphasised(emphasis)
    fields = _aligned(records, entity, used)
    sides = np.array(pairs, np.int32)
    every = Pairs(sides.min(1), sides.max(1))
    levels = compare(records, every, fields)
    scores = adjusted(score(used, records, every, levels, fields), used.correction, levels, fields)
    scores = guards.guarded(ruling.ruled(scores, every, levels, fields, rules), levels, fields)
    return Looked(pairs, used, records, every, levels, fields, scores)


def told(looked: Looked, least: float = 0.0) -> list[Weighed]:
    """Return the pairs that score ``least`` and more, explained."""
    odds, every = looked.scores.odds, looked.pairs
    worth = np.flatnonzero(probability(odds).round(PLACES) >= least)
    some, levels = Pairs(every.left[worth], every.right[worth]), looked.levels[worth]
    why = explain(looked.model, looked.records, some, levels, odds[worth], looked.fields)
    return [
        Weighed(*looked.given[place], one, _named(levels[number], looked.fields))
        for number, (place, one) in enumerate(zip(worth.tolist(), why, strict=True))
    ]


def households(looked: Looked) -> list[Household]:
    """Return the pairs that are two people of one household rather than one person twice."""
    found = np.flatnonzero(guards.households(looked.records, looked.pairs, looked.scores, looked.levels, looked.fields))
    return [
        Household(*looked.given[place], guards.reasons(looked.levels[place], looked.fields)) for place in found.tolist()
    ]


def starting(records: Records, entity: str) -> Model:
    """Return what to expect before anything is learned: the priors, and strangers who hardly agree by chance."""
    fields = comparisons(records, entity)
    chance = [np.full(len(one.levels), NEARLY) for one in fields]
    for some in chance:
        some[0] = BY_CHANCE
        some[-1] = 1 - some[:-1].sum()
    found = kinds(fields, passes(records), chance)
    made = model.learn(np.empty((0, len(fields)), np.int8), fields, found, enough=False)
    # How rare a value is cannot be told from a few records.
    return replace(made, rare=(frozenset(),) * len(made.kinds))


def _aligned(records: Records, entity: str, used: Model) -> list[Comparison]:
    """Return the model's comparisons in its order; a field these records lack says nothing."""
    here = {one.name: one for one in comparisons(records, entity)}
    every = {one.name: one for one in known_comparisons(entity)}
    return [here.get(name) or _silent(every[name]) for name in used.fields]


def _silent(one: Comparison) -> Comparison:
    def compare(_: Records, i: Ints, __: Ints) -> Levels:
        return np.full(len(i), -1, np.int8)

    return Comparison(one.name, one.levels, one.match, compare)


def _named(levels: Levels, fields: Sequence[Comparison]) -> dict[str, int]:
    return {one.name: int(level) for one, level in zip(fields, levels, strict=True) if level >= 0}
