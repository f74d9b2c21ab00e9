"""In what order a list stands: any readable column, empty ones last, the id at the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func
from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.errors import Invalid
from c360.models.choice import Choice
from c360.query.expressions import link, sort_expression
from c360.query.scope import reach
from c360.registry.entity import Entity, FieldSpec, entity_for
from c360.services.listing.query import MOST_SORTS
from c360.services.uow import UnitOfWork

RAW = frozenset({"email", "phone", "city"})
"""Text columns with an index of their own, which sort as they are stored."""
TITLES = {"user": "name", "choice": "position", "customer": "sort_name", "contact": "sort_name", "account": "sort_name"}


@dataclass(frozen=True, slots=True)
class Key:
    """One column of a sort."""

    spec: FieldSpec
    descending: bool


def keys(entity: Entity, fields: Mapping[str, FieldSpec], sort: Sequence[str]) -> list[Key]:
    """Return the columns of a sort; ``Invalid`` names one that is unknown, hidden or cannot be sorted by."""
    found: dict[str, Key] = {}
    for word in (sort or entity.sort.split(","))[:MOST_SORTS]:
        name = word.lstrip("-")
        spec = fields.get(name)
        if spec is None and not sort:
            continue
        if spec is None or not is_sortable(spec):
            raise Invalid.field(name, "listing.sort.unknown", field=name)
        found.setdefault(name, Key(spec, word.startswith("-")))
    return list(found.values())


def is_sortable(spec: FieldSpec) -> bool:
    """Tell whether a list may stand in the order of a field."""
    return not spec.kind.multiple and spec.kind.cell != "none" and spec.kind.key not in ("file", "json")


def clauses(uow: UnitOfWork, entity: Entity, found: Sequence[Key], model: Any) -> list[Any]:
    """Return the ORDER BY of a sort on a table or an alias of it; the id breaks every tie."""
    ordered = []
    for key in found:
        value = comparable(uow, entity, key.spec, model)
        if _may_be_empty(entity, key.spec):
            ordered.append(value.desc().nulls_last() if key.descending else value.asc().nulls_last())
        else:
            ordered.append(value.desc() if key.descending else value.asc())
    backwards = bool(found) and found[-1].descending
    return [*ordered, model.id.desc() if backwards else model.id.asc()]


def comparable(uow: UnitOfWork, entity: Entity, spec: FieldSpec, model: Any) -> Any:
    """Return what a field is sorted by: a choice by its place, a reference by its title, text folded."""
    value = sort_expression(model, spec)
    kind = spec.kind.cell
    if kind in ("choice", "option"):
        return _placed(value, _places(uow, spec))
    if kind == "reference" and spec.target:
        return _titled(uow, entity_for(spec.target), link(model, spec), model)
    if spec.kind.python is str and spec.source != "computed" and spec.name not in RAW and spec.name != "name":
        return func.c360_fold(value)
    return value


def _may_be_empty(entity: Entity, spec: FieldSpec) -> bool:
    model: Any = entity.model
    if spec.source != "column" or spec.kind.cell in ("choice", "option", "reference"):
        return True
    name = "sort_name" if spec.name == "name" and hasattr(model, "sort_name") else spec.name
    return model.__table__.c[name].nullable


def _placed(value: Any, places: Mapping[Any, int]) -> Any:
    return case(places, value=value, else_=None) if places else func.nullif(1, 1)


def _places(uow: UnitOfWork, spec: FieldSpec) -> dict[Any, int]:
    if spec.options is not None:
        return {value: place for place, value in enumerate(spec.options.values)}
    found = select(col(Choice.id)).where(col(Choice.pick_list) == spec.pick_list)
    ids = uow.session.exec(found.order_by(col(Choice.position), col(Choice.name))).all()
    return {(str(i) if spec.source == "custom" else i): place for place, i in enumerate(ids)}


def _titled(uow: UnitOfWork, target: Entity, value: Any, model: Any) -> Any:
    """A title outside the reach does not order anything: it would tell what it is."""
    table: Any = target.model
    name = TITLES.get(target.key, target.title[0])
    if name not in table.model_fields or target.title[0] not in uow.fields(target.key):
        return func.nullif(1, 1)
    seen = select(table.id, getattr(table, name).label("title")).where(reach(target, uow.actor, Verb.READ)).subquery()
    title = func.c360_fold(seen.c.title) if name == "name" else seen.c.title
    return select(title).where(seen.c.id == value).correlate(model).scalar_subquery()
