"""What every level of every field is worth, learned from the pairs themselves, without labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from c360.matching import correction
from c360.matching.column import Column
from c360.matching.comparison.base import Comparison, Levels
from c360.matching.correction import Correction
from c360.matching.kinds_of_pair import KindOfPair, Shares
from c360.matching.records import Records

SAMPLE, SEED = 300_000, 20_261_122
ROUNDS, STILL, LEAST_ROUNDS = 40, 2e-5, 6
PRIOR, PRIOR_PART = 150.0, 0.1
LEAST = 1e-6
EVENLY: Mapping[str, float] = {}
"""Every field counts as learned."""
WITHOUT_RARITY = ("suffix", "legal_form")
"""Fields whose first level is more than equal values."""


@dataclass(frozen=True, eq=False)
class Model:
    """Kinds of pair with their shares among candidates and, for each, the shares of the levels of each field."""

    fields: tuple[str, ...]
    kinds: tuple[str, ...]
    weight: NDArray[np.float64]
    shares: tuple[tuple[Shares, ...], ...]
    rare: tuple[frozenset[str], ...]
    learned: bool
    correction: Correction | None = None
    """What review answers taught beyond it."""
    emphasis: Mapping[str, float] = field(default_factory=lambda: EVENLY)
    """How many times as much as learned a field counts, where somebody says so; it is not kept with the model."""

    def chance(self, field: int) -> Shares:
        """Return the shares of a field's levels among strangers."""
        return self.shares[1][field]

    @cached_property
    def worth(self) -> tuple[NDArray[np.float32], ...]:
        """Of each field, by kind of pair (first axis), the logarithms of the shares; at -1 that of an unknown level."""
        return tuple(
            np.array([np.append(np.log(kind[k]) * self.times(name), 0) for kind in self.shares], np.float32)
            for k, name in enumerate(self.fields)
        )

    def times(self, name: str) -> float:
        """Return how many times as much as learned a field counts."""
        return self.emphasis.get(name, 1.0)

    def emphasised(self, emphasis: Mapping[str, float]) -> "Model":
        """Return the model in which these fields count so many times as much as learned."""
        return replace(self, emphasis=dict(emphasis)) if emphasis else self

    def to_json(self) -> dict[str, Any]:
        """Return the model as plain values, to be kept and used for one new record."""
        return {
            "fields": list(self.fields),
            "kinds": list(self.kinds),
            "weight": self.weight.tolist(),
            "shares": [[some.tolist() for some in kind] for kind in self.shares],
            "rare": [sorted(names) for names in self.rare],
            "learned": self.learned,
            "correction": self.correction.to_json() if self.correction else None,
        }


def from_json(told: Mapping[str, Any]) -> Model:
    """Return a model that was kept."""
    return Model(
        tuple(told["fields"]),
        tuple(told["kinds"]),
        np.array(told["weight"]),
        tuple(tuple(np.array(some) for some in kind) for kind in told["shares"]),
        tuple(frozenset(names) for names in told["rare"]),
        bool(told["learned"]),
        correction.from_json(told.get("correction")),
    )


def strangers(records: Records, comparisons: Sequence[Comparison]) -> list[Shares]:
    """Return how often two records taken by chance are on each level."""
    random = np.random.default_rng(SEED)
    i, j = random.integers(0, max(records.size, 1), (2, SAMPLE))
    apart = i != j
    i, j = i[apart], j[apart]
    found = []
    for one in comparisons:
        levels = one.compare(records, i, j) if len(i) else np.empty(0, np.int8)
        times = np.bincount(levels[levels >= 0], minlength=len(one.levels)).astype(float)
        column = records.columns.get(one.name)
        if column is not None and one.name not in WITHOUT_RARITY:
            times[0] = _equal_by_chance(column) * max(times.sum(), 1)
        times[1:] += 0.5
        times = np.maximum(times, 1e-9 * max(times.sum(), 1))
        found.append(times / times.sum())
    return found


