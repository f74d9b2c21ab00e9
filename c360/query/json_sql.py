"""Tests on JSON lists that read the same on SQLite and PostgreSQL."""

from typing import Any, ClassVar

from sqlalchemy import Boolean, ColumnElement, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement as Element
from sqlalchemy.sql.visitors import InternalTraversal


class has_any(Element[bool]):
    """Whether a JSON list holds one of the texts."""

    type = Boolean()
    # Both parts make the key under which the compiled statement is kept: an element without them would be taken for
    # the one before it, and a filter would answer with the rows of another.
    _traverse_internals: ClassVar[list[Any]] = [
        ("column", InternalTraversal.dp_clauseelement),
        ("values", InternalTraversal.dp_clauseelement_list),
    ]

    def __init__(self, column: ColumnElement[Any], values: list[str]) -> None:
        self.column = column
        self.values = [literal(str(v)) for v in values]

    @property
    def _from_objects(self) -> list[Any]:
        return self.column._from_objects

    def get_children(self, **_: Any) -> tuple[Any, ...]:
        """Return the parts SQLAlchemy walks."""
        return (self.column, *self.values)


@compiles(has_any, "sqlite")
def _sqlite(element: has_any, compiler: SQLCompiler, **kw: Any) -> str:
    values = ", ".join(compiler.process(v, **kw) for v in element.values) or "NULL"
    column = compiler.process(element.column, **kw)
    return f"EXISTS (SELECT 1 FROM json_each({column}) AS j WHERE j.value IN ({values}))"  # noqa: S608 - bound values


@compiles(has_any, "postgresql")
def _postgresql(element: has_any, compiler: SQLCompiler, **kw: Any) -> str:
    values = ", ".join(compiler.process(v, **kw) for v in element.values)
    return f"jsonb_exists_any({compiler.process(element.column, **kw)}, ARRAY[{values}]::text[])"
