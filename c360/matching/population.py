"""How common values are among all records: what a comparison of two or of a few must know of the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from c360.matching.column import Column
from c360.matching.prepare import Prepared

COUNTED = (
    "given", "family", "birth_date", "identity_number", "birth_place", "occupation", "employer", "name", "website",
    "tax_number", "registration_number", "fax", "email", "phone", "address_extra",
)  # fmt: skip
"""Columns whose values' frequency counts."""
MOST, LEAST = 5_000, 3


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Of one column: how many records have a value, the commonest values, and how often any other one is there."""

    total: float
    common: Mapping[str, float]
    rest: float


@dataclass(frozen=True, slots=True)
class Population:
    """Of each column, how common its values are."""

    columns: Mapping[str, Frequencies]

    def times(self, name: str, values: NDArray[np.object_]) -> tuple[NDArray[np.float64], float]:
        """Return how often each of these values is there, and how many values there are in all."""
        known = self.columns.get(name, Frequencies(1.0, {}, 1.0))
        return np.array([known.common.get(value, known.rest) for value in values], float), known.total

    def to_json(self) -> dict[str, Any]:
        """Return the frequencies as plain values."""
        return {name: [one.total, one.rest, dict(one.common)] for name, one in self.columns.items()}


def from_json(told: Mapping[str, Any]) -> Population:
    """Return frequencies that were kept."""
    return Population({name: Frequencies(total, common, rest) for name, (total, rest, common) in told.items()})


def population(prepared: Prepared) -> Population:
    """Return how common the values of prepared records are, those that were dropped as too common included."""
    records = prepared.records
    found = {name: _of_column(records[name]) for name in COUNTED if name in records}
    if "word_times" in records.facts:
        words: Mapping[str, float] = records.facts["word_times"]
        found["word"] = _frequencies(list(words), np.array(list(words.values()), float), records["name"].counts.sum())
    for name, value, times in prepared.shared:
        if name in found:
            known = found[name]
            found[name] = Frequencies(known.total, {**known.common, value: float(times)}, known.rest)
    return Population(found)


def _of_column(column: Column) -> Frequencies:
    return _frequencies(column.values.tolist(), column.counts, column.counts.sum())


def _frequencies(values: list[Any], times: NDArray[np.float64], total: float) -> Frequencies:
    order = np.argsort(-times, kind="stable")[:MOST]
    kept = order[times[order] >= LEAST]
    common = {str(values[place]): float(times[place]) for place in kept.tolist()}
    others = max(int((times > 0).sum()) - len(kept), 1)
    rest = (float(times.sum()) - sum(common.values())) / others
    return Frequencies(float(max(total, 1)), common, max(round(rest, 3), 1.0))
