"""What a user should know without having asked: told by services, read in the shell."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, func

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.i18n import text
from c360.models.job import Notification
from c360.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know, in its reader's language."""

    id: UUID
    text: str
    href: str
    at: datetime
    read: bool


def tell(uow: UnitOfWork, user_id: UUID, message: str, *, href: str = "", **params: Any) -> UUID:
    """Leave a user a sentence of the catalogue and where it leads; return its id."""
    return uow.add(Notification(owner_id=user_id, message=message, params=params, href=href)).id


def mine(uow: UnitOfWork, *, limit: int = 20) -> list[Notice]:
    """Return the actor's notices, the newest first."""
    found = uow.session.exec(_own(uow).order_by(col(Notification.created_at).desc()).limit(limit)).all()
    return [
        Notice(n.id, text(uow.actor.language, n.message, **n.params), n.href, n.created_at, n.read_at is not None)
        for n in found
    ]


def unread(uow: UnitOfWork) -> int:
    """Return how many the actor has not read."""
    query = _own(uow).where(col(Notification.read_at).is_(None)).with_only_columns(func.count())
    return uow.session.exec(query).one()


def mark_read(uow: UnitOfWork, notice_id: UUID | None = None) -> None:
    """Mark one of the actor's notices as read, or all of them."""
    if notice_id is not None:
        notices = [uow.get("notification", notice_id, Verb.UPDATE)]
    else:
        notices = list(uow.session.exec(_own(uow).where(col(Notification.read_at).is_(None))))
    for notice in notices:
        notice.read_at = notice.read_at or utc_now()


def _own(uow: UnitOfWork) -> Any:
    return uow.select("notification").where(col(Notification.owner_id) == uow.actor.user_id)
