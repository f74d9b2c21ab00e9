"""From the cells of a row to typed values and parts, with every problem named by its column."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from c360.core.errors import Invalid
from c360.core.fold import fold
from c360.models.communication import DIALLED
from c360.registry.entity import FieldSpec, entity_for
from c360.services import records, sheets
from c360.services.imports import names
from c360.services.imports.plan import ColumnPlan, Plan
from c360.services.imports.target import Target
from c360.services.imports.targets import REACH
from c360.services.imports.words import CATALOGUES, Unknown, Words
from c360.services.uow import UnitOfWork

REMEMBERED = 5_000
CACHED = ("choice", "choices", "option", "options", "country", "language", "boolean", "date", "currency", "timezone")


@dataclass(slots=True)
class Entry:
    """One row of a file, understood as far as it can be without the database."""

    number: int
    cells: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    wanted: dict[str, tuple[str, str]] = field(default_factory=dict)
    """References still known by name: ``{field: (target, name)}``."""
    addresses: dict[str, dict[str, Any]] = field(default_factory=dict)
    reach: list[tuple[str, str, UUID | None]] = field(default_factory=list)
    person: dict[str, Any] = field(default_factory=dict)
    tags: list[UUID] = field(default_factory=list)
    named: list[tuple[str, str, str]] = field(default_factory=list)
    """Customers still known by a word: the place they take, the column, the word."""
    ends: dict[str, list[UUID]] = field(default_factory=dict)
    """The customers in each place."""
    external_id: str = ""
    record_id: str = ""
    problems: list[dict[str, Any]] = field(default_factory=list)
    decision: str = ""
    joined: bool = False

    def wrong(self, column: str, key: str, **params: Any) -> None:
        """Note what is wrong with a cell, or with the row when no column is named."""
        self.problems.append({"column": column, "key": key, "params": params})


Put = Callable[[Entry, str], None]


class Reader:
    """Understands rows as a plan says; built once a unit of work."""

    def __init__(self, uow: UnitOfWork, plan: Plan, columns: list[str], known: Mapping[str, Target]) -> None:
        self.uow, self.plan, self.width = uow, plan, len(columns)
        self.words = Words(uow, plan.entity)
        self.known = known
        at = {name: i for i, name in enumerate(columns)}
        self.columns: list[tuple[int, ColumnPlan, Put]] = [
            (at[c.column], c, self._put(c)) for c in plan.columns if c.target and c.column in at
        ]
        self.defaults = [(t, text, self._put(ColumnPlan(t, t))) for t, text in plan.defaults.items() if text]

    def read(self, number: int, cells: list[str], *, decision: str = "", joined: bool = False) -> Entry:
        """Return what a row says; a bad cell is a problem of its row, never an error."""
        entry = Entry(number, cells, decision=decision, joined=joined)
        if len(cells) > self.width:
            entry.wrong("", "import.row.wide", n=self.width)
            return entry
        for i, column, put in self.columns:
            text = sheets.restored(cells[i]).strip() if i < len(cells) else ""
            if text in column.empty:
                text = ""
            text = column.words.get(text, text)
            if not text:
                if self.plan.erase and column.target in self.known and self.known[column.target].spec:
                    entry.erased.add(column.target)
                continue
            self._try(entry, column.column, put, text)
        return entry

    def fill(self, entry: Entry) -> None:
        """Give a new record the plan's defaults, then those of the pick lists."""
        for target, text, put in self.defaults:
            if target not in entry.values and target not in entry.wanted and target not in entry.ends:
                self._try(entry, target, put, text)
        for name, target in self.known.items():
            spec = target.spec
            if spec and spec.pick_list and spec.kind.key == "choice" and name not in entry.values:
                default = self.words.defaults.get(spec.pick_list)
                if default and "." not in name:
                    entry.values[name] = default

    def _try(self, entry: Entry, column: str, put: Put, text: str) -> None:
        try:
            put(entry, text)
        except Unknown as error:
            entry.wrong(column, str(error), **error.params)
        except ValueError as error:
            entry.wrong(column, str(error), value=text[:100])

    def _put(self, column: ColumnPlan) -> Put:
        """Return what takes the text of one column into an entry."""
        target = self.known.get(column.target)
        if target is None:
            raise Invalid.field(column.column, "import.target.unknown", target=column.target)
        group, _, part = target.key.partition(".")
        if target.key == "full_name":
            return lambda entry, text: entry.values.update(names.split(text))
        if group == "address":
            return self._put_address(part, target)
        if group == "reach":
            return self._put_reach(part)
        if group == "person":
            return self._put_person(part, column)
        if target.group == "customers":
            words = _customers if group == "customers" else lambda text: [text]
            return lambda entry, text: entry.named.extend((group, column.column, word) for word in words(text))
        if target.key == "tags":
            return lambda entry, text: entry.tags.extend(self.words.tag(t) for t in _several(text))
        if target.key in ("external_id", "id"):
            name = "external_id" if target.key == "external_id" else "record_id"
            return lambda entry, text: setattr(entry, name, _short(text, 200))
        return self._put_field(target.spec, column) if target.spec else lambda entry, text: None

    def _put_field(self, spec: FieldSpec, column: ColumnPlan) -> Put:
        name = spec.name
        if spec.kind.key == "reference" and spec.target == "user":
            return lambda entry, text: entry.values.__setitem__(name, _kept(spec, self.words.user(text)))
        if spec.kind.key == "reference" and spec.target in CATALOGUES:
            return lambda entry, text: entry.values.__setitem__(name, self.words.entry(spec.target or "", text))
        if spec.kind.key == "reference":
            return lambda entry, text: entry.wanted.__setitem__(name, (spec.target or "", text))
        if name in ("email", "phone"):
            return self._put_main(spec)
        if name == "notes":
            return _append_note
        value = self._value(spec, column)
        return lambda entry, text: entry.values.__setitem__(name, value(text))

    def _value(self, spec: FieldSpec, column: ColumnPlan) -> Callable[[str], Any]:
        """Return what turns text into a field's value, remembering what it saw where values repeat."""
        if spec.pick_list:
            one: Callable[[str], Any] = lambda text: self.words.choice(spec, text, column.unknown)  # noqa: E731
        elif spec.options:
            one = lambda text: self.words.option(spec, text, column.unknown)  # noqa: E731
        else:
            return _remembering(spec, lambda text: records.parse_field(spec, text))
        if not spec.kind.multiple:
            return _remembering(spec, one)
        return _remembering(
            spec,
            lambda text: list(dict.fromkeys(str(v) for v in map(one, self.words.several(spec, text)) if v is not None)),
        )

    def _put_main(self, spec: FieldSpec) -> Put:
        """The first e-mail or phone of a cell is the customer's own, the others join it."""

        def put(entry: Entry, text: str) -> None:
            first, *others = _several(text) if spec.name == "email" or ";" in text else [text]
            entry.values[spec.name] = records.parse_field(spec, first)
            for other in others:
                entry.reach.append((spec.name, str(records.parse_field(spec, other)), None))

        return put

    def _put_address(self, part: str, target: Target) -> Put:
        role, _, name = part.partition(".")
        spec = entity_for("address").fields[name]
        value = _remembering(spec, lambda text: records.parse_field(spec, text))
        return lambda entry, text: entry.addresses.setdefault(role, {}).__setitem__(name, value(text))

    def _put_reach(self, part: str) -> Put:
        family, kind, type_name = REACH[part]
        type_id = self.words.choices["communication_type"].get(type_name.lower()) if type_name else None
        most = 50 if family in DIALLED else 320

        def put(entry: Entry, text: str) -> None:
            for one in _several(text) if family == "email" else [text]:
                entry.reach.append((family, _short(kind.parse(one), most), type_id))

        return put

    def _put_person(self, part: str, column: ColumnPlan) -> Put:
        def put(entry: Entry, text: str) -> None:
            if part == "name":
                entry.person |= {n: _short(v, 500) for n, v in names.split(text).items()}
            elif part == "role":
                spec = entity_for("contact_person").fields["role_id"]
                entry.person["role_id"] = self.words.choice(spec, text, column.unknown)
            else:
                spec = entity_for("contact").fields[part]
                entry.person[part] = records.parse_field(spec, text)

        return put


