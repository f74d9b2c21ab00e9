"""The census: every column has a privacy class and every reference to a customer a merge policy, or nothing starts."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Uuid
from sqlmodel import SQLModel

from c360.registry.entity import marks_of
from c360.registry.marks import OnMerge, Privacy, Target

MERGEABLE = "customer"
KINDS = ("customer", "contact", "account")
"""What a reference, or the type beside an id, calls a customer."""


@dataclass(frozen=True, slots=True)
class Link:
    """A column that can name a customer, and what becomes of it when he folds into another.

    ``typed`` is the column beside it that says of which entity the record is: the id alone says nothing then.
    """

    model: Any
    name: str
    policy: OnMerge
    typed: str | None = None


def tables() -> Iterator[type[SQLModel]]:
    """Yield every mapped class of the app."""
    for mapper in SQLModel._sa_registry.mappers:  # pyright: ignore[reportAttributeAccessIssue]
        yield mapper.class_


def gaps() -> list[str]:
    """Return each column that lacks its privacy class or its merge policy, as ``table.column: what is missing``."""
    missing = []
    for model in tables():
        table = model.__table__  # pyright: ignore[reportAttributeAccessIssue]
        for column in table.c:
            marks = marks_of(model, column.name)  # pyright: ignore[reportArgumentType]
            if not any(isinstance(m, Privacy) for m in marks):
                missing.append(f"{table.name}.{column.name}: privacy class")
            if _may_name(table, column, marks) and _policy(marks) is None:
                missing.append(f"{table.name}.{column.name}: merge policy")
    return missing


@cache
def links() -> tuple[Link, ...]:
    """Return every column that can name a customer: found in the schema, so that a new table is among them."""
    order = {table.name: n for n, table in enumerate(SQLModel.metadata.sorted_tables)}
    found = []
    for model in tables():
        table = model.__table__  # pyright: ignore[reportAttributeAccessIssue]
        for column in table.c:
            policy = _policy(marks_of(model, column.name))  # pyright: ignore[reportArgumentType]
            if policy is not None:
                found.append(Link(model, column.name, policy, None if column.foreign_keys else _type_of(table, column)))
    return tuple(sorted(found, key=lambda link: order[link.model.__table__.name]))


def _policy(marks: list[Any]) -> OnMerge | None:
    return next((mark for mark in marks if isinstance(mark, OnMerge)), None)


def _may_name(table: Any, column: Any, marks: list[Any]) -> bool:
    if any(key.column.table.name == MERGEABLE for key in column.foreign_keys) or column.name == "customer_id":
        return True
    named = any(isinstance(mark, Target) and mark.entity in KINDS for mark in marks)
    return named or (not column.foreign_keys and _type_of(table, column) is not None)


def _type_of(table: Any, column: Any) -> str | None:
    """Return the column that says of which entity the record is whose id this column holds."""
    if not isinstance(column.type, Uuid) or not column.name.endswith("_id"):
        return None
    stem = column.name.removesuffix("_id")
    beside = (f"{stem}_type", f"{stem}_entity", f"{stem}_kind", *(["entity"] if stem == "record" else []))
    return next((name for name in beside if name in table.c), None)


def assert_complete() -> None:
    """Raise ``RuntimeError`` naming every gap."""
    if found := gaps():
        raise RuntimeError("The census has gaps: " + "; ".join(found))
