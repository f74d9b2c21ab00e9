"""For whom a rule holds: customers that meet the criteria of its scope, both of a pair."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false
from sqlmodel import Session, col, func, select

from c360.core.actor import SYSTEM
from c360.core.errors import Invalid
from c360.core.i18n import text
from c360.matching.rule import Asked
from c360.models.customer import Customer
from c360.query.complete import complete, incomplete
from c360.query.criteria import Criteria, Criterion, from_json, to_json
from c360.query.scope import live
from c360.registry.entity import entity_for
from c360.services.duplicates import unkept
from c360.services.duplicates.rules import Rules
from c360.services.duplicates.unkept import Unkept
from c360.services.journal import Draft
from c360.services.listing.sentence import sentence
from c360.services.mass import chunks
from c360.services.uow import UnitOfWork

Scope = Mapping[str, Any]
Who = UUID | Unkept
"""A customer that is kept, by his id, or one that is not yet."""
OWN = "possible_duplicate"
"""A field no scope may test: who is found cannot say who is looked for."""


@dataclass(slots=True)
class Told:
    """A scope in words, and how many of the live customers are inside; ``broken`` when it tests what is gone."""

    said: str = ""
    inside: int = 0
    of: int = 0
    broken: bool = False


def checked(session: Session, entity: str, scope: Any) -> dict[str, Any] | None:
    """Return a scope as it is kept, None for none; ``ValueError`` when it is half-typed or tests what it may not."""
    try:
        criteria = from_json(scope)
        if incomplete(criteria) or OWN in _fields(criteria):
            raise ValueError("duplicate.rules.scope")
        asked = complete(criteria)
        _system(session).where(entity, asked)
    except Invalid as error:
        raise ValueError("duplicate.rules.scope") from error
    return to_json(asked) if asked.of else None


def asked(session: Session, entity: str, by: Rules, who: Sequence[Who]) -> list[Asked]:
    """Return rules as they are asked of these customers, whoever may see them."""
    return [
        Asked(rule, inside(session, entity, rule.scope, who) if rule.scope and rule.active else None)
        for rule in by.rules
    ]


def inside(session: Session, entity: str, scope: Scope, who: Sequence[Who]) -> list[bool]:
    """Tell of each customer whether he is inside a scope; nobody is when it tests a field that is gone."""
    uow, criteria = _system(session), complete(from_json(scope))
    try:
        test = uow.where(entity, criteria)
    except Invalid:
        return [False] * len(who)
    kept = _kept(session, test, {one for one in who if isinstance(one, UUID)})
    others = [one for one in who if isinstance(one, Unkept)]
    told = iter(unkept.meeting(uow, entity, criteria, others) if others else ())
    return [one in kept if isinstance(one, UUID) else next(told) for one in who]


def members(session: Session, entity: str, scope: Scope) -> ColumnElement[bool]:
    """Return the test that a customer is a live one of a kind inside a scope."""
    try:
        test = _system(session).where(entity, complete(from_json(scope)))
    except Invalid:
        return false()
    return (col(Customer.kind) == entity) & live(entity_for(entity)) & test


def told(uow: UnitOfWork, entity: str, scope: Scope | None) -> Told:
    """Return a scope in words and whom it holds, as somebody who keeps the rules may read it."""
    everybody = func.count().filter((col(Customer.kind) == entity) & live(entity_for(entity)))
    if not scope:
        return Told()
    criteria = complete(from_json(scope))
    try:
        uow.where(entity, criteria)
    except Invalid:
        return Told(text(uow.actor.language, "duplicate.scope.broken"), broken=True)
    some, every = uow.session.exec(select(func.count().filter(members(uow.session, entity, scope)), everybody)).one()
    return Told(sentence(uow, entity, criteria), some, every)


def _kept(session: Session, test: ColumnElement[bool], ids: Collection[UUID]) -> set[UUID]:
    found: set[UUID] = set()
    for part in chunks(sorted(ids)):
        found |= set(session.exec(select(Customer.id).where(col(Customer.id).in_(part), test)))
    return found


def _system(session: Session) -> UnitOfWork:
    """Return a reader of everything: scopes are kept by administrators, and everybody counts."""
    return UnitOfWork(session, SYSTEM, Draft(SYSTEM))


def _fields(criteria: Criteria) -> set[str]:
    """Return every field criteria test, also of what hangs on a record or is led to."""
    found: set[str] = set()
    for part in criteria.of:
        if isinstance(part, Criterion):
            found |= set(part.field.split("."))
        else:
            found |= _fields(part if isinstance(part, Criteria) else part.of)
    return found
