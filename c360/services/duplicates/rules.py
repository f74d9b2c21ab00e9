"""How duplicates are looked for: thresholds, doors, how often, what is left out, and rules people make."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

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
        Rule("Website and name", {"website": 0, "name": 3}),
    ),
}
"""Rules there are before an administrator makes his own."""


@dataclass(frozen=True, slots=True)
class Rules:
    """From which score on a pair is looked at and is sure, the doors that are open, hours between two scans.

    ``without`` names comparisons that are left out; a pair that meets any of the ``rules`` is looked at.
    """

    ask: float = 0.5
    sure: float = 0.98
    typing: bool = True
    save: bool = True
    imports: bool = True
    every: int = 24
    without: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()

    def at(self, door: str) -> "Rules":
        """Return these rules as they hold at a door: on save only those that check there."""
        return replace(self, rules=tuple(one for one in self.rules if one.on_save)) if door == "save" else self

    def band(self, score: float) -> str:
        """Return what a score means: ``sure``, to be looked at (``ask``), or ``ignore``."""
        return "sure" if score >= self.sure else "ask" if score >= self.ask else "ignore"


def of(session: Session, entity: str) -> Rules:
    """Return the rules of a kind of customer as they are now."""
    kept = dict(settings.read(session).duplicates.get(entity, {}))
    made = tuple(Rule(**one) for one in kept.pop("rules")) if "rules" in kept else SHIPPED[entity]
    return Rules(**{**kept, "without": tuple(kept.get("without", ()))}, rules=made)
