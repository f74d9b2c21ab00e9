"""What administrators may set of the search for duplicates: what can be compared, what it is worth, what fits."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlmodel import Session

from c360.core.errors import Invalid
from c360.matching import generic
from c360.matching.readings import OFFERED
from c360.matching.rule import MOST_CONDITIONS, Rule
from c360.query.criteria import from_json
from c360.services import names, settings
from c360.services.duplicates import rules, scoping, sources, telling, weighing
from c360.services.duplicates.rules import Rules
from c360.services.uow import UnitOfWork

MOST_RULES, LONGEST_NAME, MOST_HOURS = 20, 100, 24 * 31
NAMES = frozenset({"given", "family", "name", "legal_form"})
"""Comparisons nobody can do without."""
LEAST = 0.05
MOST_VALUES, LONGEST_VALUE = 500, 200
"""Values of one field that never count."""


@dataclass(slots=True)
class Level:
    """A level of a comparison, as a condition names it."""

    value: str
    label: str


@dataclass(slots=True)
class Compared:
    """A field that is compared: how alike it can be, and what that is worth; ``fixed`` ones always are.

    ``times`` is how many times as much as learned it counts, ``reading`` how its text is read, "" as usual, out of
    ``readings``.
    """

    name: str
    label: str
    how: str
    same: float
    different: float
    on: bool
    fixed: bool
    times: str = "1"
    levels: list[Level] = field(default_factory=list)
    reading: str = ""
    readings: list[Level] = field(default_factory=list)


@dataclass(slots=True)
class Never:
    """The values of a field that never count, a line each; ``unread`` are those no record's value can equal."""

    name: str
    label: str
    typed: str = ""
    count: int = 0
    unread: str = ""


def comparisons(entity: str) -> list[Any]:
    """Return what customers of a kind are compared by."""
    read = {part for name in sources.COLUMNS[entity] for part in sources.compared(name)}
    known = weighing.engine("comparison.fields").known_comparisons(entity)
    return [one for one in known if one.name in read]


def compared(
    uow: UnitOfWork,
    entity: str,
    without: Sequence[str],
    weights: Mapping[str, float] = rules.AS_LEARNED,
    readings: Mapping[str, str] = rules.AS_USUAL,
) -> list[Compared]:
    """Return what is compared with what it is worth, in bits: as the last whole search learned, times its weight.

    Before the first search that is 0.
    """
    language = uow.actor.language
    model = (weighing.learned(uow.session, entity) or (None,))[0]
    found = []
    for one in comparisons(entity):
        label = telling.text(language, f"duplicate.field.{one.name}")
        times = weights.get(one.name, 1.0)
        same, different = (round(bits * times, 1) for bits in weighing.worth(model, one.name))
        levels = [
            Level(f"{one.name}:{place}", telling.say(one.name, level, language))
            for place, level in enumerate(one.levels[:-1])
        ]
        how = telling.text(language, f"duplicate.how.{one.name}")
        on = one.name not in without
        label = label[:1].upper() + label[1:]
        read = [Level(said, telling.text(language, f"admin.dups.read.{said}")) for said in OFFERED.get(one.name, ())]
        found.append(Compared(one.name, label, how, same, different, on, one.name in NAMES, f"{times:g}", levels,
                              readings.get(one.name, ""), read))  # fmt: skip
    return found


def never(uow: UnitOfWork, entity: str, kept: Mapping[str, Sequence[str]]) -> list[Never]:
    """Return every field that may have values that never count, with those it has."""
    own, found = uow.fields(entity), []
    for column in generic.READ:
        if column in sources.COLUMNS[entity] and column in own:
            values = kept.get(column, ())
            unread = [one for one in values if not _reads(column, one)]
            label = names.field_label(entity, own[column], uow.actor.language)
            found.append(Never(column, label, "\n".join(values), len(values), ", ".join(unread)))
    return found


def lines(column: str, typed: str) -> list[str]:
    """Return the values typed a line each, without those that say the same as one before."""
    values = filter(None, map(str.strip, typed.splitlines()))
    found: dict[str, str] = {}
    for one in values:
        found.setdefault(generic.read(column, one) or one, one)
    return list(found.values())


def _reads(column: str, typed: str) -> bool:
    return len(typed) <= LONGEST_VALUE and generic.read(column, typed) != ""


