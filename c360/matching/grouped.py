"""The answer in rows: who belongs together, and by which pairs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from c360.matching import guards
from c360.matching.blocking import Pairs
from c360.matching.column import Ints
from c360.matching.engine import Compared
from c360.matching.evidence import Explanation
from c360.matching.explanation import explain
from c360.matching.guards import Household

LISTED = 60
"""Groups of more rows are told as pairs with their first row only: the same group, without a pair for every two."""
BATCH = 50_000


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows of a group and why; two that only others tie have the weakest link of the way, and a row on it."""

    left: int
    right: int
    why: Explanation
    through: int | None = None


@dataclass(frozen=True, slots=True)
class _Way:
    """How two records of a group are tied: the place of the (weakest) link, and the records it leads over."""

    link: int
    over: tuple[int, ...] = ()


def groups(compared: Compared) -> list[list[int]]:
    """Return the rows of every group of two and more, in the order of their first rows."""
    label = _row_labels(compared)
    shared = np.flatnonzero(np.bincount(label)[label] > 1) if len(label) else label
    rows = shared[np.argsort(label[shared], kind="stable")]
    begins = np.flatnonzero(np.diff(label[rows])) + 1
    listed = rows.tolist()
    return sorted(listed[begin:end] for begin, end in pairwise([0, *begins.tolist(), len(listed)]) if end > begin)


def households(compared: Compared) -> Iterator[Household]:
    """Walk the pairs of rows that are two people of one household and in no group together."""
    pairs, group, first = compared.pairs, compared.grouping.group, compared.prepared.collapsed.first
    apart = group[pairs.left] != group[pairs.right]
    homes = guards.households(compared.prepared.records, pairs, compared.scores, compared.levels, compared.fields)
    found = np.flatnonzero(apart & homes)
    for place in found.tolist():
        left, right = (int(first[side[place]]) for side in (pairs.left, pairs.right))
        yield Household(left, right, guards.reasons(compared.levels[place], compared.fields))


def _row_labels(compared: Compared) -> Ints:
    """Return the group of each row; copies of a record that says too little stay alone."""
    collapsed, pairs = compared.prepared.collapsed, compared.pairs
    label = compared.grouping.group[collapsed.record]
    poor = collapsed.times > 1
    equal = pairs.left[(pairs.left == pairs.right) & (compared.scores.odds > compared.least)]
    poor[equal] = False
    rows = np.arange(len(label))
    alone = poor[collapsed.record] & (collapsed.first[collapsed.record] != rows)
    return np.where(alone, len(label) + rows, label)


def pairs(compared: Compared) -> Iterator[Pair]:
    """Walk the pairs of all groups, by their rows."""
    links = _links(compared)
    record, first = compared.prepared.collapsed.record, compared.prepared.collapsed.first
    batch: list[tuple[int, int, _Way]] = []
    for members in groups(compared):
        group = int(compared.grouping.group[record[members[0]]])
        ways = _ways(compared, links[group], set(record[members].tolist()))
        firsts = members if len(members) <= LISTED else members[:1]
        for at, left in enumerate(firsts):
            for right in members[at + 1 :]:
                one, other = int(record[left]), int(record[right])
                batch.append((left, right, ways[min(one, other), max(one, other)]))
        if len(batch) >= BATCH:
            yield from _told(compared, batch, first)
            batch = []
    yield from _told(compared, batch, first)


class _Links(dict[int, list[int]]):
    """The places of the links of each group, strongest first."""

    def __missing__(self, group: int) -> list[int]:
        return []


def _links(compared: Compared) -> _Links:
    group, pairs, odds = compared.grouping.group, compared.pairs, compared.scores.odds
    inner = np.flatnonzero((group[pairs.left] == group[pairs.right]) & (odds > compared.least))
    label = group[pairs.left[inner]]
    order = np.lexsort((inner, -odds[inner], label))
    inner, label = inner[order], label[order]
    begins = np.flatnonzero(np.diff(label)) + 1
    parts = np.split(inner, begins) if len(inner) else []
    return _Links((int(group[pairs.left[part[0]]]), part.tolist()) for part in parts)


def _ways(compared: Compared, links: Sequence[int], members: set[int]) -> dict[tuple[int, int], _Way]:
    """Return for every two records of a group how they are tied; parts grow together by the strongest links first."""
    left, right = compared.pairs.left, compared.pairs.right
    ways: dict[tuple[int, int], _Way] = {}
    parts = {record: [record] for record in members}
    for link in links:
        one, other = int(left[link]), int(right[link])
        if one == other:
            ways[one, one] = _Way(link)
            continue
        a, b = parts[one], parts[other]
        if a is not b:
            for p in a:
                for q in b:
                    over = tuple(record for record in (one, other) if record not in (p, q))
                    ways[min(p, q), max(p, q)] = _Way(link, over)
            a += b
            for record in b:
                parts[record] = a
        ways[min(one, other), max(one, other)] = _Way(link)
    return ways


def _told(compared: Compared, batch: list[tuple[int, int, _Way]], first: Ints) -> Iterator[Pair]:
    """Give a batch of pairs with their explanations."""
    places = np.unique(np.array([way.link for _, _, way in batch], np.int64))
    some = Pairs(compared.pairs.left[places], compared.pairs.right[places])
    told = explain(
        compared.model, compared.prepared.records, some, compared.levels[places], compared.scores.odds[places],
        compared.fields,
    )  # fmt: skip
    by_place = dict(zip(places.tolist(), told, strict=True))
    for left, right, way in batch:
        yield Pair(left, right, by_place[way.link], int(first[way.over[0]]) if way.over else None)
