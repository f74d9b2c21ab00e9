"""How one value is made of several: the newest, the longest, all of them; the order of the records changes nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from c360.core.fold import fold
from c360.registry.entity import FieldSpec

HERE = "Customer 360"
"""The label of what was typed here; the same in every language, for a plan must hold for whoever approves it."""
JOINT = {"long_text": "\n\n"}
"""What stands between united texts; a semicolon where nothing else is said."""


class Told(NamedTuple):
    """A filled value: when its record changed last, which that is, and the system it came from, "" when typed here."""

    at: datetime
    record_id: UUID
    value: Any
    source: str = ""


Given = Sequence[Told]
"""In the order of the survivor and the others by age."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose word counts most: systems by name, and whether what was typed here comes before them or after."""

    sources: tuple[str, ...] = ()
    typed_first: bool = True

    def rank(self, source: str) -> int:
        """Return the place of a source, 0 the most trusted; one nobody named is the last."""
        if not source:
            return 0 if self.typed_first else len(self.sources) + 1
        named = [fold(one) for one in self.sources]
        return 1 + named.index(fold(source)) if fold(source) in named else len(named) + 2


def _newest(given: Given) -> Any:
    return max(given, key=lambda one: one[:2]).value


def _oldest(given: Given) -> Any:
    return min(given, key=lambda one: one[:2]).value


def _longest(given: Given) -> Any:
    return max(given, key=lambda one: (len(str(one.value)), *one[:2])).value


def _shortest(given: Given) -> Any:
    return min(given, key=lambda one: (len(str(one.value)), *one[:2])).value


def _trusted(given: Given, trust: Trust) -> Any:
    """Return the value of the most trusted source, the newest of several."""
    best = min(trust.rank(one.source) for one in given)
    return _newest([one for one in given if trust.rank(one.source) == best])


def _least(given: Given) -> Any:
    return min(one.value for one in given)


def _most(given: Given) -> Any:
    return max(one.value for one in given)


def _sum(given: Given) -> Any:
    return sum(one.value for one in given)


def _union(given: Given) -> Any:
    """Unite lists, each value once."""
    return list(dict.fromkeys(value for one in given for value in one.value))


def _append(given: Given, joint: str = "; ") -> Any:
    """Unite texts, each once however it is written."""
    known: dict[str, str] = {}
    for one in given:
        known.setdefault(fold(str(one.value)), str(one.value))
    return joint.join(known.values())


def _labelled(given: Given, joint: str) -> Any:
    """Unite texts, each once, with the system each came from."""
    known: dict[str, str] = {}
    for one in given:
        known.setdefault(fold(str(one.value)), f"{one.value} ({one.source or HERE})")
    return joint.join(known.values())


STRATEGIES: Mapping[str, Callable[[Given], Any]] = {
    "newest": _newest, "oldest": _oldest, "longest": _longest, "shortest": _shortest, "union": _union,
    "min": _least, "max": _most, "sum": _sum,
}  # fmt: skip


def offered(spec: FieldSpec) -> tuple[str, ...]:
    """Return the strategies that fit a kind of value."""
    either = ("newest", "oldest", "trusted")
    if spec.kind.multiple:
        return ("union", *either)
    if spec.kind.python in (int, float):
        return (*either, "min", "max", "sum")
    if spec.kind.key in ("date", "moment"):
        return (*either, "min", "max")
    if spec.kind.key in ("text", "long_text") and spec.options is None:
        return (*either, "longest", "shortest", "append", "labelled")
    return either


def usual(spec: FieldSpec, said: str = "") -> str:
    """Return the strategy a field has unless somebody picks: what was said of it, else lists and notes are united."""
    if said in offered(spec):
        return said
    if spec.kind.multiple:
        return "union"
    return "append" if spec.kind.key == "long_text" or spec.name == "alternative_names" else ""


def apply(name: str, spec: FieldSpec, given: Given, trust: Trust) -> Any:
    """Return what a strategy makes of filled values; None when there are none."""
    if not given:
        return None
    joint = JOINT.get(spec.kind.key, "; ")
    if name == "append":
        return _append(given, joint)
    if name == "labelled":
        return _labelled(given, joint)
    return _trusted(given, trust) if name == "trusted" else STRATEGIES[name](given)
