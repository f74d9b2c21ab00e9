"""Criteria: the one filter language, for lists, folders, targets, exports, rights and jobs.

A tree of tests joined by all, any or none. A test names a field, or a path over references (``employer_id.city``),
or asks how many related rows fit further criteria. It is frozen, JSON in and out, and compiles to one SQL condition.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, true
from sqlmodel import col, select

from c360.core.actor import Actor, Verb
from c360.core.clock import today
from c360.core.errors import Invalid
from c360.core.fold import fold
from c360.models.customer import Customer
from c360.query import moments, shelved, text
from c360.query.expressions import expression, is_empty, link, stored
from c360.query.operators import OPERATORS, Operator
from c360.query.scope import live, reach
from c360.registry.entity import Entity, FieldSpec, entity_for

Join = Literal["all", "any", "none"]
Quantity = Literal["some", "none", "at_least", "at_most"]
DEEPEST, MOST = 6, 200
"""Limits of one tree: levels of groups or hops, and tests."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One test on one field: ``email contains acme``; ``value`` is text, several values are a tuple of texts."""

    field: str
    op: str
    value: str | tuple[str, ...] = ""


@dataclass(frozen=True, slots=True)
class Criteria:
    """Tests joined by all, any or none; groups may hold groups. Without any test everything fits."""

    of: "tuple[Criterion | Criteria | Related, ...]" = field(default=())
    join: Join = "all"


