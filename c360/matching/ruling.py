"""Scores in the light of the rules people made."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from c360.matching.comparison.base import Comparison, Levels
from c360.matching.rule import WORTH, Rule
from c360.matching.scoring import Scores

LIFTED = float(np.log(WORTH / (1 - WORTH)))


def ruled(scores: Scores, levels: Levels, fields: Sequence[Comparison], rules: Sequence[Rule]) -> Scores:
    """Return the scores with every pair that meets an active rule lifted to where it is looked at."""
    odds = scores.odds
    for rule in rules:
        if rule.active and rule.levels:
            odds = np.where(_meets(rule, levels, fields), np.maximum(odds, np.float32(LIFTED)), odds)
    return Scores(odds.astype(np.float32), scores.rival)


def _meets(rule: Rule, levels: Levels, fields: Sequence[Comparison]) -> NDArray[np.bool_]:
    names = [one.name for one in fields]
    if not set(rule.levels) <= set(names):
        return np.zeros(len(levels), bool)
    found = np.ones(len(levels), bool)
    for name, worst in rule.levels.items():
        column = levels[:, names.index(name)]
        found &= (column >= 0) & (column <= worst)
    return found
