"""What review answers add to the scores: a part of what a search learned, kept and used with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from c360.matching.comparison.base import Comparison, Levels


@dataclass(frozen=True, slots=True)
class Correction:
    """What is added to the log-odds: something to all, and to each level of each field, the unknown one first."""

    constant: float
    levels: Mapping[str, Sequence[float]]

    def added(self, levels: Levels, fields: Sequence[Comparison]) -> NDArray[np.float64]:
        """Return what each pair's log-odds gain."""
        found = np.full(len(levels), self.constant)
        for k, one in enumerate(fields):
            if one.name in self.levels:
                found += np.array(self.levels[one.name])[levels[:, k] + 1]
        return found

    def to_json(self) -> dict[str, Any]:
        """Return the correction as plain values."""
        return {"constant": self.constant, "levels": {name: list(some) for name, some in self.levels.items()}}


def from_json(told: Mapping[str, Any] | None) -> Correction | None:
    """Return a correction that was kept; None when there is none."""
    return Correction(told["constant"], told["levels"]) if told else None
