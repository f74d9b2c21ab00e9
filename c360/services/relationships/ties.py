"""Ties between customers as rows of one shape, whatever table says them; read many at once.

A tie is a relation somebody made, or follows from a fact kept elsewhere: the parent of an account, a job, a contact
person.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy import Date as DateType
from sqlmodel import Session, col

from c360.core.clock import today
from c360.models.contact_person import ContactPerson
from c360.models.customer import Customer
from c360.models.employment import Employment
from c360.models.relationship import Relation

ORIGINS = ("relation", "parent", "contact_person", "employment")
"""Where ties come from, the most telling first."""
WORDED = ORIGINS[1:]
"""Origins that need no type: their wording is in the catalogue as ``relation.<origin>``."""


class Tie(NamedTuple):
    """One tie, from ``source`` to ``target``, as it is kept; a chart reads a thousand, and a tuple is made fastest."""

    origin: str
    id: UUID
    source: UUID
    target: UUID
    type_id: UUID | None
    since: date | None
    until: date | None
    former: bool
    strength: str
    primary: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which ties are asked for: those of a day, those that are over too, those of some types or origins alone.

    ``shut`` names origins this reader may not know of.
    """

    day: date | None = None
    former: bool = False
    only: frozenset[str] = frozenset()
    shut: frozenset[str] = frozenset()

    @property
    def _types(self) -> list[UUID]:
        return [] if "relation" in self.only else [UUID(one) for one in sorted(self.only) if one not in ORIGINS]

    @property
    def shape(self) -> "Shape":
        """Return what makes the statement, apart from its values."""
        types = bool(self._types)
        asked = (one for one in ORIGINS if not self.only or one in self.only or (one == "relation" and types))
        takes = tuple(one for one in asked if one not in self.shut)
        return takes, "day" if self.day else "all" if self.former else "now", types

    def values(self, **more: Any) -> dict[str, Any]:
        """Return the values the statement of this shape takes."""
        known = {"day": self.day, "now": today(), "types": self._types}
        kept = {"day": ["day", "now"], "all": ["now"], "now": ["now"]}[self.shape[1]]
        return {name: known[name] for name in (*kept, *(["types"] if self._types else []))} | more


Shape = tuple[tuple[str, ...], str, bool]


def _timed(when: str, over: ColumnElement[bool], since: Any, until: Any) -> ColumnElement[bool]:
    """Return the test of a tie's time."""
    if when == "day":
        day = bindparam("day", type_=DateType())
        held = and_(or_(since.is_(None), since <= day), or_(until.is_(None), until >= day))
        # What ended nobody knows when is not shown on any day.
        return and_(held, or_(not_(over), until.is_not(None)))
    return true() if when == "all" else not_(over)


def _over(said: Any, until: Any) -> ColumnElement[bool]:
    return or_(said, and_(until.is_not(None), until < bindparam("now", type_=DateType())))


def holding() -> tuple[ColumnElement[bool], ...]:
    """Return the tests of a relation that it is not over today."""
    until = col(Relation.until_on)
    return not_(col(Relation.is_former)), or_(until.is_(None), until >= today())


def _row(
    origin: str, ident: Any, source: Any, target: Any, *, type_id: Any = None, since: Any = None, until: Any = None,
    over: Any = None, strength: Any = None, primary: Any = None,
) -> Any:  # fmt: skip
    """Return ties of one origin as rows of the common shape."""
    return select(
        literal(origin).label("origin"),
        ident.label("id"),
        source.label("source"),
        target.label("target"),
        (cast(null(), Uuid()) if type_id is None else type_id).label("type_id"),
        (cast(null(), DateType()) if since is None else since).label("since"),
        (cast(null(), DateType()) if until is None else until).label("until"),
        (literal(0) == 1 if over is None else over).label("former"),
        (literal("normal") if strength is None else strength).label("strength"),
        (literal(0) == 1 if primary is None else primary).label("primary"),
    )