def _equal_by_chance(column: Column) -> float:
    """Return how often two rows have the same value by chance, exactly, from how often each value is there."""
    total = max(column.counts.sum(), 1)
    part = column.counts / total
    return max(float((part * part).sum()) - 1 / total, 1e-9)


def learn(levels: Levels, comparisons: Sequence[Comparison], kinds: Sequence[KindOfPair], enough: bool = True) -> Model:
    """Return the model that explains the pairs best (expectation maximisation with Dirichlet priors).

    A kind learns only the fields that belong to it, everything else stays at chance: that is what keeps the kinds
    apart without labels. Where there is not ``enough`` to tell kinds apart, the priors stand.
    """
    patterns, times = _patterns(levels, comparisons)
    weight = np.full(len(kinds), 0.1)
    weight[0] = 0.3
    weight /= weight.sum()
    shares = [[some.copy() for some in kind.shares] for kind in kinds]
    marked, begins = _marked(patterns, comparisons)
    back = marked.T.tocsr()
    enough = enough and len(levels) > 0
    for turn in range(ROUNDS if enough else 0):
        belongs = _belongs(marked, weight, shares) * times[:, None]
        found = belongs.sum(0) / times.sum()
        moved, weight = np.abs(found - weight).max(), found
        seen = back @ belongs
        for c, kind in enumerate(kinds):
            for k in kind.learned:
                of_field = seen[begins[k] : begins[k + 1], c]
                shares[c][k] = _learned(of_field, kind.shares[k], comparisons[k], c == 0)
        if moved < STILL and turn >= LEAST_ROUNDS:
            break
    return Model(
        tuple(one.name for one in comparisons),
        tuple(kind.name for kind in kinds),
        weight,
        tuple(tuple(some) for some in shares),
        tuple(kind.rare for kind in kinds),
        enough,
    )


def _patterns(levels: Levels, comparisons: Sequence[Comparison]) -> tuple[Levels, NDArray[np.int64]]:
    """Return the distinct rows of levels and how often each is there: thousands instead of millions."""
    code = np.zeros(len(levels), np.int64)
    for k, one in enumerate(comparisons):
        code = code * (len(one.levels) + 1) + (levels[:, k] + 1)
    distinct, times = np.unique(code, return_counts=True)
    patterns = np.empty((len(distinct), len(comparisons)), np.int8)
    for k in range(len(comparisons) - 1, -1, -1):
        width = len(comparisons[k].levels) + 1
        patterns[:, k] = distinct % width - 1
        distinct = distinct // width
    return patterns, times


def _marked(patterns: Levels, comparisons: Sequence[Comparison]) -> tuple[csr_matrix, list[int]]:
    """Return patterns with a column for every level of every field, and where the columns of each field begin."""
    begins = np.cumsum([0, *(len(one.levels) for one in comparisons)])
    known = patterns >= 0
    columns = (patterns + begins[:-1])[known]
    rows = np.append(0, np.cumsum(known.sum(1)))
    return csr_matrix((np.ones(len(columns)), columns, rows), shape=(len(patterns), begins[-1])), begins.tolist()


def _belongs(marked: csr_matrix, weight: NDArray, shares: list[list[Shares]]) -> NDArray[np.float64]:
    """Return how much each pattern belongs to each kind."""
    told = marked @ np.log([np.concatenate(kind) for kind in shares]).T + np.log(weight + 1e-12)
    told = np.exp(told - told.max(1, keepdims=True))
    return told / told.sum(1, keepdims=True)


def _learned(seen: NDArray, prior: Shares, one: Comparison, duplicate: bool) -> Shares:
    strength = max(PRIOR, PRIOR_PART * seen.sum())
    found = np.maximum((seen + strength * prior) / (seen.sum() + strength), LEAST)
    if duplicate and found[-1] > one.most_else:
        # Without a cap the duplicates drift onto siblings and namesakes.
        found[:-1] *= (1 - one.most_else) / found[:-1].sum()
        found[-1] = one.most_else
    return found / found.sum()
