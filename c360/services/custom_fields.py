"""Fields administrators add: made from a label and a kind, and from then on fields like any other."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.errors import Conflict, Invalid
from c360.core.fold import fold
from c360.models.choice import COLOURS
from c360.models.custom_field import CustomField
from c360.models.customer import Customer
from c360.query.expressions import expression, is_empty
from c360.query.json_sql import has_any
from c360.registry.entity import FieldSpec, entity_for
from c360.registry.marks import Options
from c360.services import fields, records
from c360.services.uow import UnitOfWork

CHOSEN = ("choice", "choices")
NEVER_UNIQUE = ("choices", "boolean", "long_text", "file")
PREFIX = "x_"
"""Begins every key, so that no column the app gets one day bears the same name."""
LONGEST_LIST = 200

Values = Mapping[str, str | Sequence[str]]
Choices = Sequence[Mapping[str, str]]
"""The options of a field: a label and a colour each; a key where the option was there before."""


@dataclass(frozen=True, slots=True)
class Added:
    """A field an administrator added, with how many records hold a value in it."""

    id: UUID
    row: dict[str, Any]
    used: int
    retired: bool
    version: int


def listed(uow: UnitOfWork, entity: str) -> list[Added]:
    """Return the fields added to an entity in their order, retired ones last."""
    uow.require(Verb.UPDATE, "custom_field")
    found = uow.select("custom_field", archived=True).where(CustomField.entity == entity)
    rows = uow.session.exec(found.order_by(col(CustomField.position), col(CustomField.label)))
    made = [Added(row.id, row.model_dump(), _used(uow, row), row.archived_at is not None, row.version) for row in rows]
    return sorted(made, key=lambda one: one.retired)


def add(uow: UnitOfWork, values: Values, choices: Choices = ()) -> UUID:
    """Add a field to contacts or accounts; it is in list, form, import, export and history at once."""
    entity, kind = str(values.get("entity", "")), str(values.get("kind", ""))
    position = len(listed(uow, entity))
    made = records.create(uow, "custom_field", {**values, "position": str(position)})
    row = next(new for new in uow.session.new if isinstance(new, CustomField) and new.id == made)
    row.key = _key(uow, row.label)
    row.choices = _choices(row, choices) if kind in CHOSEN else []
    _check(uow, row)
    uow.flush()
    fields.forget(uow.session)
    return made


def change(
    uow: UnitOfWork, field_id: UUID, values: Values, choices: Choices | None = None, version: int | None = None
) -> None:
    """Change a field; its key and entity stay, its kind once a record holds a value, an option while one holds it."""
    row = uow.get("custom_field", field_id, Verb.UPDATE)
    kind, target, was_unique = row.kind, row.target, row.is_unique
    old = fields.spec_of(row)
    records.update(uow, "custom_field", field_id, {n: v for n, v in values.items() if n != "entity"}, version)
    if (row.kind, row.target) != (kind, target) and (used := _held(uow, row.entity, old)):
        raise Invalid.field("kind", "custom_field.kind.used", n=used)
    if choices is not None and row.kind in CHOSEN:
        row.choices = _choices(row, choices)
        kept = {choice["key"] for choice in row.choices}
        for lost in old.options.values if old.options else ():
            if lost not in kept:
                _refuse_used_option(uow, row, old, lost)
    elif row.kind not in CHOSEN:
        row.choices = []
    _check(uow, row)
    if row.is_unique and not was_unique:
        _refuse_twins(uow, row)
    uow.flush()
    fields.forget(uow.session)


def move(uow: UnitOfWork, field_id: UUID, to: int) -> None:
    """Give a field another place among those of its entity; the first is 0."""
    row = uow.get("custom_field", field_id, Verb.UPDATE)
    found = uow.select("custom_field").where(CustomField.entity == row.entity)
    records.place(row, uow.session.exec(found.order_by(col(CustomField.position), col(CustomField.label))).all(), to)
    uow.flush()
    fields.forget(uow.session)


def retire(uow: UnitOfWork, field_id: UUID) -> None:
    """Take a field out of every list and form; the values stay where they are."""
    uow.get("custom_field", field_id, Verb.ARCHIVE).archived_at = utc_now()
    uow.flush()
    fields.forget(uow.session)


def bring_back(uow: UnitOfWork, field_id: UUID) -> None:
    """Show a retired field and its values again."""
    records.restore(uow, "custom_field", field_id)
    fields.forget(uow.session)


def _check(uow: UnitOfWork, row: CustomField) -> None:
    """Refuse what does not fit together: a twin's label, a relation to nothing, a default that is no value."""
    twin = uow.select("custom_field").where(CustomField.entity == row.entity, CustomField.id != row.id)
    if any(fold(other.label) == fold(row.label) for other in uow.session.exec(twin)):
        raise Invalid.field("label", "custom_field.label.taken", label=row.label)
    if row.kind == "reference" and not row.target:
        raise Invalid.field("target", "error.required", field="Points at")
    if row.kind != "reference":
        row.target = None
    if row.kind in CHOSEN and not row.choices:
        raise Invalid.field("choices", "custom_field.choices.none")
    if row.is_unique and row.kind in NEVER_UNIQUE:
        raise Invalid.field("is_unique", "custom_field.unique.never")
    if row.default:
        if row.is_unique or row.kind in ("file", "reference"):
            raise Invalid.field("default", "custom_field.default.never")
        row.default = _default(row)


