"""Which pairs are worth a look: records that share one of many keys. Sorted keys against themselves, no join."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from c360.matching.column import Ints

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
    found = [twins * size + twins]
    for one in passes:
        found.append(_within(one, size, order))
    every = np.concatenate(found)
    every.sort()  # np.unique hashes first, which takes several times as long.
    every = every[np.append(True, every[1:] != every[:-1])[: len(every)]]
    return Pairs((every // size).astype(np.int32), (every % size).astype(np.int32))


def _within(one: Pass, size: int, order: NDArray | None) -> Ints:
    rows = np.flatnonzero(one.keys >= 0)
    if len(rows) < 2:
        return np.empty(0, np.int64)
    keys = one.keys[rows]
    sort = np.argsort(keys, kind="stable") if order is None else np.lexsort((order[rows], keys))
    rows, keys = rows[sort], keys[sort]
    begins = np.append(True, keys[1:] != keys[:-1])
    block = np.cumsum(begins) - 1
    length = np.bincount(block)[block]
    useful = (length > 1) & (length <= one.most) if one.most else length > 1
    rows, keys, length = rows[useful], keys[useful], length[useful]
    window = min(cap(size), int(length.max(initial=0)))
    found = []
    for step in range(1, window):
        same = keys[step:] == keys[:-step]
        if not same.any():
            break
        a, b = rows[:-step][same].astype(np.int64), rows[step:][same].astype(np.int64)
        found.append(np.minimum(a, b) * size + np.maximum(a, b))
    return np.concatenate(found) if found else np.empty(0, np.int64)
