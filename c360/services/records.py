"""Create, change, archive and restore a record of any registered entity, from text."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.errors import Clash, Conflict, Invalid, Message
from c360.models.customer import Customer
from c360.models.journal import ChangeRow
from c360.query.expressions import expression, plain, stored
from c360.query.scope import live
from c360.registry.entity import Entity, FieldSpec, entity_for
from c360.services import fields, files, holders, invariants, references, rights
from c360.services.uow import UnitOfWork

Values = Mapping[str, str | Sequence[str]]
"""What a form or a file holds: text by field name, several texts for a field of several values."""

LARGEST = 2**31
"""Whole numbers are kept in 32 bits; money in 64."""


def create(uow: UnitOfWork, key: str, values: Values, **given: Any) -> UUID:
    """Create a record and return its id; ``given`` sets what no form may set (its parent, its kind)."""
    entity = entity_for(key)
    within = Verb.READ if entity.joined else Verb.UPDATE
    uow.require(within if entity.within else Verb.CREATE, "customer" if entity.within else key)
    parsed = parse(uow, entity, values, given=given)
    references.check(uow, fields.every(uow.session, entity), parsed)
    return add(uow, entity, parsed, **given).id


def add(uow: UnitOfWork, entity: Entity, parsed: Mapping[str, Any], **given: Any) -> Any:
    """Create a record from typed values: what imports and other services call once the text is parsed."""
    known = fields.every(uow.session, entity)
    made: dict[str, Any] = dict(given)
    if entity.narrow:
        made[entity.narrow[0]] = entity.narrow[1]
    custom = _defaults(known) | {name: value for name, value in parsed.items() if known[name].source == "custom"}
    made |= {name: value for name, value in parsed.items() if name not in custom and value is not None}
    if custom:
        made["custom"] = {name: value for name, value in custom.items() if value is not None}
    for name in ("owner_id", "responsible_id"):
        if name in entity.model.model_fields:
            made.setdefault(name, uow.actor.user_id)
    record = uow.add(entity.model(**made))
    uow.session.info.setdefault("born", set()).add(record.id)
    if entity.within and not entity.upon and uow.actor.user_id is not None:
        rights.check_parents_kept(uow.session, uow.actor, entity, record)
    _unique(uow, entity, record, custom)
    invariants.keep(uow, entity, record, set(parsed) | set(given))
    _adopt(uow, record, known, {}, custom)
    return record


def _defaults(known: Mapping[str, FieldSpec]) -> dict[str, Any]:
    """Return what administrators' fields hold when nobody says otherwise."""
    preset = (spec for spec in known.values() if spec.source == "custom" and spec.default)
    return {spec.name: parse_field(spec, spec.default) for spec in preset}


def update(uow: UnitOfWork, key: str, record_id: UUID, values: Values, version: int | None = None) -> None:
    """Set the given fields of a record, leaving the others alone.

    ``version`` is the one the person saw. When the record changed meanwhile, changes of other fields are combined;
    a field both changed raises ``Conflict`` with base, mine and theirs.
    """
    entity = entity_for(key)
    record = uow.get(key, record_id, Verb.UPDATE)
    parsed = parse(uow, entity, values, partial=True, given=(entity.within,) if entity.within else ())
    if version is not None and version != record.version:
        parsed = _combined(uow, entity, record, parsed, version)
    references.check(uow, fields.every(uow.session, entity), parsed, record)
    assign(uow, entity, record, parsed)


def assign(uow: UnitOfWork, entity: Entity, record: Any, parsed: Mapping[str, Any]) -> None:
    """Set typed values on a loaded record and keep its invariants."""
    if set(parsed) - rights.OF_ERASED:
        rights.check_kept(uow.actor, record)
    known = fields.every(uow.session, entity)
    custom = {name: value for name, value in parsed.items() if known[name].source == "custom"}
    for name, value in parsed.items():
        if name not in custom and getattr(record, name) != value:
            setattr(record, name, value)
    if custom:
        _adopt(uow, record, known, record.custom, custom)
        merged = {**record.custom, **custom}
        record.custom = {name: value for name, value in merged.items() if value is not None}
        _unique(uow, entity, record, custom)
    invariants.keep(uow, entity, record, set(parsed))


def archive(uow: UnitOfWork, key: str, record_id: UUID, version: int | None = None) -> None:
    """Take a record out of every list; nothing is deleted."""
    record = uow.get(key, record_id, Verb.UPDATE if entity_for(key).within else Verb.ARCHIVE)
    if version is not None and version != record.version:
        raise Conflict("error.stale", version=record.version)
    record.archived_at = utc_now()
    invariants.keep(uow, entity_for(key), record, {"archived_at"})


def restore(uow: UnitOfWork, key: str, record_id: UUID) -> None:
    """Bring an archived record back; an erased customer stays gone, as nothing of him is left."""
    record = uow.get(key, record_id, Verb.UPDATE if entity_for(key).within else Verb.ARCHIVE, archived=True)
    if isinstance(record, Customer) and record.erased_at is not None:
        raise Conflict("profile.erased")
    record.archived_at = None
    uow.flush()
    invariants.keep(uow, entity_for(key), record, {"archived_at"})


