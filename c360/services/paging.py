"""Pages of the rows a card shows: so many at a time, and how many are left."""

from typing import Any, NamedTuple

from sqlmodel import func, select

from c360.services.facts import Card
from c360.services.uow import UnitOfWork

MOST = 200


class Page(NamedTuple):
    """Some rows, and how many there are after them."""

    rows: list[Any]
    more: int


def page(uow: UnitOfWork, found: Any, start: int = 0) -> Page:
    """Return the rows of a statement from ``start`` on; its order must leave no two rows alike."""
    rows = list(uow.session.exec(found.offset(start).limit(MOST + 1)))
    if len(rows) <= MOST:
        return Page(rows, 0)
    counted = select(func.count()).select_from(found.order_by(None).subquery())
    return Page(rows[:MOST], uow.session.exec(counted).one() - start - MOST)


def paged(card: Card, shown: Page, start: int) -> Card:
    """Return a card of one page, told how many rows follow and where they begin."""
    card.more, card.next = shown.more, start + len(shown.rows)
    return card
