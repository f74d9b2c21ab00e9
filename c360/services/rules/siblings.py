"""The neighbours of a record: the live rows of its table that share a parent, the unsaved ones included."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from c360.models.customer import Customer

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork


def others(uow: "UnitOfWork", record: Any, parent: str, *tests: ColumnElement[bool]) -> list[Any]:
    """Return the live rows beside this one, oldest first; nobody else changes them until this unit of work ends.

    ``tests`` narrow the saved ones.
    """
    model, parent_id = type(record), getattr(record, parent)
    with uow.session.no_autoflush:
        # Two people who each add "the first" row must not both make it the main one.
        uow.session.exec(select(Customer.id).where(Customer.id == parent_id).with_for_update(key_share=True)).all()
    found = select(model).where(getattr(model, parent) == parent_id, col(model.archived_at).is_(None), *tests)
    with uow.session.no_autoflush:
        rows = list(uow.session.exec(found.order_by(col(model.created_at), col(model.id))))
    rows += [row for row in uow.session.new if type(row) is model and getattr(row, parent) == parent_id]
    return [row for row in rows if row.id != record.id and row.archived_at is None]


def one_marked(record: Any, neighbours: Sequence[Any], mark: str) -> None:
    """Keep a mark on exactly one of the live rows: on this one when it claims it, else on the first that may."""
    live = record.archived_at is None
    if not live:
        setattr(record, mark, False)
    if live and getattr(record, mark):
        for other in neighbours:
            if getattr(other, mark):
                setattr(other, mark, False)
        return
    if not any(getattr(other, mark) for other in neighbours):
        first = [*neighbours, record][0] if live or neighbours else None
        if first is not None:
            setattr(first, mark, True)


def customer_of(uow: "UnitOfWork", customer_id: Any, model: Any) -> Any:
    """Return the customer a row belongs to, saved or not."""
    with uow.session.no_autoflush:
        found = uow.session.get(model, customer_id)
    return found or next((row for row in uow.session.new if isinstance(row, model) and row.id == customer_id), None)
