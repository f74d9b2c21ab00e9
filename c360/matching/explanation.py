"""Why a pair is a candidate: evidence field by field, in bits that add up to its score."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from c360.matching.blocking import Pairs
from c360.matching.comparison.base import Comparison, Levels
from c360.matching.comparison.fields import known_comparisons
from c360.matching.evidence import ANSWERS, GUARD, RIVAL, START, Bar, Explanation
from c360.matching.guards import objections
from c360.matching.model import Model
from c360.matching.records import Records
from c360.matching.scoring import Floats, evidence, probability, rarity

PLACES = 4
"""Decimal places a score is told with."""


def explain(
    model: Model, records: Records, pairs: Pairs, levels: Levels, odds: Floats, fields: Sequence[Comparison]
) -> list[Explanation]:
    """Return an explanation of each pair.

    A field's bar is how much likelier its level is among duplicates than among strangers. How many of the pairs
    compared are duplicates at all is a bar, and what the other kinds of pair (a household, namesakes) explain better
    than strangers is one, negative.
    """
    bits, rival = _bits(model, records, pairs, levels, fields)
    given = odds.astype(np.float64) / np.log(2)
    bits[:, -1] = given - bits[:, :-1].sum(1)
    against = _Objections(fields)
    every = zip(probability(odds).tolist(), bits.tolist(), levels, levels.tolist(), rival.tolist(), strict=True)
    return [
        Explanation(round(share, PLACES), _bars(worth, told, fields), model.kinds[other], against[pattern.tobytes()])
        for share, worth, pattern, told, other in every
    ]


class _Objections(dict[bytes, tuple[str, ...]]):
    """What speaks against a merge, by the levels of a pair: few combinations of levels come again and again."""

    def __init__(self, fields: Sequence[Comparison]) -> None:
        self._fields = fields

    def __missing__(self, levels: bytes) -> tuple[str, ...]:
        self[levels] = found = tuple(objections(np.frombuffer(levels, np.int8), self._fields))
        return found


def levels_of(why: Explanation, entity: str) -> dict[str, int]:
    """Return on which level each field of an explanation is, 0 being the same; what is no longer known is left out."""
    known = {one.name: one.levels for one in known_comparisons(entity)}
    return {bar.field: known[bar.field].index(bar.level) for bar in why.fields if bar.level in known.get(bar.field, ())}


def _bits(
    model: Model, records: Records, pairs: Pairs, levels: Levels, fields: Sequence[Comparison]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return of each pair the bits of its fields, then those of start, rivals, answers and, still 0, the guard."""
    i, j = pairs.left.astype(np.int64), pairs.right.astype(np.int64)
    told = evidence(model, records, i, j, levels, fields).astype(np.float64)
    bits = np.zeros((len(pairs), len(fields) + 4))
    for k, one in enumerate(fields):
        worth = np.append(np.log(model.shares[0][k]) - np.log(model.shares[1][k]), 0.0)[levels[:, k]]
        if one.name in model.rare[0]:
            worth += rarity(records, one, float(model.chance(k)[0]), levels[:, k], i, j)
        bits[:, k] = worth * model.times(one.name)
    others, weight = told[1:], model.weight + 1e-12
    bits[:, -4] = np.log(weight[0]) - np.log(weight[1:].sum())
    bits[:, -3] = told[1] - np.log(weight[1] / weight[1:].sum()) - np.logaddexp.reduce(others, axis=0)
    if model.correction:
        bits[:, -2] = model.correction.added(levels, fields)
    return bits / np.log(2), others.argmax(0) + 1


def _bars(bits: Sequence[float], levels: Sequence[int], fields: Sequence[Comparison]) -> tuple[Bar, ...]:
    bars = [
        Bar(one.name, one.levels[level], round(worth, 3))
        for one, level, worth in zip(fields, levels, bits[:-4], strict=True)
        if level >= 0
    ]
    bars.sort(key=lambda bar: -abs(bar.bits))
    rest = zip((START, RIVAL, ANSWERS, GUARD), bits[-4:], strict=True)
    return tuple(bars + [Bar(name, "", round(worth, 3)) for name, worth in rest if abs(worth) >= 0.001])
