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
from c360.matching.kinds_of_pair import kinds
from c360.matching.model import Model
from c360.matching.passes import passes
from c360.matching.population import Population
from c360.matching.prepare import prepare_few
from c360.matching.records import Records
from c360.matching.rule import Rule
from c360.matching.scoring import adjusted, compare, probability, score
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


def weigh(
    table: Table, entity: str, pairs: Sequence[tuple[int, int]], learned: Model | None = None,
    known: Population | None = None, rules: Sequence[Rule] = (), least: float = 0.0,
) -> list[Weighed]:  # fmt: skip
    """Weigh pairs of rows and return those that score ``least`` and more, explained.

    Without a model learned before they are weighed by what is expected of duplicates anywhere.
    """
    if not pairs:
        return []
    records = prepare_few(table, entity, known)
    used = learned or starting(records, entity)
    fields = _aligned(records, entity, used)
    sides = np.array(pairs, np.int32)
    every = Pairs(sides.min(1), sides.max(1))
    levels = compare(records, every, fields)
    scores = adjusted(score(used, records, every, levels, fields), used.correction, levels, fields)
    scores = ruling.ruled(scores, levels, fields, rules)
    odds = guards.guarded(scores, levels, fields).odds
    worth = np.flatnonzero(probability(odds).round(PLACES) >= least)
    some, levels = Pairs(every.left[worth], every.right[worth]), levels[worth]
    told = explain(used, records, some, levels, odds[worth], fields)
    return [
        Weighed(*pairs[place], why, _named(levels[number], fields))
        for number, (place, why) in enumerate(zip(worth.tolist(), told, strict=True))
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
