"""What speaks against a merge however much is alike: such a pair is never sure, and some are never linked."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from c360.matching.comparison.base import Comparison, Levels
from c360.matching.kinds_of_pair import HOUSEHOLD, SIBLING
from c360.matching.model import Model
from c360.matching.scoring import Floats, Scores

NEVER_SURE = float(np.log(0.95 / 0.05))
REFUSED = float(np.log(0.1 / 0.9))
CAPS: dict[str, float] = {
    "birth_date": NEVER_SURE, "tax_number": NEVER_SURE, "registration_number": NEVER_SURE,
    "identity_number": NEVER_SURE, "suffix": REFUSED,
}  # fmt: skip
"""Fields whose difference, more than a slip, caps the log-odds of a pair."""
RELATED = (HOUSEHOLD, SIBLING)


def guarded(scores: Scores, levels: Levels, comparisons: Sequence[Comparison], most: float = NEVER_SURE) -> Scores:
    """Return the scores with every pair under its cap; of caps above ``most`` none is minded."""
    odds = scores.odds
    for k, one in enumerate(comparisons):
        if CAPS.get(one.name, np.inf) <= most:
            objects = levels[:, k] == len(one.levels) - 1
            odds = np.where(objects, np.minimum(odds, np.float32(CAPS[one.name])), odds)
    return Scores(odds.astype(np.float32), scores.rival)


def objections(levels: Levels, comparisons: Sequence[Comparison]) -> list[str]:
    """Return the fields that speak against one pair being merged."""
    return [one.name for k, one in enumerate(comparisons) if one.name in CAPS and levels[k] == len(one.levels) - 1]


def related(model: Model, scores: Scores) -> NDArray[np.bool_]:
    """Tell of each pair whether it rather is a household or a group of companies than one record twice."""
    kinds = [model.kinds.index(name) for name in RELATED if name in model.kinds]
    found: Floats = scores.odds
    return (found < 0) & np.isin(scores.rival, kinds)
