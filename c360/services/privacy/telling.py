"""What an access file says of the rows of a table, read column by column.

Ten thousand rows hold few different values: a page words each of them once, for the file and for the page people
read, and puts the lines together without looking at them again.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, String, Uuid, cast, select
from sqlmodel import col

from c360.models.choice import Choice
from c360.models.customer import Customer
from c360.query.raw import raw
from c360.registry.entity import marks_of
from c360.registry.marks import PickList, Privacy
from c360.services.consents.receipts import Fields, Parts
from c360.services.privacy import reach
from c360.services.uow import UnitOfWork

PAGE = 1_000
ENCODER = json.JSONEncoder(ensure_ascii=False, default=str)

Told = tuple[str, str]
"""A value as the file takes it, and its line on the page; what is empty has none."""
Cells = Told | list[Told]
"""A column of some rows: one value where all of them have the same, else one for each."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows as columns."""

    size: int
    columns: list[Cells]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an access file: the names of its columns, and its rows a page at a time."""

    names: list[str]
    pages: Iterator[Page]


@dataclass(frozen=True, slots=True)
class Column:
    """A column to be read as the database keeps it, and how its values are worded."""

    name: str
    source: Any
    value: Callable[[Any], Any]
    """What the database keeps, as the value it stands for; nothing stays nothing."""
    tell: Callable[[str, Any], Told]
    person: bool = False
    picked: bool = False


def rows(uow: UnitOfWork, model: Any, test: Any, ids: Collection[UUID]) -> Part:
    """Tell the rows of a table as they are, without secrets, and with other people masked."""
    people = people_of(model)
    columns = [
        _column(uow, c, c.name in people, any(isinstance(m, PickList) for m in marks_of(model, c.name)))
        for c in model.__table__.c
        if Privacy.SECRET not in marks_of(model, c.name)
    ]
    return some(uow, columns, select(*(one.source for one in columns)).where(test), ids)


def some(uow: UnitOfWork, columns: Sequence[Column], statement: Any, ids: Collection[UUID]) -> Part:
    """Tell what a statement over these columns finds."""
    found = uow.session.execute(statement.execution_options(yield_per=PAGE))
    pages = (page(uow, columns, list(zip(*part, strict=True)), ids) for part in found.partitions(PAGE))
    return Part([one.name for one in columns], pages)


def plain(uow: UnitOfWork, model: Any, *names: str) -> list[Column]:
    """Return columns that name no one."""
    return [_column(uow, column) for column in reach.columns(model, *names)]


def receipts(names: Sequence[str], found: Iterator[tuple[int, Parts]]) -> Part:
    """Tell receipts, which are made, not read; what several hold in common is worded once."""
    pages = (Page(size, [_receipts(name, parts[name]) for name in names]) for size, parts in found)
    return Part([*names], pages)


def people_of(model: Any) -> list[str]:
    """Return the columns of a table that name a customer."""
    columns = model.__table__.c
    return [c.name for c in columns if any(key.column.table.name == "customer" for key in c.foreign_keys)]


def masked(uow: UnitOfWork, others: Collection[UUID]) -> dict[UUID, str]:
    """Return what customers are called who are not the person: organisations by name, people hidden."""
    if not others:
        return {}
    named = select(*reach.columns(Customer, "id", "kind", "name")).where(col(Customer.id).in_(others))
    return {one.id: one.name if one.kind == "account" else "***" for one in uow.session.execute(named)}


def told(name: str, value: Any) -> Told:
    """Return a value as JSON takes it and as a line of the page."""
    if value is None:
        return "null", ""
    if isinstance(value, str):
        return ENCODER.encode(value), _line(name, escape(value, quote=False)) if value else ""
    if isinstance(value, (list, dict)):
        said = ENCODER.encode(value)
        return said, _line(name, escape(said, quote=False)) if value else ""
    if isinstance(value, (int, float)):
        return ENCODER.encode(value), _line(name, str(value))
    return _told_plain(name, value)


def told_json(name: str, stored: str | None) -> Told:
    """Return what a column of JSON keeps: as it is, unless letters in it are written as numbers."""
    if stored is None or stored in ("[]", "{}"):
        return stored or "null", ""
    said = ENCODER.encode(json.loads(stored)) if "\\u" in stored else stored
    return said, _line(name, escape(said, quote=False))


def _told_plain(name: str, value: Any) -> Told:
    """Return an id or a time: there is nothing in it to escape."""
    return ("null", "") if value is None else (f'"{value}"', _line(name, str(value)))


def _column(uow: UnitOfWork, column: Any, person: bool = False, picked: bool = False) -> Column:
    dialect, kind = uow.session.connection().dialect, column.type
    if isinstance(kind, JSON):
        read, tell = (json.loads, told) if picked else (str, told_json)
        return Column(column.name, cast(column, String), read, tell, person, picked)
    source, value = raw(column, dialect)
    tell = _told_plain if isinstance(kind, Uuid) and not person and not picked else told
    return Column(column.name, source, value, tell, person, picked)


def page(uow: UnitOfWork, columns: Sequence[Column], values: Sequence[Sequence[Any]], ids: Collection[UUID]) -> Page:
    """Tell some rows, given as columns, with other people masked."""
    known = [
        {stored: None if stored is None else one.value(stored) for stored in set(column)}
        for one, column in zip(columns, values, strict=True)
    ]
    _mask(uow, [some for one, some in zip(columns, known, strict=True) if one.person], ids)
    _name(uow, [some for one, some in zip(columns, known, strict=True) if one.picked])
    made = []
    for one, some, column in zip(columns, known, values, strict=True):
        made.append(cells({stored: one.tell(one.name, value) for stored, value in some.items()}, column))
    return Page(len(values[0]), made)


def cells(said: Mapping[Any, Told], column: Sequence[Any]) -> Cells:
    """Return a column by what was made of each of its values."""
    return next(iter(said.values())) if len(said) == 1 else list(map(said.__getitem__, column))


def _mask(uow: UnitOfWork, columns: Sequence[dict[Any, Any]], ids: Collection[UUID]) -> None:
    """Name organisations and hide people who are somebody else."""
    mine = {str(one) for one in ids}
    others = {value: UUID(value) for some in columns for value in some.values() if value and value not in mine}
    known = masked(uow, others.values())
    for some in columns:
        some |= {stored: known.get(others[value], "***") for stored, value in some.items() if value in others}


def _name(uow: UnitOfWork, columns: Sequence[dict[Any, Any]]) -> None:
    """Call choices by their names."""
    wanted = {UUID(str(one)) for some in columns for value in some.values() for one in _listed(value)}
    if not wanted:
        return
    found = uow.session.execute(select(*reach.columns(Choice, "id", "name")).where(col(Choice.id).in_(wanted)))
    known = {str(one.id): one.name for one in found}
    for some in columns:
        for stored, value in some.items():
            names = [known.get(str(one), str(one)) for one in _listed(value)]
            some[stored] = names if isinstance(value, list) else next(iter(names), None)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _receipts(name: str, part: Fields | list[Any]) -> Cells:
    if isinstance(part, list):
        said = {id(one): told(name, one) for one in {id(one): one for one in part}.values()}
        return cells(said, [id(one) for one in part])
    shape, differing = [], []
    for field, (column, worded) in part.columns.items():
        texts = {stored: ENCODER.encode(value) for stored, value in worded.items()}
        alike = len(texts) == 1
        shape.append(f'"{field}": {next(iter(texts.values())).replace("%", "%%") if alike else "%s"}')
        differing += [] if alike else [map(texts.__getitem__, column)]
    form = f"{{{', '.join(shape)}}}"
    form = f"[{form}]" if part.listed else form
    whole = map(form.__mod__, zip(*differing, strict=True)) if differing else (form % (),)
    made = [(said, _line(name, escape(said, quote=False))) for said in whole]
    return made if differing else made[0]


def _line(name: str, shown: str) -> str:
    return f"{_head(name)}{shown}</td></tr>"


@cache
def _head(name: str) -> str:
    return f"<tr><th>{name.replace('_', ' ')}</th><td>"
