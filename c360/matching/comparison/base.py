"""What a comparison is, and those that serve several fields."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from c360.matching.column import Column, Ints
from c360.matching.records import Records
from c360.matching.threads import MANY, WORKERS

Levels = NDArray[np.int8]
Compare = Callable[[Records, Ints, Ints], Levels]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field with its levels: what to expect of duplicates before anything is learned (``match``), how many of them
    may differ at most (``most_else``), the column whose values' frequency counts (``rarity``)."""

    name: str
    levels: tuple[str, ...]
    match: tuple[float, ...]
    compare: Compare
    rarity: str = ""
    most_else: float = 1.0

    @property
    def prior(self) -> NDArray[np.float64]:
        """The expected shares of the levels among duplicates."""
        shares = np.array(self.match, float)
        return shares / shares.sum()


def equal(a: NDArray, b: NDArray, last: int) -> Levels:
    """Return 0 for equal codes, the last level for others and -1 where one is missing."""
    return np.where((a < 0) | (b < 0), -1, np.where(a == b, 0, last)).astype(np.int8)


def paired(
    left: Sequence[str], right: Sequence[str], scorer: Any, cutoff: float | None = None, kind: Any = np.float32
) -> NDArray[Any]:
    """Return what a scorer of rapidfuzz says of each pair of texts."""
    workers = WORKERS if len(left) > MANY else 1
    return process.cpdist(left, right, scorer=scorer, workers=workers, dtype=kind, score_cutoff=cutoff)


def alike(column: Column, a: NDArray, b: NDArray, scorer: Any, cutoff: float | None = None) -> NDArray[np.float32]:
    """Return how alike the values of codes are, pair by pair."""
    return paired(column.values[a].tolist(), column.values[b].tolist(), scorer, cutoff)


def jaro(column: Column, a: NDArray, b: NDArray, cutoff: float | None = None) -> NDArray[np.float32]:
    """Return the Jaro-Winkler likeness of the values of codes."""
    return alike(column, a, b, JaroWinkler.normalized_similarity, cutoff)


def exact(name: str) -> Compare:
    """Compare by equality: same or different."""

    def compare(records: Records, i: Ints, j: Ints) -> Levels:
        codes = records.codes(name)
        return equal(codes[i], codes[j], 1)

    return compare


def optional(name: str) -> Compare:
    """Compare what many leave out: same, only one has it, different."""

    def compare(records: Records, i: Ints, j: Ints) -> Levels:
        codes = records.codes(name)
        a, b = codes[i], codes[j]
        found = np.where((a < 0) & (b < 0), -1, np.where((a < 0) | (b < 0), 1, np.where(a == b, 0, 2)))
        return found.astype(np.int8)

    return compare


def fuzzy(name: str, least: float) -> Compare:
    """Compare words: same, alike, different."""
    return _near(name, lambda column, a, b: jaro(column, a, b) >= least)


def code(name: str) -> Compare:
    """Compare issued numbers: same, one slip apart, different."""
    return _near(name, lambda column, a, b: alike(column, a, b, OSA.distance) <= 1)


def _near(name: str, near: Callable[[Column, NDArray, NDArray], NDArray[np.bool_]]) -> Compare:
    """Compare by equality and, where two values differ, by whether they are near each other."""

    def compare(records: Records, i: Ints, j: Ints) -> Levels:
        column = records[name]
        a, b = column.codes[i], column.codes[j]
        levels = equal(a, b, 2)
        rest = np.flatnonzero(levels == 2)
        if len(rest):
            levels[rest[near(column, a[rest], b[rest])]] = 1
        return levels

    return compare