def _origin(name: str, when: str, typed: bool) -> tuple[Any, Any, Any]:
    """Return the ties of an origin, and its columns of source and target."""
    if name == "relation":
        one = Relation
        source, target, since, until = col(one.from_id), col(one.to_id), col(one.since_on), col(one.until_on)
        over = _over(col(one.is_former), until)
        found = _row(
            name, col(one.id), source, target, type_id=col(one.type_id), since=since, until=until, over=over,
            strength=col(one.strength), primary=col(one.is_primary),
        )  # fmt: skip
        kept = [col(one.archived_at).is_(None), _timed(when, over, since, until)]
        kept += [col(one.type_id).in_(bindparam("types", expanding=True))] if typed else []
        return found.where(*kept), source, target
    if name == "employment":
        job = Employment
        source, target, since, until = col(job.contact_id), col(job.account_id), col(job.from_on), col(job.to_on)
        over = _over(not_(col(job.is_current)), until)
        found = _row(name, col(job.id), source, target, since=since, until=until, over=over)
        kept = (col(job.archived_at).is_(None), target.is_not(None), _timed(when, over, since, until))
        return found.where(*kept), source, target
    if name == "parent":
        source, target = col(Customer.parent_id), col(Customer.id)
        # No parent, no tie: nothing is in no list. Said here, it would make SQLite read every account that has one.
        found = _row(name, target, source, target).where(col(Customer.archived_at).is_(None))
        return found, source, target
    source, target = col(ContactPerson.contact_id), col(ContactPerson.account_id)
    found = _row(name, col(ContactPerson.id), source, target).where(col(ContactPerson.archived_at).is_(None))
    return found, source, target


def _near() -> Any:
    """Return customers as a table of their own: named once, however many branches ask for them."""
    return select(
        select(col(Customer.id)).where(col(Customer.id).in_(bindparam("ids", expanding=True))).cte("near").c.id
    )


# Making these statements takes longer than running them, so each is made once.


@cache
def _touching(shape: Shape) -> Any:
    takes, when, typed = shape
    mine, most, branches = _near(), bindparam("most", type_=Integer()), []
    for name in takes:
        found, source, target = _origin(name, when, typed)
        branches.append(found.where(source.in_(mine)).limit(most))
        branches.append(found.where(target.in_(mine), source.not_in(mine)).limit(most))
    return union_all(*(select(branch.subquery(f"branch{n}")) for n, branch in enumerate(branches)))


@cache
def _among(shape: Shape) -> Any:
    takes, when, typed = shape
    mine, branches = _near(), []
    for name in takes:
        found, source, target = _origin(name, when, typed)
        branches.append(found.where(source.in_(mine), target.in_(mine)))
    return union_all(*branches)


@cache
def _degrees(shape: Shape) -> Any:
    takes, when, typed = shape
    mine, branches = _near(), []
    for name in takes:
        found, source, target = _origin(name, when, typed)
        branches.append(found.with_only_columns(source.label("one"), target.label("other")).where(source.in_(mine)))
        branches.append(found.with_only_columns(target.label("one"), source.label("other")).where(target.in_(mine)))
    ends = union_all(*branches).subquery("ends")
    live = and_(col(Customer.archived_at).is_(None), col(Customer.merged_into_id).is_(None))
    joined = select(ends.c.one, func.count()).join(Customer, and_(col(Customer.id) == ends.c.other, live))
    return joined.group_by(ends.c.one)


@cache
def _earliest(origin: str) -> Any:
    found, source, target = _origin(origin, "all", False)
    mine = found.where(or_(source == bindparam("one"), target == bindparam("one"))).subquery(origin)
    return select(func.min(mine.c.since), func.min(mine.c.until))


def touching(session: Session, ids: Collection[UUID], wanted: Wanted, most: int) -> list[Tie]:
    """Return the ties of some customers to anybody, at most so many of each origin and side."""
    return _read(session, _touching, wanted, ids, most=most)


def among(session: Session, ids: Collection[UUID], wanted: Wanted) -> list[Tie]:
    """Return the ties between these customers."""
    return _read(session, _among, wanted, ids)


def degrees(session: Session, ids: Collection[UUID], wanted: Wanted) -> dict[UUID, int]:
    """Return how many ties to somebody who is still there each of these customers has."""
    if not ids or not wanted.shape[0]:
        return {}
    found = session.execute(_degrees(wanted.shape), wanted.values(ids=list(ids)))
    return {row[0]: row[1] for row in found}


def earliest(session: Session, customer_id: UUID) -> date | None:
    """Return the first day a tie of this customer is known to have begun, or to have ended."""
    told: list[date | None] = []
    for origin in ("relation", "employment"):
        told += session.execute(_earliest(origin), {"one": customer_id, "now": today()}).one()
    return min((day for day in told if day), default=None)


def _read(session: Session, made: Any, wanted: Wanted, ids: Collection[UUID], **more: Any) -> list[Tie]:
    if not ids or not wanted.shape[0]:
        return []
    found = session.execute(made(wanted.shape), wanted.values(ids=list(ids), **more))
    return [Tie(*row) for row in found.all()]
