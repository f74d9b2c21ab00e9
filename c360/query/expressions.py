"""From a field to its SQL expression, wherever the value lives, and from a parsed value to what is stored."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Uuid, cast, func, null, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement

from c360.registry.entity import FieldSpec

NUMERIC = ("integer", "money")


def expression(model: Any, spec: FieldSpec) -> Any:
    """Return the SQL of a field on a table (or an alias of it)."""
    if spec.sql is not None:
        return spec.sql(model)
    if spec.source == "column":
        return getattr(model, spec.name)
    item = model.custom[spec.name]
    if spec.kind.multiple:
        return item
    if spec.kind.key in NUMERIC:
        # Cents of a large amount need 64 bits.
        return cast(item.as_string(), BigInteger)
    if spec.kind.python is float:
        return item.as_float()
    return item.as_boolean() if spec.kind.python is bool else item.as_string()


class as_id(FunctionElement[UUID]):
    """The text of an id inside JSON as a value that compares with an id column."""

    type = Uuid()
    inherit_cache = True


@compiles(as_id, "sqlite")
def _id_of_sqlite(element: as_id, compiler: SQLCompiler, **kw: Any) -> str:
    return f"replace({compiler.process(element.clauses, **kw)}, '-', '')"


@compiles(as_id, "postgresql")
def _id_of_postgresql(element: as_id, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AS UUID)"


def link(model: Any, spec: FieldSpec) -> Any:
    """Return the SQL of a reference as something that compares with the ids of its target."""
    value = expression(model, spec)
    return as_id(value) if spec.source == "custom" else value


def stored(spec: FieldSpec, value: Any) -> Any:
    """Return a parsed value as the field's column or JSON holds it."""
    if spec.source != "custom":
        return str(value) if spec.kind.multiple else value
    return plain(value)


def plain(value: Any) -> Any:
    """Return a value as JSON holds it."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def is_empty(model: Any, spec: FieldSpec) -> ColumnElement[bool]:
    """Return the test that a field holds nothing."""
    column = expression(model, spec)
    if not spec.kind.multiple:
        return column.is_(None)
    if spec.source == "custom":
        column = model.custom[spec.name]
        return or_(column.as_string().is_(None), column.as_string().in_(("[]", "null")))
    return or_(column == null(), func.c360_json_length(column) == 0)


def sort_expression(model: Any, spec: FieldSpec) -> Any:
    """Return what a list sorts by: names by their kept folded form, other text folded."""
    if spec.name == "name" and hasattr(model, "sort_name"):
        return model.sort_name
    return expression(model, spec)
