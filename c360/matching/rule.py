"""A rule people make: fields that must agree, each at least so well, for two records to be looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_CONDITIONS = 6
WORTH = 0.9
"""How likely a pair is held that a rule says is one, whatever else is known of it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions joined by "and": of each field the last level that still meets it, 0 being the same.

    ``shut`` names the doors it is not asked at. ``scope`` holds criteria both records must meet for it to hold, as JSON
    keeps them; whoever asks it knows who meets them.
    """

    name: str
    levels: Mapping[str, int]
    active: bool = True
    shut: tuple[str, ...] = ()
    scope: Mapping[str, Any] | None = None

    def meets(self, levels: Mapping[str, int]) -> bool:
        """Tell whether two records of which each field is on such a level meet every condition."""
        return all(levels.get(name, worst + 1) <= worst for name, worst in self.levels.items())


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule as it is asked of rows: of all of them, or of those said to be ``inside`` its scope, row by row."""

    rule: Rule
    inside: Sequence[bool] | None = None

    @property
    def holds(self) -> bool:
        """Whether it is asked of every row there is."""
        return self.inside is None or all(self.inside)


def everywhere(rules: Sequence[Rule]) -> list[Asked]:
    """Return rules asked of every row."""
    return [Asked(rule) for rule in rules]