def _kept(spec: FieldSpec, value: UUID) -> Any:
    return str(value) if spec.source == "custom" else value


def _append_note(entry: Entry, text: str) -> None:
    entry.values["notes"] = "\n".join(filter(None, (entry.values.get("notes"), text)))


def _several(text: str) -> list[str]:
    parts = re.split(r"[;\n]|,(?=\s*\S+@)|,(?![^;]*@)", text)
    return [part.strip() for part in parts if part.strip()] or [text]


def _customers(text: str) -> list[str]:
    """Return the customers of a cell: a comma belongs to a name unless an address follows it."""
    return [part.strip() for part in re.split(r"[;\n]|,(?=\s*\S+@)", text) if part.strip()]


def _short(text: str, most: int) -> str:
    if len(text) > most:
        raise Unknown("error.long", max=most)
    return text


def _remembering(spec: FieldSpec, value: Callable[[str], Any]) -> Callable[[str], Any]:
    if spec.kind.key not in CACHED and not (spec.pick_list or spec.options):
        return value
    seen: dict[str, Any] = {}

    def remembered(text: str) -> Any:
        if text not in seen:
            found = value(text)
            if len(seen) >= REMEMBERED:
                return found
            seen[text] = found
        return seen[text]

    return remembered


def name_of(entry: Entry, entity: str) -> str:
    """Return the folded name a new record of this row would have."""
    if entity == "account":
        return fold(" ".join(str(entry.values.get("name") or "").split()))
    parts = (entry.values.get(n) for n in ("given_name", "middle_name", "family_name"))
    return fold(" ".join(filter(None, parts)))
