"""Filter operators: one row each gives the menu, the SQL and what it takes.

Every test is true or false, never unknown: "is not" and "has none of" hold for an empty value, the others do not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, Integer, and_, cast, extract, func, not_, or_
from sqlalchemy import false as sql_false

from c360.core.clock import today
from c360.core.fold import fold
from c360.query import moments
from c360.query.json_sql import has_any

Takes = Literal["text", "value", "values", "two", "day", "two_days", "span", "nothing"]


@dataclass(frozen=True, slots=True)
class Operator:
    """One way to test a field. ``sql`` gets the column's expression and the parsed value(s).

    ``takes`` says what a person fills in; its label is ``operator.<key>`` in the catalogue.
    """

    key: str
    sql: Callable[[Any, Any], ColumnElement[bool]]
    takes: Takes = "value"


def _folded(column: Any) -> Any:
    """Return a column's text folded; a name is kept so already."""
    table = getattr(getattr(column, "parent", None), "entity", None)
    kept = getattr(table, f"sort_{getattr(column, 'key', '')}", None)
    return func.c360_fold(column) if kept is None else kept


def _or_empty(column: Any, test: ColumnElement[bool]) -> ColumnElement[bool]:
    return or_(column.is_(None), test)


def _bound(column: Any, day: date) -> Any:
    """Return a day as the column's type needs it: a moment column compares with midnight, UTC."""
    python = getattr(column.type, "python_type", date)
    if python is str:
        return day.isoformat()
    return day if python is date else moments.midnight(day)


def _between(column: Any, first: date | None, after: date | None) -> ColumnElement[bool]:
    parts = [column >= _bound(column, first)] if first else []
    return and_(*parts, *([column < _bound(column, after)] if after else []))


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _day_of_year(column: Any) -> Any:
    """Return the month and day of a date as one number, 1 May as 501, whether it is kept as a date or as ISO text."""
    if getattr(column.type, "python_type", date) is str:
        return cast(func.substr(column, 6, 2), Integer) * 100 + cast(func.substr(column, 9, 2), Integer)
    return extract("month", column) * 100 + extract("day", column)


def _anniversary(column: Any, first: date | None, after: date | None) -> ColumnElement[bool]:
    """Return whether a date of any year comes round between two days; 29 February does with the end of February."""
    if first is None or after is None or (after - first).days > 365:
        return column.is_not(None)
    day, start, end = _day_of_year(column), first.month * 100 + first.day, after.month * 100 + after.day
    return and_(day >= start, day < end) if start < end else or_(day >= start, day < end)


def _any_text(column: Any, values: list[str]) -> ColumnElement[bool]:
    return _folded(column).in_([fold(v) for v in values]) if values else sql_false()


def _none_of(column: Any, values: list[str]) -> ColumnElement[bool]:
    return or_(column.is_(None), not_(has_any(column, values)))


def _all_of(column: Any, values: list[str]) -> ColumnElement[bool]:
    return and_(*(has_any(column, [v]) for v in values))


OPERATORS = {
    op.key: op
    for op in (
        Operator("contains", lambda c, v: _folded(c).contains(fold(v), autoescape=True), "text"),
        Operator("not_contains", lambda c, v: _or_empty(c, ~_folded(c).contains(fold(v), autoescape=True)), "text"),
        Operator("starts_with", lambda c, v: _folded(c).startswith(fold(v), autoescape=True), "text"),
        Operator("ends_with", lambda c, v: _folded(c).endswith(fold(v), autoescape=True), "text"),
        Operator("any_of", _any_text, "values"),
        Operator("equals", lambda c, v: _folded(c) == fold(v) if isinstance(v, str) else c == v),
        Operator("not_equals", lambda c, v: _or_empty(c, _folded(c) != fold(v) if isinstance(v, str) else c != v)),
        Operator("less", lambda c, v: c < v),
        Operator("at_most", lambda c, v: c <= v),
        Operator("more", lambda c, v: c > v),
        Operator("at_least", lambda c, v: c >= v),
        Operator("between", lambda c, v: and_(c >= v[0], c <= v[1]), "two"),
        Operator("on", lambda c, v: _between(c, v, _day_after(v)), "day"),
        Operator("before", lambda c, v: c < _bound(c, v), "day"),
        Operator("after", lambda c, v: c >= _bound(c, _day_after(v)), "day"),
        Operator("between_dates", lambda c, v: _between(c, v[0], _day_after(v[1])), "two_days"),
        Operator("within", lambda c, v: _between(c, *moments.span(v, today())), "span"),
        Operator("anniversary", lambda c, v: _anniversary(c, *moments.span(v, today())), "span"),
        Operator("is", lambda c, v: c == v),
        Operator("is_not", lambda c, v: _or_empty(c, c != v)),
        Operator("is_any_of", lambda c, v: c.in_(v), "values"),
        Operator("is_none_of", lambda c, v: _or_empty(c, c.not_in(v)), "values"),
        Operator("matches", lambda c, v: c.in_(v), "text"),
        Operator("has_any_of", has_any, "values"),
        Operator("has_all_of", _all_of, "values"),
        Operator("has_none_of", _none_of, "values"),
        Operator("is_yes", lambda c, _: c.is_(True), "nothing"),
        Operator("is_no", lambda c, _: or_(c.is_(None), c.is_(False)), "nothing"),
        Operator("is_empty", lambda c, _: c.is_(None), "nothing"),
        Operator("is_not_empty", lambda c, _: c.is_not(None), "nothing"),
    )
}
