"""Which pairs are worth a look: records that share one of many keys. Sorted keys against themselves, no join."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from c360.matching.column import Ints
from c360.matching.threads import side_by_side

CAPS = ((30_000, 200), (200_000, 100))
LEAST_CAP = 40


@dataclass(frozen=True, eq=False)
class Pass:
    """One key of every record: its name, the fields that agree when it does, the most records a useful block has."""

    name: str
    keys: Ints
    fields: tuple[str, ...]
    most: int = 0


@dataclass(frozen=True, eq=False)
class Pairs:
    """Candidates: places of records, the left one before the right one, each pair once."""

    left: NDArray[np.int32]
    right: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.left)


def cap(size: int) -> int:
    """Return how many neighbours within a block a record is compared with."""
    return next((neighbours for most, neighbours in CAPS if size <= most), LEAST_CAP)


def candidates(passes: Sequence[Pass], size: int, order: NDArray | None, twins: Ints) -> Pairs:
    """Return the pairs that share a key of any pass; ``twins`` stand for several rows and are pairs of their own.

    In a block larger than the window the neighbours are those next in ``order``, as a rule by postal code.
    """
    near = np.arange(size) if order is None else np.argsort(order, kind="stable")
    every = np.concatenate([twins * size + twins, *side_by_side(lambda one: _within(one, near), passes, size)])
    every.sort()  # np.unique hashes first, which takes several times as long.
    every = every[np.append(True, every[1:] != every[:-1])[: len(every)]]
    return Pairs((every // size).astype(np.int32), (every % size).astype(np.int32))


def _within(one: Pass, near: Ints) -> Ints:
    """Return the pairs of a pass as numbers; ``near`` are all records, likely neighbours beside each other."""
    size, rows = len(near), near[one.keys[near] >= 0]
    if len(rows) < 2:
        return np.empty(0, np.int64)
    keys = one.keys[rows]
    sort = np.argsort(keys, kind="stable")
    rows, keys = rows[sort], keys[sort]
    same = keys[1:] == keys[:-1]
    shared = np.append(same, False) | np.append(False, same)
    rows, keys = rows[shared], keys[shared]
    if one.most:
        begins = np.append(True, keys[1:] != keys[:-1])[: len(keys)]
        length = np.diff(np.append(np.flatnonzero(begins), len(keys)))
        useful = np.repeat(length <= one.most, length)
        rows, keys = rows[useful], keys[useful]
    found, at = [], np.arange(len(keys))
    for step in range(1, cap(size)):
        # Whoever has no neighbour this far away has none farther.
        at = at[: np.searchsorted(at, len(keys) - step)]
        at = at[keys[at + step] == keys[at]]
        if not len(at):
            break
        a, b = rows[at], rows[at + step]
        found.append(np.minimum(a, b) * size + np.maximum(a, b))
    return np.concatenate(found) if found else np.empty(0, np.int64)