def _default(row: CustomField) -> str:
    """Return a default as it is kept; of a choice the label may be given."""
    spec = fields.spec_of(row)
    keys = {fold(str(choice["label"])): str(choice["key"]) for choice in row.choices}
    parts = [part.strip() for part in str(row.default).split(";")] if spec.kind.multiple else [str(row.default)]
    text = "; ".join(keys.get(fold(part), part) for part in parts)
    try:
        records.parse_field(spec, text)
    except ValueError as error:
        raise Invalid.field("default", str(error), field=row.label) from error
    return text


def _key(uow: UnitOfWork, label: str) -> str:
    """Make a key from a label: lasting, unlike any other ever given, safe in paths and files."""
    words = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:50] or "field"
    taken = set(uow.session.exec(select(CustomField.key)))
    key, n = f"{PREFIX}{words}", 1
    while key in taken:
        n += 1
        key = f"{PREFIX}{words}_{n}"
    return key


def _choices(row: CustomField, choices: Choices) -> list[dict[str, Any]]:
    """Return options as they are kept: each with a key that stays when its label changes."""
    known = {str(choice["key"]) for choice in row.choices}
    made: list[dict[str, Any]] = []
    labels: set[str] = set()
    for choice in choices:
        label = " ".join(str(choice.get("label", "")).replace(";", ",").split())[:200]
        color = str(choice.get("color") or "gray")
        if not label:
            continue
        if fold(label) in labels:
            raise Invalid.field("choices", "custom_field.choices.twin", label=label)
        if color not in COLOURS:
            raise Invalid.field("choices", "error.option")
        labels.add(fold(label))
        key = str(choice.get("key") or "")
        taken = known | {str(one["key"]) for one in made}
        made.append({"key": key if key in known else _option_key(label, taken), "label": label, "color": color})
    if len(made) > LONGEST_LIST:
        raise Invalid.field("choices", "custom_field.choices.many", n=LONGEST_LIST)
    return made


def _option_key(label: str, taken: set[str]) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:40] or "option"
    key, n = words, 1
    while key in taken:
        n += 1
        key = f"{words}_{n}"
    return key


def _used(uow: UnitOfWork, row: CustomField) -> int:
    return _held(uow, row.entity, fields.spec_of(row))


def _held(uow: UnitOfWork, entity: str, spec: FieldSpec) -> int:
    """Count the records, archived ones too, that hold a value in a field."""
    filled = select(func.count()).select_from(Customer).where(Customer.kind == entity, ~is_empty(Customer, spec))
    return uow.session.exec(filled).one()


def _refuse_used_option(uow: UnitOfWork, row: CustomField, spec: FieldSpec, option: str) -> None:
    known = replace(spec, options=Options(f"custom:{row.key}", (option,)))
    column: Any = expression(Customer, known)
    test = has_any(column, [option]) if spec.kind.multiple else column == option
    counted = select(func.count()).select_from(Customer).where(Customer.kind == row.entity, test)
    if used := uow.session.exec(counted).one():
        raise Conflict("custom_field.choices.used", n=used, option=option)


def _refuse_twins(uow: UnitOfWork, row: CustomField) -> None:
    column = expression(entity_for(row.entity).model, fields.spec_of(row))
    live = (Customer.kind == row.entity, col(Customer.archived_at).is_(None), column.is_not(None))
    twins = select(column).where(*live).group_by(column).having(func.count() > 1)
    if n := len(uow.session.execute(twins).all()):
        raise Invalid.field("is_unique", "custom_field.unique.twins", n=n)
