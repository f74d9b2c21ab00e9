"""What speaks against a merge however much is alike: such a pair is never sure, some are never linked.

Two who share a house and a name but not the person are a household, to be proposed as one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from c360.matching.blocking import Pairs
from c360.matching.comparison import places
from c360.matching.comparison.base import Comparison, Levels
from c360.matching.comparison.people import GIVEN
from c360.matching.records import Records
from c360.matching.scoring import Scores

NEVER_SURE = float(np.log(0.95 / 0.05))
REFUSED = float(np.log(0.1 / 0.9))
CAPS: dict[str, float] = {
    "birth_date": NEVER_SURE, "tax_number": NEVER_SURE, "registration_number": NEVER_SURE,
    "identity_number": NEVER_SURE, "suffix": REFUSED,
}  # fmt: skip
"""Fields whose difference, more than a slip, caps the log-odds of a pair."""
LIKE_A_HOUSEHOLD: dict[str, int] = {"address": 0, "family": 2}
"""What people of one household share, and the last level that still counts: a house, and a name or a part of it."""
SHARED = (*LIKE_A_HOUSEHOLD, "phone", "email")
NAMES = ("given", "family")
ALIKE = GIVEN.index("very similar")
TELLS_APART = ("given", "birth_date", "suffix")
"""Fields whose difference makes two who share a house and a name a household, not one person."""


@dataclass(frozen=True, slots=True)
class Household:
    """Two rows that are two people of one household, and on which level each of the telling fields is."""

    left: int
    right: int
    levels: Mapping[str, str]


def guarded(scores: Scores, levels: Levels, comparisons: Sequence[Comparison], most: float = NEVER_SURE) -> Scores:
    """Return the scores with every pair under its cap; of caps above ``most`` none is minded."""
    odds = scores.odds
    for k, one in enumerate(comparisons):
        if CAPS.get(one.name, np.inf) <= most:
            objects = levels[:, k] == len(one.levels) - 1
            odds = np.where(objects, np.minimum(odds, np.float32(CAPS[one.name])), odds)
    if most >= NEVER_SURE:
        seeming = twins(levels, comparisons) | strangers(levels, comparisons)
        odds = np.where(seeming, np.minimum(odds, np.float32(NEVER_SURE)), odds)
    return Scores(odds.astype(np.float32), scores.rival)


def twins(levels: Levels, comparisons: Sequence[Comparison]) -> NDArray[np.bool_]:
    """Tell of each pair whether it may be twins: born on one day into one family, under given names that only look
    alike."""
    place = {one.name: k for k, one in enumerate(comparisons)}
    if not place.keys() >= {"given", "family", "birth_date"}:
        return np.zeros(len(levels), bool)
    given, family, born = (levels[:, place[name]] for name in ("given", "family", "birth_date"))
    return (family == 0) & (born == 0) & (given >= ALIKE)


def strangers(levels: Levels, comparisons: Sequence[Comparison]) -> NDArray[np.bool_]:
    """Tell of each pair whether no part of the names is alike: a mailbox and a phone are shared by colleagues too."""
    of_names = [k for k, one in enumerate(comparisons) if one.name in NAMES]
    if len(of_names) < len(NAMES):
        return np.zeros(len(levels), bool)
    return np.all([levels[:, k] == len(comparisons[k].levels) - 1 for k in of_names], axis=0)


def objections(levels: Levels, comparisons: Sequence[Comparison]) -> list[str]:
    """Return the fields that speak against one pair being merged."""
    seeming = ["given"] if twins(levels[None, :], comparisons)[0] else []
    seeming += NAMES if strangers(levels[None, :], comparisons)[0] else ()
    return seeming + [
        one.name for k, one in enumerate(comparisons) if one.name in CAPS and levels[k] == len(one.levels) - 1
    ]


def households(
    records: Records, pairs: Pairs, scores: Scores, levels: Levels, comparisons: Sequence[Comparison]
) -> NDArray[np.bool_]:
    """Tell of each pair whether it is two people of one household rather than one person twice."""
    place = {one.name: k for k, one in enumerate(comparisons)}
    if not place.keys() >= LIKE_A_HOUSEHOLD.keys():
        return np.zeros(len(levels), bool)
    found = scores.odds < 0
    for name, worst in LIKE_A_HOUSEHOLD.items():
        column = levels[:, place[name]]
        found &= (column >= 0) & (column <= worst)
    objects = np.zeros(len(levels), bool)
    for name in TELLS_APART:
        if name in place:
            objects |= levels[:, place[name]] == len(comparisons[place[name]].levels) - 1
    found &= objects
    at = np.flatnonzero(found)
    found[at] = places.placed(records, pairs.left[at].astype(np.int64), pairs.right[at].astype(np.int64))
    return found


def reasons(levels: Levels, comparisons: Sequence[Comparison]) -> dict[str, str]:
    """Return the levels by which one pair is a household: what both share, and what tells them apart."""
    known = {one.name: (one.levels, int(level)) for one, level in zip(comparisons, levels, strict=True) if level >= 0}
    shared = {name: names[level] for name, (names, level) in known.items() if name in SHARED and level < len(names) - 1}
    apart = {
        name: names[level] for name, (names, level) in known.items() if name in TELLS_APART and level == len(names) - 1
    }
    return shared | apart
