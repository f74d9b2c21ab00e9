"""Fields of an entity as one actor meets them: the model's, those administrators added, less those hidden from him."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from c360.core.actor import Actor
from c360.models.custom_field import CustomField
from c360.registry.entity import Entity, FieldSpec, entity_for
from c360.registry.kinds import KINDS
from c360.registry.marks import Options, Privacy
from c360.services import score, settings

PLACES = ("list", "form", "import", "merge", "history")
TEXT_LENGTH = {"text": 500, "long_text": 20_000, "email": 320, "phone": 50, "url": 500}
"""How much text fits an administrator's field."""


def every(session: Session, entity: Entity) -> Mapping[str, FieldSpec]:
    """Return every field of an entity, custom ones after the model's."""
    if not entity.custom:
        return entity.fields
    cache = session.info.setdefault("fields", {})
    if entity.key not in cache:
        mine = custom(session, entity)
        counted = {**entity.fields, **mine}
        if entity.key == "customer":
            counted = {**entity_for("account").fields, **entity_for("contact").fields, **counted}
        scored = score.spec(entity, counted, settings.read(session).weights)
        cache[entity.key] = {**entity.fields, **mine, scored.name: scored}
    return cache[entity.key]


def forget(session: Session) -> None:
    """Read fields and settings anew: an administrator has just changed one."""
    for name in ("fields", "custom_fields", "custom_rows", "settings"):
        session.info.pop(name, None)


def readable(session: Session, entity: Entity, actor: Actor) -> Mapping[str, FieldSpec]:
    """Return the fields an actor may read."""
    # A secret is nobody's to read, nor to sort or filter by: a test on it would tell it bit by bit.
    known = every(session, entity)
    if _has_secrets(entity):
        known = {name: spec for name, spec in known.items() if spec.privacy is not Privacy.SECRET}
    if not actor.hidden:
        return known
    return {name: spec for name, spec in known.items() if not is_hidden(entity, name, actor, spec)}


@cache
def _has_secrets(entity: Entity) -> bool:
    return any(spec.privacy is Privacy.SECRET for spec in entity.fields.values())


def is_hidden(entity: Entity, name: str, actor: Actor, spec: FieldSpec | None = None) -> bool:
    """Tell whether a field is hidden; on the list of both kinds a field hidden in either is."""
    keys = ("contact", "account", "customer") if entity.key == "customer" else (entity.key,)
    spec = spec or entity.fields.get(name)
    # What is computed from a hidden field would tell it.
    told = (name, *(spec.reads if spec else ()))
    return any(f"{key}.{one}" in actor.hidden for key in keys for one in told)


def reads(entity: Entity, name: str, actor: Actor) -> bool:
    """Tell whether an actor may read a field of the model, without looking for those administrators added."""
    spec = entity.fields.get(name)
    return spec is not None and spec.privacy is not Privacy.SECRET and not is_hidden(entity, name, actor, spec)


def writable(session: Session, entity: Entity, actor: Actor) -> Mapping[str, FieldSpec]:
    """Return the fields an actor may change."""
    known = readable(session, entity, actor)
    return {n: s for n, s in known.items() if s.editable and f"{entity.key}.{n}" not in actor.locked}


def custom(session: Session, entity: Entity) -> dict[str, FieldSpec]:
    """Return the fields administrators added to an entity, in their order."""
    cache = session.info.setdefault("custom_fields", {})
    if entity.key not in cache:
        cache[entity.key] = {row.key: spec_of(row) for row in _added(session, entity)}
    return cache[entity.key]


def _added(session: Session, entity: Entity) -> list[CustomField]:
    cache = session.info.setdefault("custom_rows", {})
    if entity.key not in cache:
        with session.no_autoflush:
            cache[entity.key] = list(session.exec(_asked(entity)).all())
    return cache[entity.key]


@cache
def _asked(entity: Entity) -> SelectOfScalar[CustomField]:
    """Return the query for an entity's added fields; made once, for making it takes longer than to run."""
    of = ("contact", "account") if entity.key == "customer" else (entity.key,)
    found = select(CustomField).where(col(CustomField.entity).in_(of), col(CustomField.archived_at).is_(None))
    return found.order_by(col(CustomField.position), col(CustomField.label))


def kept_out(session: Session, entity: Entity, place: str) -> frozenset[str]:
    """Return the fields administrators keep out of a place: of lists, forms, import and export, merges or histories."""
    added = custom(session, entity) if entity.custom else {}
    return frozenset(name for name, spec in added.items() if place in spec.off)


def untold(session: Session, entity: Entity) -> frozenset[str]:
    """Return the fields administrators keep out of histories."""
    return kept_out(session, entity, "history") | frozenset(settings.read(session).unshown_history.get(entity.key, ()))


def choices(session: Session, spec: FieldSpec) -> dict[str, dict[str, Any]]:
    """Return the choices an administrator gave his field, by key: what the field itself does not tell."""
    if spec.source != "custom":
        return {}
    added = (row for key in ("contact", "account") for row in _added(session, entity_for(key)))
    return {choice["key"]: choice for row in added if row.key == spec.name for choice in row.choices}


def spec_of(row: CustomField) -> FieldSpec:
    """Return an administrator's field as a field like any other."""
    kind = KINDS[row.kind]
    options = None
    if row.kind in ("choice", "choices"):
        kind = KINDS["option" if row.kind == "choice" else "options"]
        options = Options(f"custom:{row.key}", tuple(choice["key"] for choice in row.choices))
    return FieldSpec(
        name=row.key,
        label=row.label,
        help=row.help or "",
        kind=kind,
        required=row.required,
        privacy=Privacy(row.privacy),
        target=row.target,
        options=options,
        source="custom",
        default=row.default,
        unique=row.is_unique,
        position=row.position,
        off=frozenset(place for place in PLACES if not getattr(row, f"in_{place}")),
        max_length=TEXT_LENGTH.get(row.kind),
    )
