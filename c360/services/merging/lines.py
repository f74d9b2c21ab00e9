"""The table's lines: which fields are chosen, which of them only together, what each offers, what was picked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from c360.core.actor import Verb
from c360.core.errors import Invalid, Message
from c360.models.contact_figures import ContactFigures
from c360.models.customer import NAMES
from c360.query.expressions import plain
from c360.registry.entity import Entity, FieldSpec
from c360.services import facts, fields, records, references
from c360.services.merging import mains, policy, strategies
from c360.services.merging.atoms import ATOMS
from c360.services.merging.people import People
from c360.services.merging.shapes import BY, CONFLICT, EQUAL, FILLED, OF, TYPED, Choices
from c360.services.merging.strategies import Told
from c360.services.provenance import Sources
from c360.services.uow import UnitOfWork

STRICT = "forbidden_media"
COUNTED = tuple(name for name in ContactFigures.model_fields)
CARRIED = ("code", "photo")
"""Fields no form sets that one record's value is picked for all the same."""
KEPT = frozenset(
    {"id", "kind", "created_at", "created_by_id", "updated_at", "updated_by_id", "archived_at", "custom", "tags",
     "folders", "city", "country", "age", "version", "completeness"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """One line: a field, or several as one."""

    name: str
    specs: tuple[FieldSpec, ...]
    locked: str = ""
    said: str = ""
    """The strategy an administrator gave the field."""

    @property
    def spec(self) -> FieldSpec:
        """Its first field."""
        return self.specs[0]

    @property
    def alone(self) -> bool:
        """Whether it is a single field that strategies and typing apply to."""
        return len(self.specs) == 1 and not self.locked and self.spec.name not in CARRIED


@dataclass(slots=True)
class Resolved:
    """The survivor's values, what was picked for each line, whose main address stays, who is the primary contact."""

    values: dict[str, Any] = field(default_factory=dict)
    picks: dict[str, str] = field(default_factory=dict)
    home: UUID | None = None
    contact: UUID | None = None


def units(uow: UnitOfWork, entity: Entity) -> list[Unit]:
    """Return the lines of this kind of customer as the actor may see them; what is partly hidden is not offered."""
    known = uow.fields(entity.key)
    every = fields.every(uow.session, entity)
    may = fields.writable(uow.session, entity, uow.actor)
    atoms = {name: parts for name, parts in ATOMS.items() if all(part in every for part in parts)}
    inside = {part: name for name, parts in atoms.items() for part in parts}
    found: dict[str, Unit] = {}
    said = policy.of(uow.session, entity.key).strategies
    for name, spec in known.items():
        made_of = entity.key == "contact" and name == "name"
        if name in KEPT or made_of or spec.source == "computed" or "merge" in spec.off:
            continue
        unit = inside.get(name, name)
        parts = tuple(every[part] for part in atoms.get(unit, (name,)))
        if unit in found or any(part.name not in known for part in parts):
            continue
        locked = ""
        if unit in COUNTED:
            locked = "merge.locked.counted"
        elif unit == STRICT:
            locked = "merge.locked.strictest"
        elif unit not in (*CARRIED, "inactive") and any(part.name not in may for part in parts):
            locked = "merge.locked.right"
        found[unit] = Unit(unit, parts, locked, said.get(unit, ""))
    return list(found.values())


def values_of(unit: Unit, record: Any) -> tuple[Any, ...]:
    """Return what a record holds in a line."""
    return tuple(facts.value_of(record, spec) for spec in unit.specs)


def is_filled(values: Sequence[Any]) -> bool:
    """Tell whether a line of a record says anything."""
    return any(value not in (None, "", [], {}) for value in values)


def group(unit: Unit, people: People) -> str:
    """Return whether the records disagree, only some say something, or all say the same; "" when none says anything."""
    told = [values_of(unit, record) for record in people.records]
    filled = [tuple(str(plain(v)) for v in values) for values in told if is_filled(values)]
    if not filled:
        return ""
    if len(set(filled)) > 1:
        return CONFLICT
    return EQUAL if len(filled) == len(told) else FILLED


def usual(unit: Unit, people: People) -> str:
    """Return what is picked unless somebody picks: the survivor's value, else the newest of the others."""
    if unit.alone and group(unit, people) == CONFLICT and (strategy := strategies.usual(unit.spec, unit.said)):
        return f"{BY}{strategy}"
    if is_filled(values_of(unit, people.survivor)):
        return f"{OF}{people.survivor.id}"
    filled = [record for record in people.losers if is_filled(values_of(unit, record))]
    best = max(filled, key=lambda record: (record.updated_at, record.id), default=people.survivor)
    return f"{OF}{best.id}"


def given(unit: Unit, people: People, sources: Sources) -> list[Told]:
    """Return the filled values of a line that is one field, as strategies take them."""
    told = [
        Told(record.updated_at, record.id, values_of(unit, record)[0], sources.of(record.id, unit.spec.name))
        for record in people.ranked
    ]
    return [one for one in told if is_filled([one.value])]


def made(uow: UnitOfWork, people: People, unit: Unit, name: str, told: Sequence[Told]) -> Any:
    """Return what a strategy makes of a line's filled values, by the sources this kind of customer trusts."""
    return strategies.apply(name, unit.spec, told, policy.of(uow.session, people.entity.key).trust)


def resolve(uow: UnitOfWork, people: People, choices: Choices) -> Resolved:
    """Return the survivor's values as chosen; ``Invalid`` names what cannot be."""
    found, errors, sources = Resolved(), {}, Sources(uow)
    lines = {unit.name: unit for unit in units(uow, people.entity)}
    for name in choices.fields:
        if name not in lines and name not in mains.LINES:
            errors[name] = Message("error.unknown_field", {"field": name})
        elif name in lines and lines[name].locked:
            errors[name] = Message(lines[name].locked, {})
    for unit in lines.values():
        if unit.locked:
            continue
        pick = choices.fields.get(unit.name) or usual(unit, people)
        try:
            found.values |= _picked(uow, unit, people, pick, sources)
            found.picks[unit.name] = pick
        except (ValueError, KeyError) as error:
            key = str(error) if isinstance(error, ValueError) and "." in str(error) else "merge.pick"
            errors[unit.name] = Message(key, {"field": unit.spec.label, "max": unit.spec.max_length})
    found.home = mains.home(people, choices, errors)
    found.contact = mains.contact(uow, people, choices, errors)
    if errors:
        raise Invalid(errors)
    _derived(uow, people, found)
    return found


def _picked(uow: UnitOfWork, unit: Unit, people: People, pick: str, sources: Sources) -> dict[str, Any]:
    """Return the values a pick gives each field of a line, custom ones under their journal's name."""
    keys = [f"custom.{spec.name}" if spec.source == "custom" else spec.name for spec in unit.specs]
    if pick.startswith(OF):
        record = next(one for one in (*people.records, None) if one is None or str(one.id) == pick[len(OF) :])
        if record is None:
            raise KeyError(pick)
        return dict(zip(keys, values_of(unit, record), strict=True))
    spec = unit.spec
    if not unit.alone:
        raise KeyError(pick)
    if pick.startswith(BY) and pick[len(BY) :] in strategies.offered(spec):
        value = made(uow, people, unit, pick[len(BY) :], given(unit, people, sources))
        if spec.max_length and isinstance(value, str) and len(value) > spec.max_length:
            raise ValueError("error.long")
        return {keys[0]: value if value is not None else values_of(unit, people.survivor)[0]}
    if not pick.startswith(TYPED):
        raise KeyError(pick)
    value = records.parse_field(spec, pick[len(TYPED) :])
    if spec.required and value in (None, []):
        raise ValueError("error.required")
    references.check(uow, {spec.name: spec}, {spec.name: value}, people.survivor)
    return {keys[0]: value}


def _derived(uow: UnitOfWork, people: People, found: Resolved) -> None:
    """Add what follows by itself: the whole name, the strictest media, nobody above himself, who may take over."""
    values, survivor = found.values, people.survivor
    forbidden = list(dict.fromkeys(medium for record in people.ranked for medium in record.forbidden_media or ()))
    if forbidden != list(survivor.forbidden_media or ()):
        values["forbidden_media"] = forbidden
        reasons = [record.forbidden_reason for record in people.ranked if record.forbidden_reason]
        values["forbidden_reason"] = survivor.forbidden_reason or (reasons[0] if reasons else None)
    preferred = values.get("preferred_media", survivor.preferred_media) or []
    values["preferred_media"] = [medium for medium in preferred if medium not in forbidden]
    for name in ("email", "phone", "website"):
        values.setdefault(name, getattr(survivor, name))
    if people.entity.key == "contact":
        parts = (values.get(name, getattr(survivor, name)) for name in NAMES)
        values["name"] = " ".join(filter(None, parts)).strip()
    for name in ("employer_id", "parent_id"):
        # Who names a participant names the survivor, and nobody is above himself.
        if values.get(name, getattr(survivor, name)) in people.ids:
            values[name] = None
    if values.get("owner_id", survivor.owner_id) != survivor.owner_id:
        uow.get(people.entity.key, survivor.id, Verb.ASSIGN)
