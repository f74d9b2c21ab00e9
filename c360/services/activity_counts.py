"""How often a customer was contacted: by kind, direction and month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from babel.dates import format_date
from sqlalchemy import extract, func, select
from sqlmodel import col

from c360.core.clock import today
from c360.core.i18n import text
from c360.models.activity import CONTACTS, KINDS, ActivityCustomer
from c360.query.moments import midnight
from c360.reporting import figures
from c360.services import names
from c360.services.timeline.stream import circle
from c360.services.uow import UnitOfWork

MONTHS = 12
WAYS = ("in", "out", "neither")


@dataclass(slots=True)
class Column:
    """A kind or a direction, as the head of a column."""

    key: str = ""
    label: str = ""


@dataclass(slots=True)
class Line:
    """One line of a table: a month or a kind, a number for each column, and all of them together."""

    key: str = ""
    label: str = ""
    numbers: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Split:
    """The months split one way: as the traces of a chart, and as the columns and lines of its table."""

    traces: list[dict[str, Any]] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Counts:
    """The last months, the latest last, split by kind and by direction, and every kind over all of them."""

    kinds: Split = field(default_factory=Split)
    ways: Split = field(default_factory=Split)
    rows: list[Line] = field(default_factory=list)
    total: int = 0


Cells = Mapping[tuple[date, str, str], int]


def of(uow: UnitOfWork, record_id: UUID, *, wide: bool = False, grouped: bool = False) -> Counts:
    """Count a customer's contacts of the last twelve months, this one included."""
    uow.get("customer", record_id, archived=True)
    customers = circle(uow, record_id, wide=wide, grouped=grouped)
    months = [_month(n) for n in range(MONTHS - 1, -1, -1)]
    cells = _cells(customers, months, uow)
    language = uow.actor.language
    used = {kind for _, kind, _ in cells}
    kinds = [Column(one, names.option("activity_kind", one, language)) for one in KINDS if one in used & CONTACTS]
    ways = [Column(*one) for one in directions(language)]
    rows = [
        Line(kind.key, kind.label, _with_sum([_sum(cells, kind=kind.key, way=way.key) for way in ways]))
        for kind in kinds
    ]
    return Counts(
        _split(language, months, kinds, lambda month, key: _sum(cells, month=month, kind=key)),
        _split(language, months, ways, lambda month, key: _sum(cells, month=month, way=key)),
        rows,
        sum(cells.values()),
    )


def _cells(customers: Sequence[UUID], months: Sequence[date], uow: UnitOfWork) -> Cells:
    link = ActivityCustomer
    year, month = extract("year", col(link.at)), extract("month", col(link.at))
    # One activity with two of them was one contact.
    found = select(year, month, col(link.kind), col(link.counts), func.count(col(link.activity_id).distinct())).where(
        col(link.customer_id).in_(customers), col(link.counts).is_not(None), col(link.at) >= midnight(months[0])
    )
    rows = uow.session.execute(found.group_by(year, month, col(link.kind), col(link.counts)))
    # What is dated in the future is counted once it is past.
    counted = {(date(int(y), int(m), 1), kind, way): number for y, m, kind, way, number in rows}
    return {key: number for key, number in counted.items() if key[0] <= months[-1]}


def _sum(cells: Cells, month: date | None = None, kind: str = "", way: str = "") -> int:
    return sum(n for (m, k, w), n in cells.items() if month in (None, m) and kind in ("", k) and way in ("", w))


def _with_sum(numbers: list[int]) -> list[int]:
    return [*numbers, sum(numbers)]


def _split(language: str, months: Sequence[date], columns: list[Column], count: Any) -> Split:
    labels = [format_date(month, "MMM yyyy", locale=language) for month in months]
    keys = [month.isoformat() for month in months]
    numbers = {column.key: [count(month, column.key) for month in months] for column in columns}
    series = [(column.key, column.label, numbers[column.key]) for column in columns]
    lines = [
        Line(keys[n], labels[n], _with_sum([numbers[column.key][n] for column in columns]))
        for n in range(len(months) - 1, -1, -1)
    ]
    return Split(figures.stacked(labels, keys, series), columns, lines)


def directions(language: str) -> list[tuple[str, str]]:
    """Return the ways a contact goes, as key and name."""
    named = [(one, names.option("direction", one, language)) for one in WAYS[:2]]
    return [*named, (WAYS[2], text(language, "timeline.chart.neither"))]


def _month(back: int) -> date:
    """Return the first day of this month or one before it."""
    months = today().year * 12 + today().month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def last_day(month: str) -> str:
    """Return the last day of a month, given its first."""
    first = date.fromisoformat(month)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return (after - timedelta(days=1)).isoformat()
