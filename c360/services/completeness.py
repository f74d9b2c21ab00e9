"""How complete a profile is: the weights of its filled fields, 100 when nothing is missing."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from c360.models.customer import Customer
from c360.registry.entity import FieldSpec, entity_for
from c360.services import fields, score, settings
from c360.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Missing:
    """A field nobody has filled yet and what filling it is worth."""

    field: str
    label: str
    weight: int


@dataclass(frozen=True, slots=True)
class Completeness:
    """The score of one profile and what it lacks, the weightiest first."""

    score: int
    missing: tuple[Missing, ...]


def weighable(session: Session, key: str) -> dict[str, FieldSpec]:
    """Return the fields of an entity that can count: those a person can leave empty."""
    known = fields.every(session, entity_for(key))
    return {
        name: spec
        for name, spec in known.items()
        if spec.kind.python is not bool
        and (spec.editable or name in ("city", "country", "photo"))
        and name not in ("owner_id", "forbidden_media", "forbidden_reason")
    }


def of(uow: UnitOfWork, key: str, record_id: UUID) -> Completeness:
    """Return the score of a customer and what he lacks, of the fields this actor may read."""
    record = uow.get(key, record_id, archived=True)
    key = record.kind
    known = uow.fields(key)
    weights = {n: w for n, w in settings.read(uow.session).weights[key].items() if n in known}
    empty = {name: weight for name, weight in weights.items() if _holds_nothing(record, name)}
    missing = [Missing(n, known[n].label, w) for n, w in empty.items()]
    missing.sort(key=lambda one: (-one.weight, one.label))
    total = sum(weights.values())
    return Completeness(score.rounded(total - sum(empty.values()), total), tuple(missing))


def _holds_nothing(record: Any, name: str) -> bool:
    value = getattr(record, name) if name in Customer.model_fields else record.custom.get(name)
    return value in (None, "", [])
