"""From stored values to the JSON of a page: references and choices named, once a page."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.i18n import text
from c360.models.choice import Choice
from c360.registry.entity import Entity, FieldSpec, entity_for
from c360.services import fields, files
from c360.services.listing.columns import named_option, names
from c360.services.uow import UnitOfWork

Cell = Callable[[Any], Any]


def plain(value: Any) -> Any:
    """Return a value as JSON holds it."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def named(uow: UnitOfWork, shown: Sequence[FieldSpec], rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Return rows with every choice and reference as ``{id, label, color?}``; nothing out of reach is named."""
    # One look for the choices of every column, not one look a column.
    picked = [i for i, spec in enumerate(shown) if _is_picked(spec)]
    choices(uow, {choice for row in rows for choice in _ids([row[i] for i in picked])})
    makers = [_maker(uow, spec, [row[i] for row in rows]) for i, spec in enumerate(shown)]
    return [[make(value) for make, value in zip(makers, row, strict=True)] for row in rows]


def _maker(uow: UnitOfWork, spec: FieldSpec, values: Sequence[Any]) -> Cell:
    kind = spec.kind
    if spec.name == "id" or kind.cell in ("text", "number", "money", "percent", "date", "moment", "boolean"):
        return plain
    found: Mapping[str, Any]
    if _is_picked(spec):
        found = choices(uow, _ids(values))
    elif spec.options is not None:
        known = fields.choices(uow.session, spec)
        used = {str(v) for value in values for v in (value if isinstance(value, list) else [value]) if v is not None}
        found = {v: _dict(named_option(uow.actor.language, spec, v, known)) for v in used}
    elif kind.key == "reference":
        found = titles(uow, spec.target or "", _ids(values)) if spec.target else {}
    elif kind.key == "file":
        called = files.titles(uow, _ids(values))
        found = {str(i): {"id": str(i), "label": name} for i, name in called.items()}
    elif kind.key in ("country", "language"):
        found = {code: {"id": code, "label": name} for code, name in names(kind.key, uow.actor.language).items()}
    else:
        return plain
    masked = {"id": None, "label": text(uow.actor.language, "listing.masked"), "masked": True}

    def one(value: Any) -> Any:
        fallback = masked if kind.key in ("reference", "file") else {"id": str(value), "label": str(value)}
        return found.get(str(value), fallback)

    def cell(value: Any) -> Any:
        if value is None or value == []:
            return [] if kind.multiple else None
        return [one(v) for v in value] if isinstance(value, list) else one(value)

    return cell


def _is_picked(spec: FieldSpec) -> bool:
    return spec.kind.key in ("choice", "choices") and spec.options is None


def _dict(option: Any) -> dict[str, str]:
    named = {"id": option.id, "label": option.label}
    return named | {"color": option.color} if option.color else named


def _ids(values: Sequence[Any]) -> set[UUID]:
    flat = (v for value in values for v in (value if isinstance(value, list) else [value]) if v)
    return {v if isinstance(v, UUID) else UUID(str(v)) for v in flat}


def choices(uow: UnitOfWork, ids: set[UUID]) -> dict[str, dict[str, str]]:
    """Return entries of pick lists by id, retired ones too: old records still show them."""
    cache: dict[str, dict[str, str]] = uow.session.info.setdefault("choice_labels", {})
    if missing := {i for i in ids if str(i) not in cache}:
        found = select(Choice.id, Choice.name, Choice.color).where(col(Choice.id).in_(missing))
        for choice_id, name, color in uow.session.exec(found):
            cache[str(choice_id)] = {"id": str(choice_id), "label": name, "color": color}
    return cache


def titles(uow: UnitOfWork, key: str, ids: set[UUID]) -> dict[str, dict[str, Any]]:
    """Return what records are called, by id: those within the reach and of fields the actor may read."""
    if not ids:
        return {}
    entity = entity_for(key)
    known = uow.fields(key)
    names_of = [name for name in entity.title if name in known]
    model: Any = entity.model
    shown = [getattr(model, name) for name in names_of]
    cell = select(model.id, *shown).where(*_reachable(uow, entity), model.id.in_(ids))
    return {str(row[0]): {"id": str(row[0]), "label": title(row[1:])} for row in uow.session.execute(cell)}


def _reachable(uow: UnitOfWork, entity: Entity) -> list[Any]:
    whereclause = uow.select(entity.key, archived=True).whereclause
    return [] if whereclause is None else [whereclause]


def title(parts: Sequence[Any]) -> str:
    """Return the text a record is called by."""
    return " ".join(str(p) for p in parts if p) or "–"
