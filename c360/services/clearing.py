"""Clearing the journal: what it holds of changes long past is emptied; that they were, and this act, stay for good.

Nothing is ever deleted: the entries, their digests and the chain remain, so the journal still verifies.
"""

from datetime import date, timedelta

from sqlalchemy import update
from sqlmodel import col, select

from c360.core.clock import today
from c360.core.errors import Forbidden, Invalid
from c360.models.journal import ChangeRow, ChangeSet
from c360.query.moments import midnight
from c360.services.uow import UnitOfWork

YOUNGEST = 365
"""The days within which nobody may clear what happened."""


def clear(uow: UnitOfWork, before: date) -> int:
    """Empty what the journal holds of the days before one; return of how many changes."""
    if not uow.actor.roles & {"administrator", "system"}:
        raise Forbidden("history.forbidden")
    if before > today() - timedelta(days=YOUNGEST):
        raise Invalid.field("before", "history.clear.young", days=YOUNGEST)
    old = select(ChangeSet.id).where(col(ChangeSet.at) < midnight(before))
    full = update(ChangeRow).where(col(ChangeRow.salt).is_not(None), col(ChangeRow.set_id).in_(old))
    full = full.values(before=None, after=None, salt=None).execution_options(synchronize_session=False)
    emptied: int = uow.session.execute(full).rowcount  # pyright: ignore[reportAttributeAccessIssue]
    uow.log("journal.cleared", before=before.isoformat(), rows=emptied)
    uow.saw("journal.cleared", "journal", ip=uow.actor.ip)
    return emptied