@dataclass(frozen=True, slots=True)
class Related:
    """A test on the rows of another entity that point here: has some, none, at least or at most n that fit."""

    entity: str
    via: str
    has: Quantity = "some"
    n: int = 1
    of: Criteria = field(default_factory=Criteria)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks: criteria may test only fields and rows this actor may read.

    ``rule`` gives entity and criteria of a dynamic folder he may see; ``inside`` are the folders being worked out.
    """

    actor: Actor
    fields: Callable[[str], Mapping[str, FieldSpec]]
    rule: Callable[[UUID], tuple[str, Criteria] | None] = lambda _: None
    inside: frozenset[UUID] = frozenset()


def where(entity: Entity, criteria: Criteria, reader: Reader, model: Any = None) -> ColumnElement[bool]:
    """Compile criteria into one SQL condition; ``Invalid`` names a field, operator or value that does not fit."""
    _measure(criteria)
    return _group(entity, criteria, reader, model or entity.model)


def _group(entity: Entity, criteria: Criteria, reader: Reader, model: Any) -> ColumnElement[bool]:
    parts = [_part(entity, part, reader, model) for part in criteria.of]
    if not parts:
        return true()
    if criteria.join == "all":
        return and_(*parts)
    joined = or_(*parts)
    # An unknown answer counts as no, so that "none of" holds for it.
    return joined if criteria.join == "any" else not_(func.coalesce(joined, false()))


def _part(entity: Entity, part: "Criterion | Criteria | Related", reader: Reader, model: Any) -> ColumnElement[bool]:
    if isinstance(part, Criteria):
        return _group(entity, part, reader, model)
    if isinstance(part, Related):
        return _related(entity, part, reader, model)
    first, _, rest = part.field.partition(".")
    return _hop(entity, first, rest, part, reader, model) if rest else _test(entity, part, reader, model)


def _spec(entity: Entity, name: str, reader: Reader) -> FieldSpec:
    spec = reader.fields(entity.key).get(name)
    if spec is None:
        raise Invalid.field(name, "criteria.field.unknown", field=name)
    return spec


def _hop(entity: Entity, name: str, rest: str, part: Criterion, reader: Reader, model: Any) -> ColumnElement[bool]:
    """Test a field of the record a reference names: it must be in reach, or the test is not met."""
    spec = _spec(entity, name, reader)
    if spec.kind.key != "reference" or not spec.target:
        raise Invalid.field(name, "criteria.field.unknown", field=part.field)
    target = entity_for(spec.target)
    inner = _group(target, Criteria((Criterion(rest, part.op, part.value),)), reader, target.model)
    ids = select(target.model.id).where(reach(target, reader.actor, Verb.READ), live(target), inner)
    return link(model, spec).in_(ids.correlate(None))


def _related(entity: Entity, part: Related, reader: Reader, model: Any) -> ColumnElement[bool]:
    if (part.entity, part.via) not in entity.related:
        raise Invalid.field(part.entity, "criteria.field.unknown", field=f"{part.entity}.{part.via}")
    target = entity_for(part.entity)
    _spec(target, part.via, reader)  # Who may not read the reference may not follow it backwards either.
    link = col(getattr(target.model, part.via))
    fits = (reach(target, reader.actor, Verb.READ), live(target), _group(target, part.of, reader, target.model))
    n = 1 if part.has in ("some", "none") else part.n
    n += part.has == "at_most"
    if n <= 0:
        return true()
    ids = select(link).where(link.is_not(None), *fits)
    ids = ids.group_by(link).having(func.count() >= n) if n > 1 else ids
    found = model.id.in_(ids.correlate(None))
    return found if part.has in ("some", "at_least") else not_(found)


def _test(entity: Entity, part: Criterion, reader: Reader, model: Any) -> ColumnElement[bool]:
    spec = _spec(entity, part.field, reader)
    operator = OPERATORS.get(part.op)
    if operator is None or operator.key not in spec.kind.operators:
        raise Invalid.field(spec.name, "criteria.operator.unknown", field=spec.label, operator=part.op)
    if spec.kind.key in shelved.LINKS:
        ids = [] if operator.takes == "nothing" else parsed(spec, operator, part.value, reader.actor)
        found = [UUID(str(i)) for i in ids]
        ruled = {
            i: test for i in found if spec.kind.key == "folders" and (test := _ruled(i, reader, model)) is not None
        }
        return shelved.test(spec, operator.key, found, reader.actor, model, ruled)
    if operator.key in ("is_empty", "is_not_empty"):
        empty = is_empty(model, spec)
        return empty if operator.key == "is_empty" else not_(empty)
    value = parsed(spec, operator, part.value, reader.actor)
    if operator.key == "matches":
        return _title_contains(spec, str(value), reader, model)
    if operator.key == "contains" and spec.searched and model is Customer and len(fold(str(value))) >= text.SHORTEST:
        # The index also holds further e-mails and numbers, so it narrows and the field itself decides.
        narrowed = text.column_contains(spec.searched, str(value))
        return and_(narrowed, operator.sql(expression(model, spec), value))
    return operator.sql(expression(model, spec), value)


def _ruled(folder_id: UUID, reader: Reader, model: Any) -> ColumnElement[bool] | None:
    """Return the test that a row lies in a dynamic folder, None for any other folder."""
    found = reader.rule(folder_id)
    if found is None:
        return None
    if folder_id in reader.inside:
        raise Invalid.field("folders", "criteria.folder.circle")
    key, rule = found
    if not rule.of:
        return false()
    narrowed = [model.kind == key] if key != "customer" else []
    inner = replace(reader, inside=reader.inside | {folder_id})
    return and_(*narrowed, _group(entity_for(key), rule, inner, model))


def _title_contains(spec: FieldSpec, value: str, reader: Reader, model: Any) -> ColumnElement[bool]:
    target = entity_for(spec.target or "")
    title = Criteria(tuple(Criterion(name, "contains", value) for name in target.title), "any")
    ids = select(target.model.id).where(
        reach(target, reader.actor, Verb.READ), live(target), _group(target, title, reader, target.model)
    )
    return link(model, spec).in_(ids.correlate(None))


def parsed(spec: FieldSpec, operator: Operator, value: str | tuple[str, ...], actor: Actor) -> Any:
    """Return what an operator compares with, from the text of a criterion; ``Invalid`` says what does not fit."""
    values = (value,) if isinstance(value, str) else value
    if operator.takes == "nothing":
        return None
    if not values or not all(v.strip() for v in values):
        raise Invalid.field(spec.name, "criteria.incomplete", field=spec.label)
    try:
        match operator.takes:
            case "text":
                return values[0]
            case "span":
                moments.span(values[0], today())
                return values[0]
            case "day":
                return moments.day(values[0], today())
            case "two_days":
                return [moments.day(v, today()) for v in _two(values)]
            case "two":
                return [_typed(spec, v, actor)[0] for v in _two(values)]
            case "values":
                return [one for v in values for one in _typed(spec, v, actor)]
            case _:
                return _typed(spec, values[0], actor)[0]
    except (ValueError, IndexError, OverflowError) as error:
        key = str(error) if str(error).startswith(("kind.", "criteria.")) else "criteria.value.bad"
        raise Invalid.field(spec.name, key, field=spec.label, value=", ".join(values)) from error


def _two(values: tuple[str, ...]) -> tuple[str, str]:
    if len(values) != 2:
        raise ValueError("criteria.two")
    return values[0], values[1]


def _typed(spec: FieldSpec, value: str, actor: Actor) -> list[Any]:
    if value == "@me" and actor.user_id:
        return [stored(spec, actor.user_id)]
    if value == "@team":
        return [
            stored(spec, i)
            for i in sorted(actor.team_user_ids | ({actor.user_id} if actor.user_id else set()), key=str)
        ]
    if spec.kind.cell == "option" or spec.kind.key in ("options", "file"):
        return [value]
    return [stored(spec, spec.kind.parse(value))]


def _measure(criteria: Criteria, depth: int = 1) -> int:
    """Count the tests of a tree; ``Invalid`` when it is too large to run safely."""
    if depth > DEEPEST:
        raise Invalid.field("criteria", "criteria.deep", n=DEEPEST)
    count = 0
    for part in criteria.of:
        if isinstance(part, Criterion):
            count += 1
            if part.field.count(".") > 3:
                raise Invalid.field("criteria", "criteria.deep", n=DEEPEST)
        else:
            count += _measure(part if isinstance(part, Criteria) else part.of, depth + 1)
    if count > MOST:
        raise Invalid.field("criteria", "criteria.many", n=MOST)
    return count


def to_json(part: "Criterion | Criteria | Related") -> dict[str, Any]:
    """Return criteria as JSON keeps them."""
    if isinstance(part, Criterion):
        value = list(part.value) if isinstance(part.value, tuple) else part.value
        return {"field": part.field, "op": part.op, "value": value}
    if isinstance(part, Related):
        return {"related": part.entity, "via": part.via, "has": part.has, "n": part.n, "where": to_json(part.of)}
    return {"join": part.join, "of": [to_json(p) for p in part.of]}


def from_json(data: Any, depth: int = 0) -> "Criteria":
    """Read criteria from JSON; ``Invalid`` when the shape is not theirs."""
    part = _read(data or {}, depth)
    return part if isinstance(part, Criteria) else Criteria((part,))


def _read(data: Any, depth: int) -> "Criterion | Criteria | Related":
    bad = Invalid.field("criteria", "criteria.shape")
    if not isinstance(data, dict) or depth > 2 * DEEPEST:
        raise bad
    if "field" in data:
        value = data.get("value", "")
        value = tuple(map(str, value)) if isinstance(value, list) else str(value)
        return Criterion(str(data["field"]), str(data.get("op", "")), value)
    if "related" in data:
        has, n = data.get("has", "some"), data.get("n", 1)
        if has not in ("some", "none", "at_least", "at_most") or not isinstance(n, int):
            raise bad
        inner = from_json(data.get("where"), depth + 1)
        return Related(str(data["related"]), str(data.get("via", "")), has, n, inner)
    join, parts = data.get("join", "all"), data.get("of", [])
    if join not in ("all", "any", "none") or not isinstance(parts, list):
        raise bad
    return Criteria(tuple(_read(p, depth + 1) for p in parts), join)
