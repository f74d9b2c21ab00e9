"""Who belongs together: groups that can refuse a link, so that one wrong pair does not melt two people into one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from c360.matching.blocking import Pairs
from c360.matching.column import Ints

LARGEST = 150
CUTS = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 12.0, 1e9)
CLIPPED = 12.0
UNSEEN = -1.0
"""What a pair that shares no key counts against two groups becoming one."""


@dataclass(frozen=True, eq=False)
class Grouping:
    """The group of each record, numbered from 0 by their first records."""

    group: Ints


def group(
    size: int, pairs: Pairs, odds: NDArray[np.float32], least: float = 0.0, apart: Ints | None = None
) -> Grouping:
    """Return groups of records linked by pairs above ``least``; ``apart`` are places of pairs that must not meet."""
    real = pairs.left != pairs.right
    left, right, worth = pairs.left[real], pairs.right[real], odds[real].astype(np.float64)
    if apart is not None and len(apart):
        refused = np.zeros(len(pairs), bool)
        refused[apart] = True
        worth = np.where(refused[real], -np.inf, worth)
    label = _components(size, left, right, worth, least)
    count = np.bincount(label, minlength=1)
    label = _relinked(label, count, left, right, worth, least)
    return Grouping(_numbered(label))


def linked(size: int, links: Sequence[tuple[int, int, float]], apart: Sequence[tuple[int, int]] = ()) -> list[int]:
    """Return the group of each record, from links with their scores and from pairs that must not meet."""
    every = [*links, *((one, other, 0.5) for one, other in apart)]
    sides = np.array([(min(one, other), max(one, other)) for one, other, _ in every], np.int32).reshape(-1, 2)
    shares = np.clip(np.array([score for _, _, score in every]), 1e-9, 1 - 1e-9)
    odds = np.log(shares / (1 - shares)).astype(np.float32)
    refused = np.arange(len(links), len(every), dtype=np.int64)
    # What was kept is a link, however little it says.
    least = float(odds.min(initial=0.0)) - 1
    return group(size, Pairs(sides[:, 0], sides[:, 1]), odds, least, refused).group.tolist()


def _components(size: int, left: NDArray, right: NDArray, worth: NDArray, least: float) -> Ints:
    """Return connected components; one that is too large to re-link is cut at rising thresholds first."""
    linked = worth > least
    label = np.arange(size, dtype=np.int64)
    for cut in (least, *(cut for cut in CUTS if cut > least)):
        edges = (np.ones(int(linked.sum()), np.int8), (left[linked], right[linked]))
        label = connected_components(coo_matrix(edges, shape=(size, size)), directed=False)[1].astype(np.int64)
        count = np.bincount(label, minlength=1)
        if count.max(initial=0) <= LARGEST:
            break
        linked &= ~((count[label[left]] > LARGEST) & (worth <= cut))
    return label


def _relinked(label: Ints, count: Ints, left: NDArray, right: NDArray, worth: NDArray, least: float) -> Ints:
    """Link components of three and more anew, best pair first; two parts join only if they fit as a whole."""
    found = label.copy()
    inner = np.flatnonzero((label[left] == label[right]) & (count[label[left]] > 2)) if len(left) else np.empty(0, int)
    of = label[left[inner]]
    weak = np.bincount(of[worth[inner] <= least], minlength=len(count))
    # Where every pair is a link there is nothing to decide.
    whole = (weak == 0) & (2 * np.bincount(of, minlength=len(count)) == count * (count - 1))
    inner = inner[~whole[of]]
    if not len(inner):
        return found
    inner = inner[np.lexsort((right[inner], left[inner], -worth[inner], label[left[inner]]))]
    begins = np.flatnonzero(np.append(True, np.diff(label[left[inner]]) != 0)).tolist()
    lefts, rights = left[inner].tolist(), right[inner].tolist()
    worths = np.clip(worth[inner], -1e6, CLIPPED).tolist()
    following = len(label)
    for begin, end in pairwise([*begins, len(inner)]):
        for part in _agglomerated(lefts[begin:end], rights[begin:end], worths[begin:end], least):
            found[part] = following
            following += 1
    return found


def _agglomerated(a: list[int], b: list[int], odds: list[float], least: float) -> list[list[int]]:
    known = {(x, y): worth for x, y, worth in zip(a, b, odds, strict=True)}
    of = {record: record for record in (*a, *b)}
    parts: dict[int, list[int]] = {record: [record] for record in of}
    # A pair on record that refuses counts in full, one without a key in common a little.
    for x, y, worth in zip(a, b, odds, strict=True):
        if worth <= least:
            break
        one, other = of[x], of[y]
        if one == other:
            continue
        fit = sum(
            max(known.get((p, q) if p < q else (q, p), UNSEEN), -CLIPPED) for p in parts[one] for q in parts[other]
        )
        if fit < 0 or any(
            known.get((p, q) if p < q else (q, p), 0.0) <= -1e6 for p in parts[one] for q in parts[other]
        ):
            continue
        if len(parts[one]) < len(parts[other]):
            one, other = other, one
        for record in parts[other]:
            of[record] = one
        parts[one] += parts.pop(other)
    return list(parts.values())


def _numbered(label: Ints) -> Ints:
    """Return labels numbered by the first record that carries each."""
    _, first, back = np.unique(label, return_index=True, return_inverse=True)
    place = np.empty(len(first), np.int64)
    place[np.argsort(first, kind="stable")] = np.arange(len(first))
    return place[back]


def bridges(members: list[int], links: dict[tuple[int, int], float]) -> list[tuple[int, int]]:
    """Return the weak bridges of a group: links without which it falls into two parts of two records and more."""
    near: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in links:
        near[one].add(other)
        near[other].add(one)
    found = []
    for one, other in sorted(links, key=lambda pair: (links[pair], pair)):
        reached, open_ = {one}, [one]
        while open_:
            here = open_.pop()
            for there in near[here]:
                if {here, there} != {one, other} and there not in reached:
                    reached.add(there)
                    open_.append(there)
        if other not in reached and 2 <= len(reached) <= len(members) - 2:
            found.append((one, other))
    return found
