"""The census: every column has a privacy class and every reference to a customer a merge policy, or nothing starts."""

from collections.abc import Iterator

from sqlmodel import SQLModel

from c360.registry.entity import marks_of
from c360.registry.marks import OnMerge, Privacy

MERGEABLE = "customer"


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
            points = any(fk.column.table.name == MERGEABLE for fk in column.foreign_keys)
            if (points or column.name == "customer_id") and not any(isinstance(m, OnMerge) for m in marks):
                missing.append(f"{table.name}.{column.name}: merge policy")
    return missing


def assert_complete() -> None:
    """Raise ``RuntimeError`` naming every gap."""
    if found := gaps():
        raise RuntimeError("The census has gaps: " + "; ".join(found))
