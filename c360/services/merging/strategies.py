"""How one value is made of several: the newest, the longest, all of them; the order of the records changes nothing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from c360.core.fold import fold
from c360.registry.entity import FieldSpec

JOINT = {"long_text": "\n\n"}
"""What stands between united texts; a semicolon where nothing else is said."""


Given = Sequence[tuple[datetime, UUID, Any]]
"""Filled values with when their record changed last and its id, in the order of the survivor and the others by age."""


def _newest(given: Given) -> Any:
    return max(given, key=lambda one: one[:2])[2]


def _oldest(given: Given) -> Any:
    return min(given, key=lambda one: one[:2])[2]


def _longest(given: Given) -> Any:
    return max(given, key=lambda one: (len(str(one[2])), *one[:2]))[2]


def _shortest(given: Given) -> Any:
    return min(given, key=lambda one: (len(str(one[2])), *one[:2]))[2]


def _least(given: Given) -> Any:
    return min(one[2] for one in given)


def _most(given: Given) -> Any:
    return max(one[2] for one in given)


def _sum(given: Given) -> Any:
    return sum(one[2] for one in given)


def _union(given: Given) -> Any:
    """Unite lists, each value once."""
    return list(dict.fromkeys(value for _, _, values in given for value in values))


def _append(given: Given, joint: str = "; ") -> Any:
    """Unite texts, each once however it is written."""
    known: dict[str, str] = {}
    for _, _, value in given:
        known.setdefault(fold(str(value)), str(value))
    return joint.join(known.values())


STRATEGIES: Mapping[str, Callable[[Given], Any]] = {
    "newest": _newest, "oldest": _oldest, "longest": _longest, "shortest": _shortest, "union": _union,
    "append": _append, "min": _least, "max": _most, "sum": _sum,
}  # fmt: skip


def offered(spec: FieldSpec) -> tuple[str, ...]:
    """Return the strategies that fit a kind of value."""
    either = ("newest", "oldest")
    if spec.kind.multiple:
        return ("union", *either)
    if spec.kind.python in (int, float):
        return (*either, "min", "max", "sum")
    if spec.kind.key in ("date", "moment"):
        return (*either, "min", "max")
    if spec.kind.key in ("text", "long_text") and spec.options is None:
        return (*either, "longest", "shortest", "append")
    return either


def usual(spec: FieldSpec) -> str:
    """Return the strategy a field has unless somebody picks: lists and notes are united, all else is picked."""
    if spec.kind.multiple:
        return "union"
    return "append" if spec.kind.key == "long_text" or spec.name == "alternative_names" else ""


def apply(name: str, spec: FieldSpec, given: Given) -> Any:
    """Return what a strategy makes of filled values; None when there are none."""
    if not given:
        return None
    if name == "append":
        return _append(given, JOINT.get(spec.kind.key, "; "))
    return STRATEGIES[name](given)
