"""What a picker offers for a typed text: a few records in reach, by name."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import case, func
from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.errors import NotFound
from c360.core.fold import fold
from c360.models.customer import Customer
from c360.query import text
from c360.query.scope import live, reach
from c360.registry.entity import Entity, entities, entity_for
from c360.services.listing.cells import title
from c360.services.uow import UnitOfWork

MOST = 20
CANDIDATES = 200
HINTS = ("email", "city", "login", "mode")
"""What tells two records of one name apart; the first that is readable and filled."""


@dataclass(frozen=True, slots=True)
class Found:
    """One record a picker offers: what it is called and what tells it from its namesakes."""

    id: str
    label: str
    hint: str = ""
    color: str = ""


def listed(key: str) -> Entity:
    """Return an entity by its key; ``NotFound`` when there is none."""
    if key not in {entity.key for entity in entities()}:
        raise NotFound("listing.entity.unknown")
    return entity_for(key)


def lookup(uow: UnitOfWork, key: str, words: str, limit: int = MOST) -> list[Found]:
    """Return records whose title fits what was typed, those that begin with it first; any for an empty text."""
    entity = listed(key)
    model: Any = entity.model
    known = uow.fields(key)
    names = [name for name in entity.title if name in known and known[name].kind.python is str]
    if not names:
        return []
    words = " ".join(words.replace("\x00", " ").split())[: text.LONGEST]
    hints = [name for name in (*HINTS, *(("color",) if "color" in known else ())) if name in known]
    shown = select(model.id, *(getattr(model, name) for name in (*names, *hints)))
    shown = shown.where(reach(entity, uow.actor, Verb.READ), live(entity, inactive=False))
    first = model.sort_name if entity.model is Customer else func.c360_fold(getattr(model, names[0]))
    if entity.model is Customer and words:
        shown = _customers(shown, entity, uow, words)
    elif words:
        titles = [func.c360_fold(getattr(model, name)) for name in names]
        fits = titles[0].contains(fold(words), autoescape=True)
        for other in titles[1:]:
            fits = fits | other.contains(fold(words), autoescape=True)
        begins = case((titles[0].startswith(fold(words), autoescape=True), 0), else_=1)
        shown = shown.where(fits).order_by(begins, first, model.id)
    else:
        shown = shown.order_by(first, model.id)
    rows = uow.session.execute(shown.limit(CANDIDATES if words and entity.model is Customer else limit)).all()
    found = [_found(row, len(names), hints) for row in rows]
    if words:
        found.sort(key=lambda one: (not fold(one.label).startswith(fold(words)), fold(one.label)))
    return found[:limit]


def _customers(shown: Any, entity: Entity, uow: UnitOfWork, words: str) -> Any:
    """Take any of those that fit: sorting them all would cost more than the typist waits."""
    return shown.where(text.matching(entity, uow.actor, words))


def _found(row: Any, names: int, hints: list[str]) -> Found:
    rest = dict(zip(hints, row[1 + names :], strict=True))
    color = rest.pop("color", "") or ""
    return Found(str(row[0]), title(row[1 : 1 + names]), next((str(v) for v in rest.values() if v), ""), color)


def labels(uow: UnitOfWork, key: str, ids: list[UUID]) -> list[Found]:
    """Return records by id, for what a form already holds."""
    entity = listed(key)
    names = [name for name in entity.title if name in uow.fields(key)]
    model: Any = entity.model
    rows = select(model.id, *(getattr(model, name) for name in names)).where(
        reach(entity, uow.actor, Verb.READ), col(model.id).in_(ids)
    )
    return [_found(row, len(names), []) for row in uow.session.execute(rows).all()]
