"""What a candidate pair can be: a duplicate, or one of the many things that only look like one.

Two kinds, duplicate or chance, are not enough on real customers: without the others the household, which shares its
name, address and phone, is what learning takes for the duplicate.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from c360.matching.blocking import Pass
from c360.matching.comparison.base import Comparison

Shares = NDArray[np.float64]
DUPLICATE, CHANCE, HOUSEHOLD, SIBLING = "duplicate", "chance", "household", "sibling"
HOUSEHOLD_SHARES: dict[str, tuple[float, ...]] = {
    "family": (0.85, 0.05, 0.01, 0.01, 0.08),
    "address": (0.8, 0.05, 0.02, 0.03, 0.05, 0.05),
    "phone": (0.4, 0.02, 0.58),
    "email": (0.08, 0.01, 0.05, 0.86),
}
"""Two people who live together: what they share."""
SIBLING_SHARES: dict[str, tuple[float, ...]] = {
    "name": (0.02, 0.02, 0.08, 0.12, 0.05, 0.08, 0.55, 0.08),
    "website": (0.45, 0.25, 0.30),
}
"""Two companies of one group: a word of the name and the domain."""


@dataclass(frozen=True, eq=False)
class KindOfPair:
    """A kind: the expected shares of levels by field, the fields learning may change, those whose rarity counts."""

    name: str
    shares: tuple[Shares, ...]
    learned: tuple[int, ...]
    rare: frozenset[str] = frozenset()


def kinds(comparisons: Sequence[Comparison], passes: Sequence[Pass], chance: Sequence[Shares]) -> list[KindOfPair]:
    """Return every kind of pair these fields can tell apart; the first is the duplicate, the second chance."""
    names = [one.name for one in comparisons]
    every = tuple(range(len(comparisons)))
    found = [
        KindOfPair(DUPLICATE, tuple(one.prior for one in comparisons), every, frozenset(names)),
        KindOfPair(CHANCE, tuple(chance), ()),
    ]
    seen = set()
    for one in passes:
        fields = tuple(sorted(name for name in one.fields if name in names))
        if not fields or fields in seen or (len(names) <= 2 and fields == ("name",)):
            continue
        seen.add(fields)
        found.append(_by_key(fields, comparisons, chance))
    if "given" in names and ("address" in names or "phone" in names):
        found.append(_household(comparisons, chance))
    if "name" in names:
        found.append(_own("sibling", SIBLING_SHARES, comparisons, chance))
    return found


def _by_key(fields: tuple[str, ...], comparisons: Sequence[Comparison], chance: Sequence[Shares]) -> KindOfPair:
    """Return the pairs that were found by these fields and agree in nothing else."""
    shares = []
    for one, random in zip(comparisons, chance, strict=True):
        rest = len(one.levels) - 1
        shares.append(np.append(0.9, np.full(rest, 0.1 / rest)) if one.name in fields else random.copy())
    learned = tuple(k for k, one in enumerate(comparisons) if one.name in fields)
    return KindOfPair("same " + " and ".join(fields), tuple(shares), learned)


def _own(
    name: str, known: dict[str, tuple[float, ...]], comparisons: Sequence[Comparison], chance: Sequence[Shares]
) -> KindOfPair:
    shares = tuple(
        np.array(known[one.name]) / sum(known[one.name]) if one.name in known else random.copy()
        for one, random in zip(comparisons, chance, strict=True)
    )
    return KindOfPair(name, shares, tuple(k for k, one in enumerate(comparisons) if one.name in known))


def _household(comparisons: Sequence[Comparison], chance: Sequence[Shares]) -> KindOfPair:
    base = _own(HOUSEHOLD, HOUSEHOLD_SHARES, comparisons, chance)
    shares, learned = list(base.shares), list(base.learned)
    for k, one in enumerate(comparisons):
        if one.name == "given":  # People of one home have different names more often than strangers have.
            shares[k] = _scaled(chance[k], {0: chance[k][0] * 0.5})
        if one.name == "birth_date":  # Twins, and brothers of one year.
            shares[k] = _scaled(chance[k], {0: max(chance[k][0], 0.01), 3: max(chance[k][3], 0.04)})
            learned.append(k)
    return KindOfPair(HOUSEHOLD, tuple(shares), tuple(learned), frozenset(HOUSEHOLD_SHARES))


def _scaled(shares: Shares, changed: dict[int, float]) -> Shares:
    found = shares.copy()
    for level, share in changed.items():
        found[level] = share
    return found / found.sum()
