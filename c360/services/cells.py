"""One cell of a list changed in place."""

from typing import Any
from uuid import UUID

from c360.core.actor import Verb
from c360.core.errors import Clash, Conflict, Invalid
from c360.query.expressions import plain
from c360.registry.entity import entity_for, entity_of
from c360.services import fields, records
from c360.services.uow import UnitOfWork


def change(uow: UnitOfWork, key: str, record_id: UUID, field: str, value: str, seen: str) -> None:
    """Set one field of a record to what was typed.

    ``seen`` is what the cell showed before. When another user has changed the field meanwhile, ``Conflict`` says so
    and nothing is written.
    """
    record = uow.get(key, record_id, Verb.UPDATE)
    entity = entity_of(record) or entity_for(key)
    spec = fields.writable(uow.session, entity, uow.actor).get(field)
    if spec is None:
        raise Invalid.field(field, "error.unknown_field", field=field)
    held = record.custom.get(field) if spec.source == "custom" else getattr(record, field)
    now = "" if held is None else str(plain(held))
    if now != seen:
        shown = "" if held is None else spec.kind.write(held)
        raise Conflict(
            "cell.conflict", clashes=(Clash(field, seen, value, now),), field=spec.label, now=_told(spec, shown)
        )
    records.update(uow, entity.key, record_id, {field: value})


def _told(spec: Any, shown: str) -> str:
    return "…" if spec.kind.key in ("choice", "reference") else shown or "–"
