"""A rule people make: fields that must agree, each at least so well, for two records to be looked at."""

from collections.abc import Mapping
from dataclasses import dataclass

MOST_CONDITIONS = 6
WORTH = 0.9
"""How likely a pair is held that a rule says is one, whatever else is known of it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions joined by "and": of each field the last level that still meets it, 0 being the same.

    ``shut`` names the doors it is not asked at.
    """

    name: str
    levels: Mapping[str, int]
    active: bool = True
    shut: tuple[str, ...] = ()

    def meets(self, levels: Mapping[str, int]) -> bool:
        """Tell whether two records of which each field is on such a level meet every condition."""
        return all(levels.get(name, worst + 1) <= worst for name, worst in self.levels.items())
