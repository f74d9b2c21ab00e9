"""The completeness of a profile as a field like any other: listed, filtered and sorted by an SQL expression."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import case, literal

from c360.query.expressions import is_empty
from c360.registry.entity import Entity, FieldSpec
from c360.registry.kinds import SCORE

NAME = "completeness"
Weights = Mapping[str, Mapping[str, int]]


def spec(entity: Entity, known: Mapping[str, FieldSpec], weights: Weights) -> FieldSpec:
    """Return the field that holds the score, 0 to 100; on the list of both kinds each has its own weights."""

    def sql(model: Any) -> Any:
        if entity.key != "customer":
            return _sum(model, known, weights[entity.key])
        person = model.kind == "contact"
        return case((person, _sum(model, known, weights["contact"])), else_=_sum(model, known, weights["account"]))

    kinds = ("contact", "account") if entity.key == "customer" else (entity.key,)
    reads = tuple(dict.fromkeys(name for kind in kinds for name in weights[kind] if name in known))
    return FieldSpec(
        name=NAME, label="Completeness", kind=SCORE, editable=False, source="computed", sql=sql, reads=reads
    )


def rounded(filled: int, total: int) -> int:
    """Return the share of the weights that are filled, of a hundred."""
    return (100 * filled + total // 2) // total if total else 0


def _sum(model: Any, known: Mapping[str, FieldSpec], weights: Mapping[str, int]) -> Any:
    counted = {name: weight for name, weight in weights.items() if name in known}
    total = sum(counted.values())
    if not total:
        return literal(0)
    parts = [case((is_empty(model, known[name]), 0), else_=weight) for name, weight in counted.items()]
    filled = sum(parts[1:], start=parts[0])
    return filled if total == 100 else (100 * filled + total // 2) // total
