"""Records ready to compare: normalised columns, one row for all that are equal, in an order of their own."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from c360.matching.column import Column, Ints


class Times(Protocol):
    """What knows how common values are beyond the records at hand."""

    def times(self, name: str, values: NDArray[np.object_]) -> tuple[NDArray[np.float64], float]:
        """Return how often each of these values is there, and how many values there are in all."""
        ...


@dataclass(eq=False)
class Records:
    """Normalised columns by name, and what follows from them and is worth keeping (``facts``).

    A few records taken out of many say by ``known`` how common their values are among all.
    """

    size: int
    columns: dict[str, Column] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    known: Times | None = None

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def has(self, *names: str) -> bool:
        """Tell whether all these columns are there."""
        return all(name in self.columns for name in names)

    def times(self, name: str) -> tuple[NDArray[np.float64], float]:
        """Return how often each value of a column is there, and how many values there are in all."""
        column = self.columns[name]
        if self.known is not None:
            return self.known.times(name, column.values)
        return column.counts, float(column.counts.sum())

    def codes(self, name: str) -> NDArray:
        """Return the codes of a column; all missing when there is none."""
        return self.columns[name].codes if name in self.columns else np.full(self.size, -1, np.int32)


@dataclass(frozen=True, eq=False)
class Collapsed:
    """Equal rows taken as one: ``first[r]`` is a row of record ``r``, ``record[row]`` the record of a row."""

    first: Ints
    record: Ints
    times: Ints


def collapse(records: Records, sides: NDArray[np.uint64] | None = None) -> tuple[Records, Collapsed]:
    """Return one record for all rows of equal values; rows of unequal ``sides`` stay apart.

    Records come in the order of their values' fingerprints and so do the distinct values, so that nothing downstream
    depends on the order rows came in.
    """
    prints = np.zeros(records.size, np.uint64) if sides is None else sides * np.uint64(0xD6E8FEB86659FD93)
    for place, name in enumerate(sorted(records.columns)):
        odd = np.uint64(0x9E3779B97F4A7C15 + 2 * place)
        prints = (prints ^ records[name].prints) * odd
        prints ^= prints >> np.uint64(29)
    _, first, record, times = np.unique(prints, return_index=True, return_inverse=True, return_counts=True)
    columns = {name: column.canonical(first) for name, column in records.columns.items()}
    return Records(len(first), columns), Collapsed(first, record.astype(np.int64), times.astype(np.int64))