def checked(session: Session, value: Any) -> dict[str, dict[str, Any]]:
    """Return rules by kind of customer as they are kept; ``ValueError`` names what does not fit.

    A kind that is not named stays as it is; one without anything goes back to what was shipped.
    """
    named = settings.by_kind(value)
    kept = {entity: dict(told) for entity, told in settings.read(session).duplicates.items() if entity not in named}
    return kept | {
        entity: asdict(_scoped(session, entity, draft(entity, told))) for entity, told in named.items() if told
    }


def _scoped(session: Session, entity: str, found: Rules) -> Rules:
    """Return rules with the scopes as they are kept; ``ValueError`` when one cannot be asked."""
    made = (replace(one, scope=scoping.checked(session, entity, one.scope)) for one in found.rules)
    return replace(found, rules=tuple(made))


def draft(entity: str, told: Mapping[str, Any]) -> Rules:
    """Return rules from plain values; ``ValueError`` names what does not fit. Scopes are taken as they are."""
    plain = dict(told)
    levels = {one.name: len(one.levels) for one in comparisons(entity)}
    made = tuple(_rule(one, levels) for one in plain.pop("rules")) if "rules" in plain else rules.SHIPPED[entity]
    without = tuple(dict.fromkeys(plain.pop("without", ())))
    if len(made) > MOST_RULES or set(plain) - set(Rules.__dataclass_fields__) or set(without) - (set(levels) - NAMES):
        raise ValueError("setting.bad")
    weights = dict(plain.pop("weights", {}))
    if set(weights) - set(levels) or not all(times in rules.TIMES for times in weights.values()):
        raise ValueError("duplicate.rules.weights")
    readings = {name: said for name, said in dict(plain.pop("readings", {})).items() if said}
    if set(readings) - set(levels) or not all(said in OFFERED.get(name, ()) for name, said in readings.items()):
        raise ValueError("duplicate.rules.readings")
    generic_values = {column: tuple(values) for column, values in plain.pop("generic", {}).items()}
    for column, values in generic_values.items():
        if column not in generic.READ or column not in sources.COLUMNS[entity] or len(values) > MOST_VALUES:
            raise ValueError("duplicate.rules.values")
        if not all(isinstance(one, str) and _reads(column, one) for one in values):
            raise ValueError("duplicate.rules.unread")
    bounds = {door: (float(ask), float(sure)) for door, (ask, sure) in plain.pop("bounds", {}).items()}
    if set(bounds) - set(rules.OWN):
        raise ValueError("setting.bad")
    found = Rules(
        **plain,
        without=without,
        weights={name: float(n) for name, n in weights.items() if n != 1},
        readings=readings,
        generic=generic_values,
        rules=made,
        bounds=bounds,
    )
    if not (isinstance(found.every, int) and 0 <= found.every <= MOST_HOURS):
        raise ValueError("duplicate.rules.every")
    if not all(LEAST <= ask <= sure <= 1 for ask, sure in ((found.ask, found.sure), *bounds.values())):
        raise ValueError("duplicate.rules.thresholds")
    if not all(getattr(found, door) in reactions for door, reactions in rules.DOORS.items()):
        raise ValueError("setting.bad")
    return found


def _rule(told: Mapping[str, Any], levels: Mapping[str, int]) -> Rule:
    rule = Rule(**{**told, "shut": tuple(dict.fromkeys(told.get("shut", ())))})
    if not rule.name.strip() or len(rule.name) > LONGEST_NAME:
        raise ValueError("duplicate.rules.name")
    fit = all(isinstance(n, int) and 0 <= n < levels.get(name, 0) - 1 for name, n in rule.levels.items())
    if set(rule.shut) - set(rules.DOORS):
        raise ValueError("setting.bad")
    if not fit or not 1 <= len(rule.levels) <= MOST_CONDITIONS:
        raise ValueError("duplicate.rules.conditions")
    return replace(rule, name=rule.name.strip(), levels=dict(rule.levels), active=bool(rule.active))


def said(rule: Rule, entity: str, language: str) -> str:
    """Return the conditions of a rule as a sentence."""
    names = {one.name: one.levels for one in comparisons(entity)}
    parts = [telling.say(name, names[name][n], language) for name, n in rule.levels.items() if name in names]
    return telling.text(language, "duplicate.and").join(parts)


def scope(uow: UnitOfWork, entity: str, told: Any) -> dict[str, Any] | None:
    """Return a scope as a rule keeps it; ``ValueError`` when it cannot be asked, or not by this actor."""
    kept = scoping.checked(uow.session, entity, told)
    try:
        uow.where(entity, from_json(kept))
    except Invalid as error:
        raise ValueError("duplicate.rules.scope") from error
    return kept
