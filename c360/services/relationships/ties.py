"""Ties between customers as rows of one shape, whatever table says them; read many at once.

A tie is a relation somebody made, or follows from a fact kept elsewhere: the parent of an account, a job, a contact
person.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, cast, func, literal, not_, null, or_, select, true, union_all
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


@dataclass(frozen=True, slots=True)
class Tie:
    """One tie, from ``source`` to ``target``, as it is kept."""

    origin: str
    id: UUID
    source: UUID
    target: UUID
    type_id: UUID | None
    since: date | None
    until: date | None
    former: bool
    strength: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which ties are asked for: those of a day, those that are over too, those of some types or origins alone."""

    day: date | None = None
    former: bool = False
    only: frozenset[str] = frozenset()

    def takes(self, origin: str) -> bool:
        """Tell whether ties of this origin are asked for."""
        return not self.only or origin in self.only or (origin == "relation" and bool(self._types()))

    def _types(self) -> list[UUID]:
        return [UUID(one) for one in self.only if one not in ORIGINS]

    def test(self, over: ColumnElement[bool], since: Any, until: Any) -> ColumnElement[bool]:
        """Return the test of a tie's time."""
        if self.day is not None:
            held = and_(or_(since.is_(None), since <= self.day), or_(until.is_(None), until >= self.day))
            # What ended nobody knows when is not shown on any day.
            return and_(held, or_(not_(over), until.is_not(None)))
        return true() if self.former else not_(over)

    def typed(self) -> ColumnElement[bool]:
        """Return the test of a relation's type."""
        types = self._types()
        return col(Relation.type_id).in_(types) if types and "relation" not in self.only else true()


def _over(said: Any, until: Any) -> ColumnElement[bool]:
    return or_(said, and_(until.is_not(None), until < today()))


def _row(
    origin: str, ident: Any, source: Any, target: Any, *, type_id: Any = None, since: Any = None, until: Any = None,
    over: Any = None, strength: Any = None,
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
    )


def _origin(name: str, wanted: Wanted) -> tuple[Any, Any, Any]:
    """Return the ties of an origin, and its columns of source and target."""
    if name == "relation":
        one = Relation
        source, target, since, until = col(one.from_id), col(one.to_id), col(one.since_on), col(one.until_on)
        over = _over(col(one.is_former), until)
        found = _row(
            name, col(one.id), source, target, type_id=col(one.type_id), since=since, until=until, over=over,
            strength=col(one.strength),
        )  # fmt: skip
        return (
            found.where(col(one.archived_at).is_(None), wanted.typed(), wanted.test(over, since, until)),
            source,
            target,
        )
    if name == "employment":
        job = Employment
        source, target, since, until = col(job.contact_id), col(job.account_id), col(job.from_on), col(job.to_on)
        over = _over(not_(col(job.is_current)), until)
        found = _row(name, col(job.id), source, target, since=since, until=until, over=over)
        kept = (col(job.archived_at).is_(None), target.is_not(None), wanted.test(over, since, until))
        return found.where(*kept), source, target
    if name == "parent":
        source, target = col(Customer.parent_id), col(Customer.id)
        found = _row(name, target, source, target).where(source.is_not(None), col(Customer.archived_at).is_(None))
        return found, source, target
    source, target = col(ContactPerson.contact_id), col(ContactPerson.account_id)
    found = _row(name, col(ContactPerson.id), source, target).where(col(ContactPerson.archived_at).is_(None))
    return found, source, target


def _some(ids: Collection[UUID], name: str) -> Any:
    """Return customers as a table of their own: named once, however many branches ask for them."""
    return select(col(Customer.id)).where(col(Customer.id).in_(ids)).cte(name)


def touching(session: Session, ids: Collection[UUID], wanted: Wanted, most: int) -> list[Tie]:
    """Return the ties of some customers to anybody, at most so many of each origin and side."""
    if not ids:
        return []
    near = _some(ids, "near")
    mine = select(near.c.id)
    branches = []
    for name in ORIGINS:
        if wanted.takes(name):
            found, source, target = _origin(name, wanted)
            branches.append(found.where(source.in_(mine)).limit(most))
            branches.append(found.where(target.in_(mine), source.not_in(mine)).limit(most))
    return _read(session, branches)


def among(session: Session, ids: Collection[UUID], wanted: Wanted) -> list[Tie]:
    """Return the ties between these customers."""
    if not ids:
        return []
    mine = select(_some(ids, "near").c.id)
    branches = []
    for name in ORIGINS:
        if wanted.takes(name):
            found, source, target = _origin(name, wanted)
            branches.append(found.where(source.in_(mine), target.in_(mine)))
    return _read(session, branches)


def degrees(session: Session, ids: Collection[UUID], wanted: Wanted) -> dict[UUID, int]:
    """Return how many ties to somebody who is still there each of these customers has."""
    if not ids:
        return {}
    mine = select(_some(ids, "near").c.id)
    branches = []
    for name in ORIGINS:
        if wanted.takes(name):
            found, source, target = _origin(name, wanted)
            branches.append(found.with_only_columns(source.label("one"), target.label("other")).where(source.in_(mine)))
            branches.append(found.with_only_columns(target.label("one"), source.label("other")).where(target.in_(mine)))
    if not branches:
        return {}
    ends = union_all(*branches).subquery("ends")
    live = and_(col(Customer.archived_at).is_(None), col(Customer.merged_into_id).is_(None))
    tally = (
        select(ends.c.one, func.count())
        .join(Customer, and_(col(Customer.id) == ends.c.other, live))
        .group_by(ends.c.one)
    )
    return {row[0]: row[1] for row in session.execute(tally)}


def earliest(session: Session, customer_id: UUID) -> date | None:
    """Return the first day a tie of this customer is known to have begun, or to have ended."""
    days = []
    for name in ("relation", "employment"):
        found, source, target = _origin(name, Wanted(former=True))
        mine = found.where(or_(source == customer_id, target == customer_id)).subquery(name)
        days.append(select(func.min(mine.c.since).label("day")).union_all(select(func.min(mine.c.until))).subquery())
    told = [session.scalar(select(func.min(one.c.day))) for one in days]
    return min((day for day in told if day), default=None)


def _read(session: Session, branches: Sequence[Any]) -> list[Tie]:
    if not branches:
        return []
    whole = union_all(*(select(branch.subquery(f"branch{n}")) for n, branch in enumerate(branches)))
    return [Tie(*row) for row in session.execute(whole).all()]
