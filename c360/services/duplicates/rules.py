"""How duplicates are looked for: thresholds, doors, how often, and the rules administrators make."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session

from c360.matching.rule import MOST_CONDITIONS, Rule
from c360.services import settings

MOST_RULES, LONGEST_NAME, MOST_HOURS = 20, 100, 24 * 31


@dataclass(frozen=True, slots=True)
class Rules:
    """From which score on a pair is looked at and is sure, the doors that are open, hours between two scans."""

    ask: float = 0.5
    sure: float = 0.98
    typing: bool = True
    save: bool = True
    imports: bool = True
    every: int = 24
    rules: tuple[Rule, ...] = ()


def of(session: Session, entity: str) -> Rules:
    """Return the rules of a kind of customer as they are now."""
    kept = dict(settings.read(session).duplicates.get(entity, {}))
    made = tuple(Rule(**one) for one in kept.pop("rules", ()))
    return Rules(**kept, rules=made)


def checked(value: Any) -> dict[str, dict[str, Any]]:
    """Return rules by kind of customer as they are kept; ``ValueError`` names what does not fit."""
    if not isinstance(value, Mapping) or set(value) - set(settings.KINDS):
        raise ValueError("setting.bad")
    return {entity: _checked(dict(told)) for entity, told in value.items()}


def _checked(told: dict[str, Any]) -> dict[str, Any]:
    rules = tuple(_rule(one) for one in told.pop("rules", ()))
    if len(rules) > MOST_RULES or set(told) - set(Rules.__dataclass_fields__):
        raise ValueError("setting.bad")
    found = Rules(**told, rules=rules)
    if not (isinstance(found.every, int) and 0 <= found.every <= MOST_HOURS):
        raise ValueError("duplicate.rules.every")
    if not 0.05 <= found.ask <= found.sure <= 1:
        raise ValueError("duplicate.rules.thresholds")
    if not all(isinstance(on, bool) for on in (found.typing, found.save, found.imports)):
        raise ValueError("setting.bad")
    return asdict(found) | {"rules": [asdict(rule) for rule in rules]}


def _rule(told: Mapping[str, Any]) -> Rule:
    rule = Rule(**told)
    if not rule.name.strip() or len(rule.name) > LONGEST_NAME:
        raise ValueError("duplicate.rules.name")
    if not 1 <= len(rule.levels) <= MOST_CONDITIONS or any(
        not isinstance(n, int) or n < 0 for n in rule.levels.values()
    ):
        raise ValueError("duplicate.rules.conditions")
    return Rule(rule.name.strip(), dict(rule.levels), bool(rule.active), bool(rule.on_save))
