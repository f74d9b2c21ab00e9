"""Rows of tables the journal does not tell of: the merge keeps in its details what stood in them, to put it back."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select as rows_of
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from c360.query.expressions import plain
from c360.services import mass
from c360.services.merging import tables
from c360.services.uow import UnitOfWork


def put_back(uow: UnitOfWork, kept: Sequence[Sequence[Any]]) -> None:
    """Put back rows of tables the journal does not tell of, column by column, where they are as the merge left them."""
    known = {one.table.name: one for one in tables.linked()}
    # Backwards: what went out of use first comes back last, when its place is free again.
    for name, record_id, before, after in reversed(kept):
        one = known[name]
        here = one.table.c.id == UUID(record_id)
        row = uow.session.execute(rows_of(*(one.table.c[n] for n in after)).where(here).with_for_update()).first()
        same = [n for n, value in after.items() if row is not None and plain(row._mapping[n]) == value]
        values = {n: mass.typed(one.model, n, before[n]) for n in same}
        if one.ordered:
            values |= _pair(uow, one, here, values)
        if values:
            attempt = uow.session.begin_nested()
            try:
                uow.session.connection().execute(update(one.table).where(here).values(values))
                attempt.commit()
            except IntegrityError:
                attempt.rollback()  # The same was written anew since: that one stands.


def _pair(uow: UnitOfWork, one: tables.Linked, here: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return both sides of a pair of which one comes back, the smaller id on the left."""
    row = uow.session.execute(rows_of(*(one.table.c[n] for n in one.columns)).where(here)).one()
    sides = sorted(({**row._mapping, **values}[n] for n in one.columns), key=str)
    return dict(zip(one.columns, sides if sides[0] != sides[1] else row, strict=True))
