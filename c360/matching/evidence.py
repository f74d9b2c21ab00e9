"""What speaks for and against two records being one: bars that add up to a score; plain values, no arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

START, RIVAL, ANSWERS, GUARD = "start", "rival", "answers", "guard"
"""Bars that belong to no field: how rare duplicates are at all, what else the pair may be, what review answers taught,
what never is sure."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What one field says, in bits: above 0 for the same person, below against it."""

    field: str
    level: str
    bits: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score and the bars it is the sum of; ``rival`` is the likeliest other thing the pair may be."""

    score: float
    bars: tuple[Bar, ...]
    rival: str
    objections: tuple[str, ...]

    @property
    def bits(self) -> float:
        """The sum of the bars: the log-odds to the base of two."""
        return sum(bar.bits for bar in self.bars)

    @property
    def fields(self) -> tuple[Bar, ...]:
        """The bars of fields, without those that belong to none."""
        return tuple(bar for bar in self.bars if bar.field not in (START, RIVAL, ANSWERS, GUARD))

    def to_json(self) -> dict[str, Any]:
        """Return the explanation as plain values, to be kept with the pair."""
        bars = [[bar.field, bar.level, bar.bits] for bar in self.bars]
        return {"score": self.score, "bars": bars, "rival": self.rival, "objections": list(self.objections)}


def from_json(told: dict[str, Any]) -> Explanation:
    """Return an explanation that was kept."""
    bars: Sequence[Sequence[Any]] = told["bars"]
    return Explanation(
        told["score"], tuple(Bar(field, level, bits) for field, level, bits in bars), told["rival"],
        tuple(told["objections"]),
    )  # fmt: skip
