"""Whom a list leaves out once it is for a mailing, and why."""

from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from c360.registry.entity import entity_for
from c360.services.consents import asking
from c360.services.listing import statement
from c360.services.listing.query import ListQuery
from c360.services.uow import UnitOfWork


def left_out(uow: UnitOfWork, query: ListQuery) -> dict[str, int]:
    """Count the rows of a list by why its mailing must leave them out; an empty reason counts those it reaches."""
    if query.mailing is None:
        return {}
    model: Any = entity_for(query.entity).model
    statement.conditions(uow, query)  # It says what is wrong with the mailing, before anything is counted.
    purpose = asking.named(uow, query.mailing.purpose, query.mailing.medium)
    why = asking.why_not(purpose, query.mailing.medium).label("why")
    rows = select(why).select_from(model).where(*statement.conditions(uow, replace(query, mailing=None))).subquery()
    counted = uow.session.execute(select(rows.c.why, func.count()).group_by(rows.c.why)).all()
    return {key or "": n for key, n in counted}
