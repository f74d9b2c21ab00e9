"""A filter told as one sentence, so that nobody has to read a tree."""

from collections.abc import Iterable
from uuid import UUID

from c360.core.i18n import text
from c360.query.complete import complete
from c360.query.criteria import Criteria, Criterion, Related
from c360.query.operators import OPERATORS
from c360.registry.entity import Entity, FieldSpec, entity_for
from c360.services import names, references
from c360.services.listing.columns import options
from c360.services.uow import UnitOfWork

MOST_VALUES = 5


def sentence(uow: UnitOfWork, key: str, criteria: Criteria) -> str:
    """Return what a filter asks for, in the actor's language; empty when it asks nothing."""
    told = _group(uow, entity_for(key), complete(criteria), 0)
    if not told:
        return ""
    return text(uow.actor.language, "sentence.whole", who=_plural(uow, key), what=told)


def _plural(uow: UnitOfWork, key: str) -> str:
    return text(uow.actor.language, f"entity.{key}.plural", default=entity_for(key).plural)


def _group(uow: UnitOfWork, entity: Entity, group: Criteria, depth: int) -> str:
    parts = [told for part in group.of if (told := _part(uow, entity, part, depth))]
    if not parts:
        return ""
    language = uow.actor.language
    joined = f" {text(language, 'sentence.and' if group.join == 'all' else 'sentence.or')} ".join(parts)
    if group.join == "none":
        return text(language, "sentence.none", what=joined)
    return f"({joined})" if depth and len(parts) > 1 else joined


def _part(uow: UnitOfWork, entity: Entity, part: Criterion | Criteria | Related, depth: int) -> str:
    if isinstance(part, Criteria):
        return _group(uow, entity, part, depth + 1)
    return _related(uow, part, depth) if isinstance(part, Related) else _test(uow, entity, part)


def _related(uow: UnitOfWork, part: Related, depth: int) -> str:
    inner = _group(uow, entity_for(part.entity), part.of, depth + 1)
    key = "sentence.has.where" if inner else "sentence.has"
    language = uow.actor.language
    quantity = text(language, f"sentence.quantity.{part.has}", count=part.n)
    return text(language, key, quantity=quantity, records=_plural(uow, part.entity), what=inner)


def _test(uow: UnitOfWork, entity: Entity, part: Criterion) -> str:
    found = _walk(uow, entity, part.field.split("."))
    if found is None:
        return ""
    path, spec = found
    language = uow.actor.language
    operator = text(language, f"operator.{part.op}", default=part.op.replace("_", " "))
    if OPERATORS[part.op].takes == "nothing":
        return f"{path} {operator}"
    given = (part.value,) if isinstance(part.value, str) else part.value
    return f"{path} {operator} {_values(uow, spec, OPERATORS[part.op].takes, given)}"


def _walk(uow: UnitOfWork, entity: Entity, steps: list[str]) -> tuple[str, FieldSpec] | None:
    """Return the labels of a path and its last field; None when the actor may not read one of them."""
    labels = []
    for place, name in enumerate(steps):
        spec = uow.fields(entity.key).get(name)
        if spec is None:
            return None
        labels.append(names.field_label(entity.key, spec, uow.actor.language))
        if place == len(steps) - 1:
            return " › ".join(labels), spec
        if not spec.target:
            return None
        entity = entity_for(spec.target)
    return None


def _values(uow: UnitOfWork, spec: FieldSpec, takes: str, given: Iterable[str]) -> str:
    language, values = uow.actor.language, list(given)
    if takes == "span":
        word, _, count = values[0].partition(":")
        span = text(language, f"list.span.{word}")
        return f"{span} {count}".strip()
    known = {"@me": text(language, "list.me"), "@team": text(language, "list.my_team")}
    known |= {one.id: one.label for one in options(uow, spec)}
    target = spec.target or ""
    if target and (ids := [value for value in values if value not in known and len(value) == 36]):
        known |= {str(k): v for k, v in references.titles(uow, target, [UUID(i) for i in ids]).items()}
    told = [known.get(value, value) for value in values]
    if takes in ("two", "two_days"):
        return f" {text(language, 'sentence.and')} ".join(told)
    more = len(told) - MOST_VALUES
    shown = [f"“{one}”" if takes == "text" else one for one in told[:MOST_VALUES]]
    end = [text(language, "sentence.more", n=more)] if more > 0 else []
    return f" {text(language, 'sentence.or')} ".join([*shown, *end])
