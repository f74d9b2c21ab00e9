"""A source of the timeline: how its entries are found by time, and how they are told.

To add one, write ``c360/services/timeline/<name>.py`` with a ``Source`` and name it in ``registry.SOURCES``; write
``timeline.source.<key>`` and ``timeline.type.<type>`` into the catalogues, and its entities into ``TOLD_APART`` of
``models/journal.py``, whose index a migration makes anew. Nothing else changes. A table needs an index on (customer,
time, id), so that a page costs the same on a customer with 100,000 entries as with ten:

    def heads(uow, customers, sought, after, limit):
        return keyset(uow, Attachment.customer_id, Attachment.created_at, Attachment.id, customers, sought, after,
                      limit, author=Attachment.created_by_id, tests=(col(Attachment.archived_at).is_(None),))

    FILES = Source("files", ("file",), heads, tell)

``heads`` is only ever asked about customers the actor sees; ``tell`` must leave out (return no entry for) what he may
not read beyond that. Each source goes on from its own place (``Head.after``), so it may fold rows as it likes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, or_, select, union_all
from sqlmodel import col

from c360.core.errors import Invalid
from c360.models.activity import COUNTS
from c360.query.moments import midnight
from c360.services import cursors
from c360.services.attachments import Paper
from c360.services.uow import UnitOfWork

LONGEST = 100
"""Letters of what is searched for."""
WHOSE, MOMENT, LAST, ENOUGH = (bindparam(name) for name in ("whose", "moment", "last", "enough"))
LIMIT = bindparam("limit", type_=Integer)
IDS = bindparam("ids", expanding=True)
"""The ids of what is told, for questions that are written once."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a reader narrows the timeline to: types, days (the last included), an author, words, a direction.

    Only activities have a direction: with ``way`` no other source is asked.
    """

    types: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    author_id: UUID | None = None
    words: str = ""
    way: str = ""
    enough: datetime | None = None
    """When the page is full of what other sources found until then: what is older need not be read."""

    @property
    def narrows(self) -> bool:
        """Tell whether anything is left out."""
        return bool(self.types or self.since or self.until or self.author_id or self.words or self.way)

    def among(self, *types: str) -> bool:
        """Tell whether a source with these types is asked at all."""
        return not self.types or not self.types.isdisjoint(types)


def seek(kind: str, since: date | None, until: date | None, author: str, words: str, way: str = "") -> Sought:
    """Return what the filters of a page ask for; an empty one asks for everything."""
    if way and way not in COUNTS.values:
        raise Invalid.field("way", "error.option")
    try:
        author_id = UUID(author) if author else None
    except ValueError as error:
        raise Invalid.field("author", "error.reference") from error
    return Sought(
        frozenset({kind} if kind else ()),
        midnight(since) if since else None,
        midnight(until + timedelta(days=1)) if until else None,
        author_id,
        words.replace("\x00", " ").strip()[:LONGEST],
        way,
    )


@dataclass(frozen=True, slots=True)
class Head:
    """One entry before it is told: its time, what to tell, whose it is, and where its source goes on after it."""

    at: datetime
    id: UUID
    customer_id: UUID
    after: str
    author_id: UUID | None = None
    members: tuple[UUID, ...] = ()
    """The rows folded into it, the newest first."""
    words: str = ""
    """Words found in a field the reader may not see after all: the entry is told only if he can read them in it."""


@dataclass(slots=True)
class Told:
    """A line inside an entry: a field's change, a comment."""

    id: str = ""
    label: str = ""
    old: str = ""
    text: str = ""
    who: str = ""
    at: str = ""
    mine: bool = False


@dataclass(slots=True)
class Entry:
    """One entry as a person reads it; ``of`` names the customer where it is not the one looked at."""

    id: str
    type: str
    icon: str
    at: str
    title: str
    text: str = ""
    who: str = ""
    href: str = ""
    note: str = ""
    of: str = ""
    of_href: str = ""
    lines: list[Told] = field(default_factory=list)
    files: list[Paper] = field(default_factory=list)
    folded: int = 0
    likes: int = 0
    liked: bool = False
    mine: bool = False
    key: str = ""
    long: bool = False
    """Whether its text is more than a few lines: those are shown first, the whole when it is opened."""


Heads = Callable[[UnitOfWork, Sequence[UUID], Sought, str, int], list[Head]]
Tell = Callable[[UnitOfWork, Sequence[Head]], Mapping[UUID, Entry]]


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of thing that happens to a customer: its types, its heads by time and how they are told."""

    key: str
    types: tuple[str, ...]
    heads: Heads
    tell: Tell


def keyset(
    uow: UnitOfWork,
    customer: Any,
    at: Any,
    row_id: Any,
    customers: Sequence[UUID],
    sought: Sought,
    after: str,
    limit: int,
    *,
    author: Any = None,
    tests: Sequence[ColumnElement[bool]] = (),
    shown: Any = None,
) -> list[Head]:
    """Return the newest rows of a table after a place, each customer's from its own end of the index.

    ``shown`` is the column of what is told where that is not the row itself.
    """
    found: list[ColumnElement[bool]] = [*tests]
    if sought.since:
        found.append(col(at) >= sought.since)
    if sought.until:
        found.append(col(at) < sought.until)
    if sought.author_id and author is not None:
        found.append(col(author) == sought.author_id)
    given: dict[str, Any] = {"limit": limit}
    if after:
        given["moment"], given["last"] = cursors.read(after)
    if sought.enough:
        given["enough"] = sought.enough
    asked = (at, row_id, row_id if shown is None else shown, tuple(found), bool(after), bool(sought.enough))
    if len(customers) == 1:
        # What leaves nothing out is asked again and again: writing such a question takes longer than its answer.
        page = (_page if sought.narrows else _kept)(customer, WHOSE, *asked)
        rows = uow.session.execute(page, given | {"whose": customers[0]})
    elif customers:
        every = union_all(*(select(_page(customer, one, *asked).subquery()) for one in customers)).subquery()
        newest = select(every).order_by(every.c.at.desc(), every.c.row_id.desc()).limit(limit)
        rows = uow.session.execute(newest, given)
    else:
        return []
    return [Head(row.at, row.shown, row.customer_id, cursors.write(row.at, row.row_id)) for row in rows]


def _page(
    customer: Any, whose: Any, at: Any, row_id: Any, shown: Any, tests: Sequence[Any], placed: bool, bounded: bool
) -> Select[Any]:
    """Select the newest rows of a customer, ``placed`` after a place, ``bounded`` by where the page is full."""
    customer, at, row_id = col(customer), col(at), col(row_id)
    found = [customer == whose, *tests]
    if placed:
        found += [at <= MOMENT, or_(at < MOMENT, and_(at == MOMENT, row_id < LAST))]
    if bounded:
        found.append(at >= ENOUGH)
    names = (at.label("at"), row_id.label("row_id"), customer.label("customer_id"), col(shown).label("shown"))
    return select(*names).where(*found).order_by(at.desc(), row_id.desc()).limit(LIMIT)


_kept = lru_cache(maxsize=64)(_page)
