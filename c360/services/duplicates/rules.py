"""How duplicates are looked for: thresholds, what happens at each door, how often, and rules people make."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlmodel import Session

from c360.matching.rule import Rule
from c360.services import settings

SHIPPED: Mapping[str, tuple[Rule, ...]] = {
    "contact": (
        Rule("E-mail and name", {"email": 0, "given": 3, "family": 2}),
        Rule("Name and birth date", {"given": 1, "family": 1, "birth_date": 0}),
    ),
    "account": (
        Rule("Tax number and name", {"tax_number": 0, "name": 5}),
        # Branches of one company share its website and name: what tells them apart is the place.
        Rule("Website, name and street", {"website": 0, "name": 3, "address": 2}),
    ),
}
"""Rules there are before an administrator makes his own."""
OFF, WARN, BLOCK, QUEUE, LINK = "off", "warn", "block", "queue", "link"
DOORS: Mapping[str, tuple[str, ...]] = {
    "typing": (OFF, WARN), "save": (OFF, WARN, BLOCK, QUEUE), "imports": (OFF, QUEUE, LINK, BLOCK),
    "api": (OFF, WARN, BLOCK, QUEUE, LINK), "scan": (OFF, QUEUE),
}  # fmt: skip
"""What may happen at each door to a record that looks like another: nothing, who it may be is shown, what is sure is
refused unless somebody says why, it is let in and a search puts what is alike into the queue, or what is sure is no
second record but fills what the one that is there lacks. A scan that is off does not run by itself."""
OWN = tuple(door for door in DOORS if door != "scan")
"""The doors that may have bounds of their own; those of the scan are the common ones, by which the queue is kept."""
NO_BOUNDS: Mapping[str, tuple[float, float]] = {}
AS_USUAL: Mapping[str, str] = {}
NO_VALUES: Mapping[str, tuple[str, ...]] = {}
AS_LEARNED: Mapping[str, float] = {}
TIMES = (0.5, 1.0, 1.5, 2.0)
"""How many times as much as learned a field may count."""


@dataclass(frozen=True, slots=True)
class Rules:
    """From which score on a pair is looked at and is sure, what each door does, hours between two scans.

    ``bounds`` are the two scores of a door that has its own. ``without`` names comparisons that are left out,
    ``weights`` those that count so many times as much as learned, ``readings`` those whose text is read another way
    than usual (``c360.matching.readings``), ``generic`` values that never count, by column; a pair that meets any of
    the ``rules`` asked at a door is looked at.
    """

    ask: float = 0.5
    sure: float = 0.98
    typing: str = WARN
    save: str = WARN
    imports: str = QUEUE
    api: str = BLOCK
    scan: str = QUEUE
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=lambda: NO_BOUNDS)
    every: int = 24
    without: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=lambda: AS_LEARNED)
    readings: Mapping[str, str] = field(default_factory=lambda: AS_USUAL)
    generic: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NO_VALUES)
    rules: tuple[Rule, ...] = ()

    def at(self, door: str) -> "Rules":
        """Return these rules as they hold at a door: by its own bounds, with the rules that are asked there."""
        ask, sure = self.bounds.get(door, (self.ask, self.sure))
        return replace(self, ask=ask, sure=sure, rules=tuple(one for one in self.rules if door not in one.shut))

    def reaction(self, door: str, score: float = 1.0) -> str:
        """Return what happens at a door to a record that is so likely another one."""
        chosen = getattr(self, door) if score >= self.ask else OFF
        if score >= self.sure or chosen not in (BLOCK, LINK):
            return chosen
        return WARN if chosen == BLOCK and WARN in DOORS[door] else QUEUE

    def band(self, score: float) -> str:
        """Return what a score means: ``sure``, to be looked at (``ask``), or ``ignore``."""
        return "sure" if score >= self.sure else "ask" if score >= self.ask else "ignore"


def of(session: Session, entity: str) -> Rules:
    """Return the rules of a kind of customer as they are now."""
    kept = dict(settings.read(session).duplicates.get(entity, {}))
    made = tuple(_rule(one) for one in kept.pop("rules")) if "rules" in kept else SHIPPED[entity]
    doors: dict[str, Any] = {door: _reaction(door, kept[door]) for door in DOORS if door in kept}
    doors["bounds"] = {door: (ask, sure) for door, (ask, sure) in kept.get("bounds", {}).items()}
    doors["generic"] = {column: tuple(values) for column, values in kept.get("generic", {}).items()}
    return Rules(**{**kept, **doors, "without": tuple(kept.get("without", ()))}, rules=made)


def _rule(kept: Mapping[str, Any]) -> Rule:
    """Return a rule; before doors could be chosen it was kept whether it is asked where somebody saves."""
    told = dict(kept)
    shut = tuple(told.pop("shut", ())) if told.pop("on_save", True) else ("save", "api")
    return Rule(**told, shut=shut)


def _reaction(door: str, kept: Any) -> str:
    """Return what happens at a door; before that could be chosen it was kept whether the door is open."""
    return kept if isinstance(kept, str) else getattr(Rules(), door) if kept else OFF
