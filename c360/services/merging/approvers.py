"""Telling those who may approve a merge that it waits for them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from c360.core.actor import Reach, Verb
from c360.models.customer import Customer
from c360.models.merge_request import MergeRequest, MergeRequestSide
from c360.models.user import Role, User, UserRole
from c360.query.scope import reach
from c360.registry.entity import entity_for
from c360.services import notifications
from c360.services.actors import actor_for
from c360.services.uow import UnitOfWork

MOST = 20
"""How many are told of one request: the first who may decide is enough."""


def tell(uow: UnitOfWork, request_id: UUID, href: str) -> None:
    """Leave a notice to users, other than who asked, who may merge every participant of a request."""
    row = uow.session.get_one(MergeRequest, request_id)
    who = uow.session.get_one(User, row.requested_by_id).name
    ids = uow.session.exec(select(MergeRequestSide.customer_id).where(MergeRequestSide.request_id == row.id)).all()
    told = 0
    for user_id in _candidates(uow.session, row.entity, ids):
        if told == MOST:
            return
        if user_id != row.requested_by_id and _may_merge(uow.session, user_id, row.entity, ids):
            notifications.tell(uow, user_id, "merge.request.asked", href=href, who=who, n=len(ids))
            told += 1


def _candidates(session: Session, entity: str, ids: Sequence[UUID]) -> list[UUID]:
    """Return those worth asking: who has a role that merges beyond his own customers, and the participants' owners."""
    holds = beyond_own(session, entity, Verb.MERGE)
    owns = select(Customer.owner_id).where(col(Customer.id).in_(ids))
    return list(
        session.exec(select(User.id).where(col(User.id).in_(holds) | col(User.id).in_(owns)).order_by(col(User.id)))
    )


def beyond_own(session: Session, entity: str, verb: Verb) -> Any:
    """Return the query for users one of whose roles reaches more than their own customers with a verb."""
    wide = [
        role.id for role in session.exec(select(Role).where(col(Role.archived_at).is_(None)))
        if role.rights.get(entity, {}).get(verb.value) in (Reach.TEAM.value, Reach.ALL.value)
    ]  # fmt: skip
    return select(UserRole.user_id).where(col(UserRole.role_id).in_(wide), col(UserRole.archived_at).is_(None))


def _may_merge(session: Session, user_id: UUID, entity: str, ids: Sequence[UUID]) -> bool:
    actor = actor_for(session, user_id)
    if actor is None or not actor.may(Verb.MERGE, entity):
        return False
    rights = (reach(entity_for("customer"), actor, verb) for verb in (Verb.MERGE, Verb.UPDATE))
    count = select(func.count()).select_from(Customer).where(col(Customer.id).in_(ids), *rights)
    return session.exec(count).one() == len(ids)