def parse(
    uow: UnitOfWork, entity: Entity, values: Values, *, partial: bool = False, given: Collection[str] = ()
) -> dict[str, Any]:
    """Turn text into typed values as they are stored, or raise ``Invalid`` naming every bad field.

    What is ``given`` (the record it belongs to) is neither asked of the text nor taken from it.
    """
    writable = fields.writable(uow.session, entity, uow.actor)
    allowed = {name: spec for name, spec in writable.items() if name not in given}
    errors = {n: Message("error.unknown_field", {"field": n}) for n in values if n not in allowed}
    found: dict[str, Any] = {}
    for spec in allowed.values():
        if spec.name in values:
            try:
                found[spec.name] = parse_field(spec, values[spec.name])
            except ValueError as error:
                errors[spec.name] = Message(str(error), {"field": spec.label, "max": spec.max_length})
        missing = found.get(spec.name) in (None, []) and (spec.name in values or not partial)
        if spec.required and missing and spec.name not in errors and spec.name != "owner_id":
            errors[spec.name] = Message("error.required", {"field": spec.label})
    if errors:
        raise Invalid(errors)
    return found


def parse_field(spec: FieldSpec, text: str | Sequence[str]) -> Any:
    """Return one field's typed value, None for nothing; ``ValueError`` holds a key of the catalogue."""
    if spec.kind.multiple:
        parts = [text] if isinstance(text, str) else list(text)
        parts = [p.strip() for part in parts for p in part.split(";") if p.strip()]
        return [_one(spec, part) for part in dict.fromkeys(parts)]
    if not isinstance(text, str):
        raise ValueError("error.single")
    # Half a surrogate pair, which JSON can carry, is no text and no database takes it.
    text = text.replace("\x00", "").encode("utf-8", "replace").decode().strip()
    return _one(spec, text) if text else None


def _one(spec: FieldSpec, text: str) -> Any:
    if spec.options is not None:
        if text not in spec.options.values:
            raise ValueError("error.option")
        return text
    value = spec.kind.parse(text)
    if spec.kind.key == "integer" and spec.source == "column" and abs(value) >= LARGEST:
        raise ValueError("kind.integer.bad")
    if spec.max_length and isinstance(value, str) and len(value) > spec.max_length:
        raise ValueError("error.long")
    return stored(spec, value)


def _adopt(
    uow: UnitOfWork, record: Any, known: Mapping[str, FieldSpec], had: Mapping[str, Any], custom: Mapping[str, Any]
) -> None:
    """Let the record take the files its actor has brought for it."""
    brought = {name: value for name, value in custom.items() if known[name].kind.key == "file" and value}
    if brought and not had:
        uow.flush()
    for name, value in brought.items():
        if value != had.get(name):
            files.adopt(uow, known[name], record, str(value))


def _unique(uow: UnitOfWork, entity: Entity, record: Any, custom: Mapping[str, Any]) -> None:
    """Refuse a value another live record has in a custom field that is unique; name its owner when it is in reach."""
    known = fields.every(uow.session, entity)
    model: Any = entity.model
    for name, value in custom.items():
        if not known[name].unique or value is None:
            continue
        if uow.session.get_bind().dialect.name == "postgresql":
            # No index guards a value inside JSON: two people who type the same one wait for each other.
            lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:value, 0))")
            uow.session.execute(lock, {"value": f"{entity.key}.{name}={value}"})
        uow.flush()
        taken = select(model).where(
            expression(model, known[name]) == value, model.id != record.id, live(entity_for("customer"))
        )
        other = uow.session.exec(taken).first()
        if other is not None:
            raise holders.taken(uow.session, uow.actor, name, other)


def _combined(uow: UnitOfWork, entity: Entity, record: Any, parsed: dict[str, Any], version: int) -> dict[str, Any]:
    """Return what this person really changed since ``version``; raise ``Conflict`` for fields both changed."""
    base = base_values(uow, entity, record, version)
    mine: dict[str, Any] = {}
    clashes = []
    for name, value in parsed.items():
        spec = fields.every(uow.session, entity)[name]
        theirs = record.custom.get(name) if spec.source == "custom" else getattr(record, name)
        was = base.get(name, plain(theirs))
        if plain(value) == was or plain(value) == plain(theirs):
            continue
        if was != plain(theirs):
            clashes.append(Clash(name, was, plain(value), plain(theirs)))
        mine[name] = value
    if clashes:
        raise Conflict("error.conflict", clashes=tuple(clashes), version=record.version)
    return mine


def base_values(uow: UnitOfWork, entity: Entity, record: Any, version: int) -> dict[str, Any]:
    """Return, as JSON, the values of every field that changed after a version, as they were at it."""
    later = (
        select(ChangeRow)
        .where(col(ChangeRow.record_id) == record.id, col(ChangeRow.version) > version)
        .order_by(col(ChangeRow.version).desc())
    )
    was: dict[str, Any] = {}
    for row in uow.session.exec(later):
        was |= {name.removeprefix("custom."): value for name, value in (row.before or {}).items()}
    return was


def place(record: Any, rows: Sequence[Any], to: int) -> None:
    """Give a record another place among its list's ordered rows, the first is 0; only what moves is changed."""
    ordered = [other for other in rows if other.id != record.id]
    ordered.insert(max(0, to), record)
    for position, other in enumerate(ordered):
        if other.position != position:
            other.position = position
