"""Columns read as the database keeps them: what ten thousand rows hold alike is made a value once."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Date, DateTime, String, TypeDecorator, Uuid, cast, type_coerce
from sqlalchemy.types import NullType


def raw(column: Any, dialect: Any) -> tuple[Any, Callable[[Any], Any]]:
    """Return a column to select, and what turns its raw values into what they stand for: ids into their text."""
    kind = column.type
    if isinstance(kind, Uuid):
        digits = dialect.name == "sqlite"
        return (type_coerce(column, NullType()), _dashed) if digits else (cast(column, String), _same)
    if isinstance(kind, DateTime | Date | TypeDecorator):
        process = kind.dialect_impl(dialect).result_processor(dialect, None)
        return type_coerce(column, NullType()), process or _same
    return column, _same


def _dashed(digits: str | None) -> str | None:
    """Return an id as people write it; SQLite keeps its digits alone."""
    return digits and f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _same(value: Any) -> Any:
    return value
