"""What people decide on groups of possible duplicates: apart, cut, later, or a question to their owners."""

from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from c360.core.actor import SYSTEM
from c360.core.errors import Conflict, Invalid, NotFound
from c360.models.customer import Customer
from c360.models.duplicate import APART, ASKED, LATER, OPEN, WAITING, DuplicateGroup, DuplicatePair
from c360.models.user import User
from c360.services import notifications
from c360.services.duplicates import groups, reviewing, verdicts
from c360.services.uow import UnitOfWork, perform

NOTE = 500


def tell_apart(uow: UnitOfWork, group_id: UUID, reason: str) -> int:
    """Say that the members the actor may open are all different; return how many pairs that was."""
    row = reviewing.one(uow, group_id)
    left, right = reviewing.seen_by(uow, DuplicatePair.left_id), reviewing.seen_by(uow, DuplicatePair.right_id)
    query = select(DuplicatePair.left_id, DuplicatePair.right_id).where(DuplicatePair.group_id == row.id)
    pairs = uow.session.exec(query.where(left, right)).all()
    whole = len(pairs) == len(uow.session.exec(query).all())
    for pair in pairs:
        verdicts.dismiss(uow, row.entity, *pair, reason, regroup=not whole)
    if whole:
        groups.decide(uow.session, row.id, APART, uow.actor.user_id)
    return len(pairs)


def cut(uow: UnitOfWork, pair_id: UUID, reason: str) -> None:
    """Say that two members are different, so that the group falls apart where only they held it together."""
    pair = uow.session.get(DuplicatePair, pair_id)
    if pair is None:
        raise NotFound("duplicate.group.gone")
    reviewing.one(uow, pair.group_id)
    verdicts.dismiss(uow, pair.entity, pair.left_id, pair.right_id, reason)


def put_off(uow: UnitOfWork, group_id: UUID, *, back: bool = False) -> None:
    """Leave a group for later, or take it back into the queue."""
    _set(uow, reviewing.one(uow, group_id), OPEN if back else LATER)


def ask(uow: UnitOfWork, group_id: UUID, note: str) -> list[str]:
    """Ask the owners of a group's members whether they are one; return who was asked."""
    row, note = reviewing.one(uow, group_id), note.strip()
    if not note or len(note) > NOTE:
        raise Invalid.field("note", "duplicate.note", n=NOTE)
    pairs = uow.session.exec(select(DuplicatePair).where(DuplicatePair.group_id == row.id)).all()
    ids = {one for pair in pairs for one in (pair.left_id, pair.right_id)}
    owned = select(User.id, User.name).join(Customer, col(Customer.owner_id) == col(User.id))
    people = dict(uow.session.exec(owned.where(col(Customer.id).in_(ids), User.id != uow.actor.user_id)).all())
    told = {"href": f"/duplicates/{row.id}", "who": uow.actor.name, "note": note}
    for user_id in people:
        tell: Any = partial(perform, SYSTEM, notifications.tell, user_id, "duplicate.asked", **told)
        uow.after_commit(tell)
    _set(uow, row, ASKED, note)
    return sorted(people.values())


def _set(uow: UnitOfWork, row: DuplicateGroup, state: str, note: str = "") -> None:
    if row.state not in WAITING:
        raise Conflict("duplicate.group.decided")
    values = {"state": state, "note": note or row.note}
    uow.session.execute(update(DuplicateGroup).where(col(DuplicateGroup.id) == row.id).values(**values))
    uow.log(f"duplicate.{'reopened' if state == OPEN else state}", group=str(row.id))
