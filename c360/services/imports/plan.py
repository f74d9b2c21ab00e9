"""The plan of an import: what each column means and what becomes of each row; JSON in and out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from c360.core.errors import Invalid
from c360.services.duplicates import doors

LEAVING = ("inactivate", "anonymise")
"""What ends a record instead of changing it; only its key is read."""
CHANGING = ("skip", "fill", "overwrite", "append", "ask")
ON_MATCH = (*CHANGING, *LEAVING)
ON_NEW = ("create", "skip")
ON_DUPLICATE = ("", *doors.ON_DUPLICATE)
WAS_LIKELY = {"ask": doors.REFUSE, "create": doors.CREATE}
"""What plans called it before programs and imports used the same words."""
UNKNOWN = ("reject", "create", "empty")
ENTITIES = ("contact", "account", "activity", "relation")


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """What one column means.

    ``target`` is where its values go ("" leaves it out), ``empty`` are words that mean nothing here, ``unknown`` says
    what to do with a word that is no choice of its pick list, ``words`` says what a word of the file means.
    """

    column: str
    target: str = ""
    empty: tuple[str, ...] = ()
    unknown: str = "reject"
    words: Mapping[str, str] = field(default_factory=dict)
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file is imported.

    ``match`` names the target by which a row is recognised, ``on_match`` what a recognised row does to its record,
    ``on_new`` what becomes of the others, ``on_duplicate`` of those that merely look like a record ("" as the door
    says). Empty cells change nothing unless ``erase``. ``defaults`` fills targets no column fills; ``source`` names the
    system ids come from. ``reason`` says why records are made inactive.
    """

    entity: str
    columns: tuple[ColumnPlan, ...] = ()
    match: str = ""
    on_match: str = "skip"
    on_new: str = "create"
    on_duplicate: str = doors.REFUSE
    erase: bool = False
    source: str = ""
    reason: str = ""
    defaults: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the plan as JSON."""
        return {**asdict(self), "columns": [{**asdict(c), "empty": list(c.empty)} for c in self.columns]}

    def column(self, name: str) -> ColumnPlan | None:
        """Return what a column means."""
        return next((c for c in self.columns if c.column == name), None)

    def with_column(self, name: str, **changes: Any) -> "Plan":
        """Return the plan with one column changed; a target that was another column's moves here."""
        moved = changes.get("target")
        columns = tuple(
            replace(c, **changes)
            if c.column == name
            else replace(c, target="")
            if moved and c.target == moved and not _shared(moved)
            else c
            for c in self.columns
        )
        return replace(self, columns=columns)


def _shared(target: str) -> bool:
    return target.startswith("reach.") or target in ("tags", "notes", "customers.more")


def from_json(given: Mapping[str, Any]) -> Plan:
    """Return a plan from JSON of a browser or a file; ``Invalid`` names what does not fit."""
    try:
        if "likely" in given:
            given = {**given, "on_duplicate": WAS_LIKELY[given["likely"]]}
            del given["likely"]
        known = {f.name for f in fields(Plan)}
        if unknown := set(given) - known:
            raise ValueError(sorted(unknown)[0])
        columns = tuple(_column(c) for c in given.get("columns", ()))
        plan = Plan(**{**given, "columns": columns})
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        raise Invalid.field("plan", "import.plan.bad", what=str(error)[:80]) from error
    allowed = {"entity": ENTITIES, "on_match": ON_MATCH, "on_new": ON_NEW, "on_duplicate": ON_DUPLICATE}
    for name, values in allowed.items():
        if getattr(plan, name) not in values:
            raise Invalid.field(name, "import.plan.bad", what=name)
    if any(c.unknown not in UNKNOWN for c in columns) or not isinstance(plan.defaults, Mapping):
        raise Invalid.field("columns", "import.plan.bad", what="columns")
    return plan


def _column(given: Mapping[str, Any]) -> ColumnPlan:
    made = ColumnPlan(**{**given, "empty": tuple(given.get("empty", ()))})
    texts = [made.column, made.target, *made.empty, *made.words.keys(), *made.words.values()]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("columns")
    return made
