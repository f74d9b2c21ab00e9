"""How likely each pair is a duplicate: the model's evidence, corrected for how common the shared values are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from c360.matching.blocking import Pairs
from c360.matching.column import Ints
from c360.matching.comparison.base import Comparison, Levels
from c360.matching.correction import Correction
from c360.matching.model import Model
from c360.matching.records import Records
from c360.matching.threads import side_by_side

MOST_RARITY = 6.0
CHUNK = 250_000
Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Scores:
    """Of each pair: the log-odds that it is a duplicate, and the likeliest other kind it may be."""

    odds: Floats
    rival: NDArray[np.int8]


def compare(records: Records, pairs: Pairs, comparisons: Sequence[Comparison]) -> Levels:
    """Return the level of every field for every pair."""
    levels = np.empty((len(pairs), len(comparisons)), np.int8)
    i, j = pairs.left.astype(np.int64), pairs.right.astype(np.int64)
    for k, one in enumerate(comparisons):
        levels[:, k] = one.compare(records, i, j)
    return levels


def rarity(records: Records, one: Comparison, chance: float, levels: Levels, i: Ints, j: Ints) -> Floats:
    """Return for each pair what sharing this very value says beyond sharing any: more for a rare one, less for a
    common one."""
    found = np.zeros(len(levels), np.float32)
    same = np.flatnonzero(levels == 0) if one.rarity in records else np.empty(0, np.int64)
    if len(same):
        column = records[one.rarity]
        counts, total = records.times(one.rarity)
        times = np.append(counts, 0)
        often = np.maximum(times[column.codes[i[same]]], times[column.codes[j[same]]])
        part = np.maximum(often, 2) / max(total, 1)
        found[same] = np.clip(np.log(chance) - np.log(part), -MOST_RARITY, MOST_RARITY)
    return found


def score(model: Model, records: Records, pairs: Pairs, levels: Levels, comparisons: Sequence[Comparison]) -> Scores:
    """Return the log-odds of every pair."""
    odds, rival = np.empty(len(pairs), np.float32), np.empty(len(pairs), np.int8)

    def fill(start: int) -> None:
        part = slice(start, start + CHUNK)
        told = evidence(model, records, pairs.left[part], pairs.right[part], levels[part], comparisons)
        others = told[1:]
        best = others.max(0)
        odds[part] = told[0] - best - np.log(np.exp(others - best).sum(0))
        rival[part] = others.argmax(0) + 1

    side_by_side(fill, range(0, len(pairs), CHUNK), len(pairs))
    return Scores(odds, rival)


def adjusted(
    scores: Scores, correction: Correction | None, levels: Levels, comparisons: Sequence[Comparison]
) -> Scores:  # fmt: skip
    """Return scores with what review answers taught."""
    if correction is None:
        return scores
    return Scores((scores.odds + correction.added(levels, comparisons)).astype(np.float32), scores.rival)


def evidence(
    model: Model, records: Records, i: NDArray, j: NDArray, levels: Levels, comparisons: Sequence[Comparison]
) -> Floats:
    """Return the logarithm of how well each kind (first axis) explains each pair."""
    told = np.repeat(np.log(model.weight + 1e-12).astype(np.float32)[:, None], len(levels), axis=1)
    left, right = i.astype(np.int64), j.astype(np.int64)
    for k, one in enumerate(comparisons):
        for c, worth in enumerate(model.worth[k]):
            told[c] += worth[levels[:, k]]
        rare = [c for c, names in enumerate(model.rare) if one.name in names]
        if rare and one.rarity:
            found = rarity(records, one, float(model.chance(k)[0]), levels[:, k], left, right)
            told[rare] += found * np.float32(model.times(one.name))
    return told


def probability(odds: NDArray) -> NDArray[np.float64]:
    """Return log-odds as a share between 0 and 1."""
    return 1 / (1 + np.exp(-np.clip(odds.astype(np.float64), -40, 40)))
