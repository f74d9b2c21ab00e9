"""Canaries: a record of every entity that nobody else may see, every field of it filled with a text that gives it away.

They are made from the registry alone, so an entity or a field that is added is covered the day it exists.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import select

from c360.core.actor import SYSTEM, Actor
from c360.models.choice import Choice
from c360.models.custom_field import CustomField
from c360.models.customer import Customer
from c360.models.user import Team
from c360.registry.entity import Entity, FieldSpec, entities, entity_for
from c360.services import search
from c360.services.uow import UnitOfWork, unit_of_work
from tests.conftest import actor_of, add_user, required

ROLES = ("business_user", "manager", "administrator", "data_protection_officer")
KEPT = frozenset(
    {"id", "version", "created_at", "created_by_id", "updated_at", "updated_by_id", "archived_at", "merged_into_id",
     "inactive_at", "custom", "disabled_at", "owner_id", "retired_at"}
)  # fmt: skip
"""What a canary leaves as every record has it."""
SECRET_FIELD = "x_secret"
KEYS = tuple(entity.key for entity in entities())


def _follows_customers(entity: Entity) -> bool:
    """Tell whether an entity is seen where its customers are; what stands beside a private tag or folder is not."""
    beside = [entity_for(entity.fields[name].target or "") for name in entity.beside]
    belongs = bool(entity.within or entity.through) and all(one.scope is None for one in beside)
    return belongs or entity.key in ("contact", "account", "customer")


CUSTOMERS = frozenset(entity.key for entity in entities() if _follows_customers(entity))
THERE = frozenset({"choice", "user", "team", "custom_field", "setting"})
"""Entities whose records a new database has, or the mirror makes by name."""
OPEN_TO_ALL = THERE | {"purpose", "consent_text", "relation_type", "required_role"}
KEEPS = frozenset({"role", "user_role", "team_member"})
PRIVACY = frozenset({"subject_request", "legal_hold"})
SEES: dict[str, frozenset[str]] = {
    "business_user": OPEN_TO_ALL,
    "manager": OPEN_TO_ALL,
    "administrator": OPEN_TO_ALL | KEEPS | PRIVACY | CUSTOMERS,
    "data_protection_officer": OPEN_TO_ALL | PRIVACY | CUSTOMERS,
}
"""Whose records of another team each role may see; of every other entity, those of tomorrow included, none."""


@dataclass
class World:
    """One database: who reads, what a stranger keeps from them, and what stands in their own reach."""

    actors: dict[str, Actor] = field(default_factory=dict)
    hidden: dict[str, UUID] = field(default_factory=dict)
    mine: dict[str, UUID] = field(default_factory=dict)


def mark_of(key: str) -> str:
    """Return the text that gives a canary of an entity away."""
    return f"zz{key.replace('_', '')}canary"


def number_of(key: str) -> int:
    """Return the number that gives a canary of an entity away."""
    return 73_190_400 + KEYS.index(key)


def day_of(key: str) -> date:
    """Return the date that gives a canary of an entity away."""
    return date(1907, 3, 1) + timedelta(KEYS.index(key))


def has_mark(entity: Entity) -> bool:
    """Tell whether a canary of an entity holds a text of its own."""
    held = (s for s in entity.fields.values() if s.source == "column" and not s.target and s.name not in KEPT)
    return entity.key != "customer" and any(mark_of(entity.key) in str(_value(entity.key, s)) for s in held)


def squeezed(text: str) -> str:
    """Return a text as canaries are looked for: nothing between letters and digits hides one."""
    return re.sub(r"[\W_]+", "", text).lower()


@cache
def _telling(key: str) -> tuple[str, str, str]:
    return mark_of(key), str(number_of(key)), day_of(key).strftime("%Y%m%d")


def given_away(text: str, keys: Iterable[str]) -> str:
    """Return where a text tells of a canary of these entities, or nothing."""
    plain = squeezed(text)
    at = next((plain.find(told) for key in keys for told in _telling(key) if told in plain), -1)
    return plain[max(0, at - 150) : at + 50] if at >= 0 else ""


def sown(*, stranger: bool) -> World:
    """Fill the current database with people and with customers in everybody's reach.

    Either a stranger keeps canaries from them, which those customers name; or those customers are canaries themselves.
    """
    world = World()
    with unit_of_work(SYSTEM) as uow:
        other = add_user(uow, "Sue Stranger", "business_user", "South")
        ids = {role: add_user(uow, role.title(), role, "North") for role in ROLES}
        mate = add_user(uow, "Max Mate", "business_user", "North")
        uow.add(CustomField(entity="contact", key=SECRET_FIELD, label="Secret", kind="text"))
        world.hidden["team"] = uow.add(Team(name="West")).id
    with unit_of_work(SYSTEM) as uow:
        for entity in _in_order():
            if entity.key not in THERE:
                secret = stranger and entity.key not in OPEN_TO_ALL
                world.hidden[entity.key] = _made(uow, entity, world.hidden, world.hidden, other, filled=secret)
                uow.flush()
    with unit_of_work(SYSTEM) as uow:
        for entity in _in_order():
            if entity.key in CUSTOMERS - {"customer"}:
                world.mine[entity.key] = _made(uow, entity, world.mine, world.hidden, mate, filled=False)
                uow.flush()
        for entity in map(entity_for, ("contact", "account") if not stranger else ()):
            _fill(entity, uow.session.get_one(Customer, world.mine[entity.key]))
    with unit_of_work(SYSTEM) as uow:
        search.refresh(uow.session, uow.session.exec(select(Customer.id)).all())
    for role, user_id in ids.items():
        world.actors[role] = actor_of(user_id)
    return world


def _fill(entity: Entity, record: Any) -> None:
    """Fill every field of a record that a role may close."""
    for spec in entity.fields.values():
        if spec.editable and spec.source == "column" and spec.name not in KEPT and not spec.target:
            setattr(record, spec.name, _value(entity.key, spec) or getattr(record, spec.name))
    record.custom = {SECRET_FIELD: mark_of(entity.key)} if entity.key == "contact" else {}


def _in_order() -> Iterator[Entity]:
    """Yield every entity after those its records cannot be without."""
    waiting = sorted((e for e in entities() if e.key != "customer"), key=lambda e: e.key != "account")
    done = {"customer"}
    while waiting:
        ready = [e for e in waiting if _needs(e) <= done | {e.key}]
        assert ready, f"these need each other: {[e.key for e in waiting]}"
        for entity in ready:
            waiting.remove(entity)
            done.add(entity.key)
            yield entity


def _needs(entity: Entity) -> set[str]:
    needed = {s.target for s in entity.fields.values() if s.target and s.required and s.source == "column"}
    return {"contact" if target == "customer" else str(target) for target in needed} - THERE


def _made(
    uow: UnitOfWork, entity: Entity, parents: dict[str, UUID], others: dict[str, UUID], owner: UUID, *, filled: bool
) -> UUID:
    """Make a record; what it belongs to is among the parents, what else it names among the others."""
    values: dict[str, Any] = {}
    for spec in entity.fields.values():
        if spec.source != "column" or spec.name in KEPT:
            continue
        if spec.target == "user":
            values[spec.name] = owner
        elif spec.target:
            known = parents if spec.name in (entity.within, *entity.beside) else others
            named = spec.name.removesuffix("_id")
            usual = "contact" if spec.name == entity.within else "account"
            customer = named if named in ("contact", "account") else usual
            target = customer if spec.target == "customer" else spec.target
            values[spec.name] = known.get(target) or (parents.get(target) if spec.required else None)
        elif spec.pick_list and spec.required:
            listed = select(Choice.id).where(Choice.pick_list == spec.pick_list)
            values[spec.name] = uow.session.exec(listed.order_by(Choice.id)).first() or _listed(uow, spec.pick_list)
        else:
            values[spec.name] = _value(entity.key, spec) if filled else _harmless(entity.key, spec)
    if entity.narrow:
        values[entity.narrow[0]] = entity.narrow[1]
    if "owner_id" in entity.model.model_fields:
        values["owner_id"] = owner
    if entity.custom:
        values["custom"] = {SECRET_FIELD: mark_of(entity.key)} if filled and entity.key == "contact" else {}
        values |= {n: UUID(v) for n, v in required(uow, entity.key).items() if n != "responsible_id"}
        values |= {} if filled else {"family_name": "Plain", "name": "Plain"}
    values |= {n: "private" for n in ("sharing", "visibility") if n in entity.model.model_fields}
    return uow.add(entity.model(**{name: value for name, value in values.items() if value is not None})).id


def _harmless(key: str, spec: FieldSpec) -> Any:
    """Return a value that gives nothing away."""
    if spec.options is not None or spec.pick_list:
        return _value(key, spec)
    plain = {int: 1, float: 1.0, date: date(2001, 1, 1), datetime: datetime(2001, 1, 1, tzinfo=UTC), dict: {}}
    text = f"plain{uuid4().hex[:12]}"[: spec.max_length]
    value = _value(key, spec)
    tells = isinstance(value, str) and given_away(value, [key])
    return text if tells else plain.get(spec.kind.python, value)


def _listed(uow: UnitOfWork, pick_list: str) -> UUID:
    """Add an entry to a pick list that starts empty."""
    made = uow.add(Choice(pick_list=pick_list, name=f"First of {pick_list}")).id
    uow.flush()
    return made


def _value(key: str, spec: FieldSpec) -> Any:
    """Return a canary of a field; a choice has none, for everybody may read the pick lists."""
    if spec.options is not None:
        return [spec.options.values[0]] if spec.kind.multiple else spec.options.values[0]
    if spec.pick_list:
        return [] if spec.kind.multiple else None
    mark, number, day = mark_of(key), number_of(key), day_of(key)
    text = {
        "email": f"{mark}@example.com", "url": f"https://{mark}.example.com", "phone": f"+49 30 {number}",
        "country": "LI", "language": "rm", "currency": "CHF", "timezone": "Europe/Vaduz",
    }  # fmt: skip
    python = {
        int: number, float: float(number), bool: True, date: day, datetime: datetime.combine(day, time(), UTC),
        dict: {mark: mark}, UUID: None,
    }  # fmt: skip
    if spec.kind.key in text:
        return text[spec.kind.key]
    if spec.name == "sha256":
        return "0" * 64
    return python[spec.kind.python] if spec.kind.python in python else f"{mark} {spec.name}"[: spec.max_length]
