"""The columns a list may show and filter by, as the actor meets them: labels, cells, operators, choices."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale
from sqlmodel import col, select

from c360.core.i18n import text
from c360.models.choice import Choice
from c360.query.operators import OPERATORS
from c360.registry.entity import FieldSpec, entity_for
from c360.services import fields
from c360.services.listing.order import is_sortable
from c360.services.uow import UnitOfWork

UNSHOWN = frozenset({"id", "photo", "archived_at", "custom", "merged_into_id"})


@dataclass(frozen=True, slots=True)
class Option:
    """One value a person may choose."""

    id: str
    label: str
    color: str = ""


@dataclass(frozen=True, slots=True)
class OperatorInfo:
    """One test a field offers: its key, its wording, and what a person fills in."""

    key: str
    label: str
    takes: str


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """Everything a screen needs to show, edit, sort and filter one column."""

    name: str
    label: str
    help: str
    kind: str
    cell: str
    widget: str
    editable: bool
    sortable: bool
    shown: bool
    listed: bool
    custom: bool
    title: bool
    target: str
    options: tuple[Option, ...]
    operators: tuple[OperatorInfo, ...]


def columns(uow: UnitOfWork, key: str) -> list[ColumnInfo]:
    """Return what the list of an entity can show and filter by, its default columns first."""
    entity = entity_for(key)
    known = uow.fields(key)
    writable = fields.writable(uow.session, entity, uow.actor)
    picked = _pick_lists(uow, known)
    usual = {name: place for place, name in enumerate(entity.columns)}
    unlisted, untyped = (fields.kept_out(uow.session, entity, place) for place in ("list", "form"))
    found = []
    for name in sorted(known, key=lambda n: usual.get(n, len(usual))):
        spec = known[name]
        if name in UNSHOWN or spec.kind.cell == "none":
            continue
        found.append(
            ColumnInfo(
                name=name,
                label=label(uow, spec),
                help=spec.help,
                kind=spec.kind.key,
                cell=spec.kind.cell,
                widget=spec.kind.widget,
                editable=name in writable and spec.source != "computed" and name not in untyped,
                sortable=is_sortable(spec),
                shown=name in usual,
                listed=name not in unlisted,
                custom=spec.source == "custom",
                title=name == entity.title[0],
                target=spec.target or "",
                options=options(uow, spec, picked),
                operators=tuple(_operator(uow, op) for op in spec.kind.operators),
            )
        )
    return found


def exportable(uow: UnitOfWork, key: str) -> list[ColumnInfo]:
    """Return the columns a file may have: all but what an administrator keeps out of files."""
    shut = fields.kept_out(uow.session, entity_for(key), "import")
    return [column for column in columns(uow, key) if column.name not in shut]


def label(uow: UnitOfWork, spec: FieldSpec) -> str:
    """Return a field's name in the actor's language; administrators named theirs themselves."""
    if spec.source == "custom":
        return spec.label
    return text(uow.actor.language, f"field.{spec.name}", default=spec.label)


def options(uow: UnitOfWork, spec: FieldSpec, picked: Mapping[str, list[Option]] | None = None) -> tuple[Option, ...]:
    """Return the values of a field one may choose from, in their order; empty for a field that is typed."""
    language = uow.actor.language
    if spec.pick_list:
        return tuple((picked or _pick_lists(uow, {spec.name: spec})).get(spec.pick_list, ()))
    if spec.options is not None:
        named = fields.choices(uow.session, spec)
        return tuple(named_option(language, spec, value, named) for value in spec.options.values)
    if spec.kind.key in ("country", "language"):
        return tuple(Option(code, name) for code, name in sorted(names(spec.kind.key, language).items(), key=_by_name))
    return ()


def named_option(language: str, spec: FieldSpec, value: str, named: Mapping[str, Mapping[str, Any]]) -> Option:
    """Return a fixed value with its label: an administrator's own, else the catalogue's."""
    if value in named:
        return Option(value, str(named[value].get("label", value)), str(named[value].get("color", "") or ""))
    key = spec.options.key if spec.options else ""
    return Option(value, text(language, f"option.{key}.{value}", default=value.replace("_", " ").capitalize()))


@cache
def names(kind: str, language: str) -> Mapping[str, str]:
    """Return every country or language by code, named in a language."""
    locale = Locale(language)
    if kind == "country":
        return {code: name for code, name in locale.territories.items() if len(code) == 2 and code.isalpha()}
    return {code: name for code, name in locale.languages.items() if len(code) == 2}


def _by_name(item: tuple[str, str]) -> str:
    return item[1]


def _pick_lists(uow: UnitOfWork, known: Mapping[str, FieldSpec]) -> dict[str, list[Option]]:
    wanted = {spec.pick_list for spec in known.values() if spec.pick_list}
    found: dict[str, list[Option]] = {}
    if wanted:
        rows = select(Choice).where(
            col(Choice.pick_list).in_(wanted), col(Choice.archived_at).is_(None), col(Choice.retired_at).is_(None)
        )
        for row in uow.session.exec(rows.order_by(col(Choice.position), col(Choice.name))):
            found.setdefault(row.pick_list, []).append(Option(str(row.id), row.name, row.color))
    return found


def _operator(uow: UnitOfWork, key: str) -> OperatorInfo:
    operator = OPERATORS[key]
    return OperatorInfo(key, text(uow.actor.language, f"operator.{key}", default=key.replace("_", " ")), operator.takes)
