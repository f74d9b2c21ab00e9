"""Who was inside the scopes of the rules when everything was compared last, and by which rules that was.

Who came into a scope since, or left it, by whatever way, is compared anew; so is everybody when the rules changed.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import blake2b
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, literal, update
from sqlmodel import Session, col, select

from c360.models.customer import Customer
from c360.models.duplicate import DuplicateModel, DuplicateScope
from c360.services.duplicates import rules, scoping
from c360.services.duplicates.rules import Rules
from c360.services.duplicates.scoping import Scope
from c360.services.uow import UnitOfWork

PENDING = ""
"""By no rules known: what was noted is not compared yet."""


def judged(by: Rules) -> str:
    """Return a print of what rules say of pairs a search finds: the same print, the same pairs."""
    found = by.at("scan")
    values = {column: sorted(some) for column, some in found.generic.items() if some}
    made = [asdict(one) for one in found.rules]
    # Added only where something is said, so that a new version is no reason to compare everybody anew.
    read = [dict(found.readings)] if found.readings else []
    return _print([found.ask, sorted(found.without), dict(found.weights), values, made, *read])


def note(uow: UnitOfWork, entity: str) -> list[UUID]:
    """Note who is inside each scope now; return who came into one or left it since that was noted last.

    Until they are compared (``compared``) the next search knows that it must look at everybody.
    """
    session, moved = uow.session, set[UUID]()
    by = rules.of(session, entity).at("scan")
    noted = {_print([entity, scope]): scope for scope in _scopes(by)}
    kept, of = col(DuplicateScope.customer_id), col(DuplicateScope.scope)
    session.execute(delete(DuplicateScope).where(col(DuplicateScope.entity) == entity, of.not_in(noted)))
    for scope, told in noted.items():
        before, now = select(kept).where(of == scope), select(Customer.id).where(scoping.members(session, entity, told))
        gone = before.where(kept.not_in(now))
        new = now.where(col(Customer.id).not_in(before))
        moved |= {*session.exec(gone), *session.exec(new)}
        row = select(literal(scope), literal(entity), col(Customer.id)).where(col(Customer.id).in_(new))
        session.execute(delete(DuplicateScope).where(of == scope, kept.in_(gone)))
        session.execute(insert(DuplicateScope).from_select(["scope", "entity", "customer_id"], row))
    if moved:
        compared(session, entity, PENDING)
    return sorted(moved)


def compared(session: Session, entity: str, by: str) -> None:
    """Keep by which rules everybody has been compared."""
    row = update(DuplicateModel).where(col(DuplicateModel.entity) == entity).values(judged_by=by)
    session.execute(row)


def _scopes(by: Rules) -> Iterator[Scope]:
    return (rule.scope for rule in by.rules if rule.active and rule.scope)


def _print(told: Any) -> str:
    return blake2b(json.dumps(told, sort_keys=True).encode(), digest_size=8).hexdigest()
