"""Facts: a record's fields as people read them, every choice and reference named in one look-up each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from c360.core.i18n import text
from c360.registry.entity import FieldSpec
from c360.services import closed, fields, files, names, references
from c360.services.listing import cells

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork

SHOWN_AS = {"email": "email", "phone": "phone", "url": "url", "money": "money", "date": "date", "moment": "moment",
            "long_text": "long"}  # fmt: skip
"""Kinds the browser formats or links itself."""
LINKS = {"email": "mailto:{}", "phone": "tel:{}", "url": "{}"}
PROFILES = ("contact", "account", "customer")


@dataclass(slots=True)
class Chip:
    """A short word with a colour: a choice, a state."""

    text: str
    color: str = ""


@dataclass(slots=True)
class Fact:
    """One field as it is read: its name, what it says, where it leads or why that way is closed, what filled it."""

    name: str
    label: str
    kind: str = "text"
    text: str = ""
    href: str = ""
    reason: str = ""
    origin: str = ""
    origin_told: str = ""
    chips: list[Chip] = field(default_factory=list)


@dataclass(slots=True)
class Act:
    """Something one can do with a line: where it leads, or why it cannot be done now."""

    key: str
    label: str = ""
    href: str = ""
    reason: str = ""


@dataclass(slots=True)
class Line:
    """One record in a card: a place, a person, a job. ``place`` is where its acts take place."""

    id: str
    entity: str
    title: str
    sub: str = ""
    icon: str = ""
    href: str = ""
    initials: str = ""
    hue: str = "indigo"
    square: bool = False
    primary: str = ""
    offer: str = ""
    place: str = ""
    chips: list[Chip] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)


@dataclass(slots=True)
class Card:
    """A named part of a tab: facts, lines of records, or both; what may be edited or added there, where it goes on.

    ``more`` counts the records that have no line yet, the first of which is number ``next``.
    """

    key: str
    title: str
    facts: list[Fact] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    more: int = 0
    next: int = 0
    edits: str = ""
    adds: str = ""
    add_label: str = ""
    empty: str = ""
    hint: str = ""
    opens: str = ""
    open_label: str = ""


def read(uow: "UnitOfWork", key: str, record: Any, wanted: Sequence[str], *, blank: bool = True) -> dict[str, Fact]:
    """Return the named fields of a record the actor may read; ``blank`` keeps those that hold nothing."""
    return table(uow, key, [record], wanted, blank=blank)[0]


def table(
    uow: "UnitOfWork", key: str, records: Sequence[Any], wanted: Sequence[str], *, blank: bool = False
) -> list[dict[str, Fact]]:
    """Return the named fields of several records, with one look-up a kind of reference for all of them."""
    known = uow.fields(key)
    specs = [known[name] for name in wanted if name in known]
    labels = _labels(uow, specs, [value_of(r, s) for r in records for s in specs])
    made = []
    for record in records:
        facts = {s.name: _fact(uow, key, s, value_of(record, s), labels) for s in specs}
        made.append({n: f for n, f in facts.items() if blank or f.text or f.chips})
    if key in PROFILES:
        closed.shut(uow, records, made)
    return made


def value_of(record: Any, spec: FieldSpec) -> Any:
    """Return what a field of a record holds, in a column or in its custom values."""
    return record.custom.get(spec.name) if spec.source == "custom" else getattr(record, spec.name)


def _labels(uow: "UnitOfWork", specs: Sequence[FieldSpec], values: Sequence[Any]) -> Mapping[str, tuple[str, str, str]]:
    """Return label, colour and entity of every id and option among the values."""
    ids: dict[str, set[UUID]] = {}
    for index, value in enumerate(values):
        spec = specs[index % len(specs)]
        target = "choice" if spec.pick_list else spec.target if spec.kind.key == "reference" else None
        target = "file" if spec.kind.key == "file" else target
        if target and value:
            parts = value if isinstance(value, list) else [value]
            ids.setdefault(target, set()).update(UUID(str(part)) for part in parts)
    found: dict[str, tuple[str, str, str]] = {}
    for target, wanted in ids.items():
        if target == "choice":
            chosen = cells.choices(uow, wanted)
            found |= {i: (c["label"], c.get("color", ""), "") for i, c in chosen.items()}
        elif target == "file":
            found |= {str(i): (name, "", "") for i, name in files.titles(uow, wanted).items()}
        else:
            titles = references.titles(uow, target, wanted)
            found |= {str(i): (title, "", target) for i, title in titles.items()}
    return found


def _fact(uow: "UnitOfWork", key: str, spec: FieldSpec, value: Any, labels: Mapping[str, Any]) -> Fact:
    language = uow.actor.language
    fact = Fact(spec.name, names.field_label(key, spec, language), SHOWN_AS.get(spec.kind.key, "text"))
    if value in (None, "", [], {}):
        return fact
    parts = [str(v) for v in value] if isinstance(value, list) else [str(value)]
    if spec.pick_list:
        fact.kind = "chips"
        fact.chips = [Chip(labels[p][0], labels[p][1]) for p in parts if p in labels]
    elif spec.options is not None:
        fact.text = ", ".join(_option(uow, spec, part) for part in parts)
    elif spec.kind.key == "reference":
        unseen = (text(language, "form.unseen"), "", "")
        fact.text, _, target = labels.get(parts[0], unseen)
        fact.href = f"/{target}/{parts[0]}" if target in PROFILES else ""
    elif spec.kind.key == "file":
        fact.kind, fact.href = "file", f"/api/files/{parts[0]}"
        fact.text = labels.get(parts[0], (text(language, "form.unseen"),))[0]
    elif spec.kind.key == "boolean":
        fact.text = text(language, "form.yes" if value is True else "form.no")
    elif spec.kind.key in names.CODED:
        fact.text = names.name_of(spec.kind.key, parts[0], language)
    elif spec.kind.key == "percent":
        fact.text = f"{value:g} %"
    else:
        fact.text = parts[0] if isinstance(value, list | str) else spec_text(value)
        fact.href = LINKS.get(spec.kind.key, "").format(parts[0].replace(" ", "") if fact.kind == "phone" else parts[0])
    return fact


def spec_text(value: Any) -> str:
    """Return a value as the browser can format it: dates in ISO, all else as it is written."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _option(uow: "UnitOfWork", spec: FieldSpec, value: str) -> str:
    if spec.source == "custom":
        known = fields.choices(uow.session, spec)
        return str(known.get(value, {}).get("label") or value)
    return names.option(spec.options.key if spec.options else "", value, uow.actor.language)
