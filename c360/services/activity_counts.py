"""How often a customer was contacted: by kind, direction and month."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import extract, func, select
from sqlmodel import col

from c360.core.clock import today
from c360.models.activity import CONTACTS, KINDS, ActivityCustomer
from c360.query.moments import midnight
from c360.services import names
from c360.services.timeline.stream import circle
from c360.services.uow import UnitOfWork

MONTHS = 12


@dataclass(slots=True)
class Bar:
    """One month: its first day, how many contacts, and how high its bar is of a hundred."""

    month: str
    ways: list[int] = field(default_factory=list)
    total: int = 0
    height: int = 0


@dataclass(slots=True)
class Row:
    """One kind: incoming, outgoing, neither, all."""

    kind: str
    label: str
    numbers: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Counts:
    """The last months, the latest last, and every kind over them."""

    bars: list[Bar] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    total: int = 0


WAYS = ("in", "out", "neither")


def of(uow: UnitOfWork, record_id: UUID, *, wide: bool = False, grouped: bool = False) -> Counts:
    """Count a customer's contacts of the last twelve months, this one included."""
    uow.get("customer", record_id, archived=True)
    customers = circle(uow, record_id, wide=wide, grouped=grouped)
    months = [_month(n) for n in range(MONTHS - 1, -1, -1)]
    at, link = col(ActivityCustomer.at), ActivityCustomer
    year, month = extract("year", at), extract("month", at)
    found = select(col(link.kind), col(link.counts), year, month, func.count()).where(
        col(link.customer_id).in_(customers), col(link.counts).is_not(None), at >= midnight(months[0])
    )
    bars = {one: Bar(one.isoformat(), [0, 0, 0]) for one in months}
    rows = {kind: [0, 0, 0, 0] for kind in KINDS if kind in CONTACTS}
    for kind, way, in_year, in_month, number in uow.session.execute(
        found.group_by(col(link.kind), col(link.counts), year, month)
    ):
        place = WAYS.index(way or "neither")
        bar = bars.get(months[0].replace(year=int(in_year), month=int(in_month)))
        if bar is None:
            continue  # What is dated in the future is counted once it is past.
        bar.ways[place] += number
        bar.total += number
        rows[kind][place] += number
        rows[kind][3] += number
    highest = max((bar.total for bar in bars.values()), default=0) or 1
    for bar in bars.values():
        bar.height = round(100 * bar.total / highest)
    language = uow.actor.language
    told = [Row(kind, names.option("activity_kind", kind, language), numbers) for kind, numbers in rows.items()]
    return Counts(list(bars.values()), [row for row in told if row.numbers[3]], sum(b.total for b in bars.values()))


def _month(back: int) -> date:
    """Return the first day of this month or one before it."""
    months = today().year * 12 + today().month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def last_day(month: str) -> str:
    """Return the last day of a month, given its first."""
    first = date.fromisoformat(month)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return (after - timedelta(days=1)).isoformat()
