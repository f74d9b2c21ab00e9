"""What the schema says about a customer: every column that names one, found in the models and never in a list."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import and_, false, or_
from sqlmodel import Session, SQLModel, col, select

from c360.core.i18n import text
from c360.models.census import MERGEABLE, tables
from c360.models.customer import Customer
from c360.models.job import StoredFile
from c360.registry.entity import Entity, entities, marks_of
from c360.registry.marks import OnErase, OnMerge, Privacy, Target
from c360.services import names

OWN = ("customer", "change_row", "search_document")
"""Tables an erasure treats in a way of its own."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A column that names a customer, and what becomes of its row when he is erased."""

    model: Any
    column: Any
    policy: OnErase
    entity: Entity | None

    @property
    def table(self) -> Any:
        """The table the column is in."""
        return self.model.__table__


@cache
def mentions() -> tuple[Mention, ...]:
    """Return every column of the schema that names a customer, parts before what they hang on."""
    order = {table.name: n for n, table in enumerate(SQLModel.metadata.sorted_tables)}
    found = [one for model in tables() if model.__table__.name not in OWN for one in _of(model)]  # pyright: ignore[reportAttributeAccessIssue]
    return tuple(sorted(found, key=lambda one: (-order[one.table.name], one.column.name)))


def _of(model: Any) -> Iterator[Mention]:
    entity = next((one for one in entities() if one.model is model), None)
    for column in model.__table__.c:
        points = any(key.column.table.name == MERGEABLE for key in column.foreign_keys)
        if not points and column.name != "customer_id":
            continue
        marked = next((m for m in marks_of(model, column.name) if isinstance(m, OnErase)), None)
        belongs = bool(entity and entity.within == column.name) or not column.nullable
        yield Mention(model, column, marked or (OnErase.DELETE if belongs else OnErase.KEEP), entity)


def called(name: str, language: str) -> str:
    """Return what a part of what is kept is called: its entity's name, else the catalogue's for its table."""
    known = next((one for one in entities() if one.model.__tablename__ == name and not one.narrow), None)
    return names.entity_label(known, language) if known else text(language, f"privacy.part.{name}")


def columns(model: Any, *names: str) -> list[Any]:
    """Return columns of a table, for statements that pass the ORM by."""
    return [model.__table__.c[name] for name in names]


def emptied(model: Any) -> dict[str, Any]:
    """Return the values that leave nothing personal in a row of a table, where its columns may hold nothing."""
    values: dict[str, Any] = {}
    for column in model.__table__.c:
        marks = marks_of(model, column.name)
        file = any(isinstance(m, Target) and m.entity == "stored_file" for m in marks)
        if Privacy.PERSONAL in marks or Privacy.SENSITIVE in marks or file:
            values[column.name] = blank(model, column)
    return values


def blank(model: Any, column: Any) -> Any:
    """Return what a column holds when it holds nothing."""
    if column.nullable:
        return None
    info = model.model_fields[column.name]
    if info.default_factory in (list, dict):
        return info.default_factory()
    return "" if info.is_required() else info.default


def structural(name: str) -> bool:
    """Tell whether a column of a customer is bookkeeping that says nothing about the person."""
    marks = marks_of(Customer, name)
    kept = ("id", "version", "kind", "owner_id", "created_at", "created_by_id", "updated_at", "updated_by_id")
    life = ("archived_at", "restricted_at", "erased_at", "inactive_at", "is_demo", "sort_name", "name")
    return name in (*kept, *life) or any(isinstance(m, OnMerge) for m in marks)


def family(session: Session, customer_id: UUID) -> list[UUID]:
    """Return a customer with all that were ever merged into him: they are one person."""
    return families(session, [customer_id])[customer_id]


def families(session: Session, ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Return customers, each with all that were ever merged into him."""
    found, root, fresh = {one: [one] for one in ids}, {one: one for one in ids}, list(ids)
    while fresh:
        merged = select(Customer.id, Customer.merged_into_id).where(col(Customer.merged_into_id).in_(fresh))
        new = {one: root[into] for one, into in session.exec(merged) if into and one not in root}
        for one, into in new.items():
            found[into].append(one)
        root, fresh = root | new, list(new)
    return found


def shared(session: Session, ids: Collection[UUID], *, alone: bool = False) -> Iterator[tuple[Any, list[UUID]]]:
    """Yield each table of records linked to several customers, with the ids of those linked to these.

    ``alone`` leaves out what stands with anybody else as well.
    """
    for entity in entities():
        if entity.through is None:
            continue
        yield entity.model, list(session.exec(_linked(entity.through, ids, alone=alone)))


def _linked(through: tuple[str, str], ids: Collection[UUID], *, alone: bool) -> Any:
    """Select the records a table links to these customers."""
    link = next(one for one in entities() if one.key == through[0])
    table: Any = link.model.__table__
    column, customer = table.c[through[1]], table.c[link.within or ""]
    found = select(column).where(customer.in_(ids)).distinct()
    return found.where(column.not_in(select(column).where(customer.not_in(ids)))) if alone else found


def hung(session: Session, ids: Collection[UUID], *, alone: bool = False) -> Iterator[tuple[Any, list[UUID]]]:
    """Yield each table of what hangs on records linked to these customers, and then of its files, with their ids.

    ``alone`` leaves out what hangs on a record that is linked to anybody else as well.
    """
    hosts = [(one.key, one.through) for one in entities() if one.through]
    for entity in (one for one in entities() if one.upon):
        table: Any = entity.model.__table__
        key, record_id = (table.c[name] for name in entity.upon or ())
        test = or_(false(), *(and_(key == host, record_id.in_(_linked(via, ids, alone=alone))) for host, via in hosts))
        yield entity.model, list(session.exec(select(table.c.id).where(test)))
        files = (c for c in table.c if any(key.column.table.name == "stored_file" for key in c.foreign_keys))
        yield StoredFile, [one for c in files for one in session.exec(select(c).where(test))]


def rows_of(session: Session, one: Mention, ids: Collection[UUID]) -> list[UUID]:
    """Return the ids of the rows in which a column names these customers, where its table has ids."""
    if "id" not in one.table.c:
        return []
    return list(session.exec(select(one.table.c.id).where(one.column.in_(ids))))
