"""Scores in the light of the rules people made."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from c360.matching.blocking import Pairs
from c360.matching.column import Ints
from c360.matching.comparison.base import Comparison, Levels
from c360.matching.rule import WORTH, Asked, Rule
from c360.matching.scoring import Scores

LIFTED = float(np.log(WORTH / (1 - WORTH)))


def ruled(
    scores: Scores, pairs: Pairs, levels: Levels, fields: Sequence[Comparison], rules: Sequence[Asked]
) -> Scores:  # fmt: skip
    """Return the scores with every pair that meets an active rule, both inside its scope, lifted to be looked at."""
    odds = scores.odds
    for asked in rules:
        if asked.rule.active and asked.rule.levels:
            met = _meets(asked.rule, levels, fields)
            if asked.inside is not None:
                inside = np.asarray(asked.inside, bool)
                met &= inside[pairs.left] & inside[pairs.right]
            odds = np.where(met, np.maximum(odds, np.float32(LIFTED)), odds)
    return Scores(odds.astype(np.float32), scores.rival)


def sides(rules: Sequence[Asked], rows: int) -> NDArray[np.uint64] | None:
    """Return a number for each row that tells inside which scopes it is; None where no rule has a scope."""
    if all(asked.inside is None for asked in rules):
        return None
    found = np.zeros(rows, np.uint64)
    for asked in rules:
        if asked.inside is not None:
            found = found * np.uint64(2) + np.asarray(asked.inside, bool).astype(np.uint64)
    return found


def taken(rules: Sequence[Asked], first: Ints) -> tuple[Asked, ...]:
    """Return rules asked of rows as rules asked of records, each of which stands at a row for all that equal it."""
    return tuple(
        asked if asked.inside is None else replace(asked, inside=np.asarray(asked.inside, bool)[first])
        for asked in rules
    )


def _meets(rule: Rule, levels: Levels, fields: Sequence[Comparison]) -> NDArray[np.bool_]:
    names = [one.name for one in fields]
    if not set(rule.levels) <= set(names):
        return np.zeros(len(levels), bool)
    found = np.ones(len(levels), bool)
    for name, worst in rule.levels.items():
        column = levels[:, names.index(name)]
        found &= (column >= 0) & (column <= worst)
    return found
