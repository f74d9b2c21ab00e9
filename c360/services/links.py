"""Links that work once: the first administrator's set-up, an invitation, a new password."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from c360.core.clock import utc_now
from c360.core.errors import NotFound
from c360.models.user import OneTimeLink, User
from c360.services import passwords, sessions
from c360.services.rights import administrators
from c360.services.uow import UnitOfWork

LASTS = {"setup": timedelta(days=1), "invitation": timedelta(days=7), "reset": timedelta(hours=24)}


def issue(uow: UnitOfWork, purpose: str, user_id: UUID | None = None) -> str:
    """Make a link's secret, shown once; earlier links to the same end stop working."""
    now = utc_now()
    earlier = update(OneTimeLink).where(
        col(OneTimeLink.user_id) == user_id if user_id else col(OneTimeLink.purpose) == purpose,
        col(OneTimeLink.used_at).is_(None),
    )
    uow.session.execute(earlier.values(used_at=now))
    secret = secrets.token_urlsafe(32)
    uow.session.add(
        OneTimeLink(digest=_digest(secret), purpose=purpose, user_id=user_id, expires_at=now + LASTS[purpose])
    )
    return secret


def first_run(uow: UnitOfWork) -> str | None:
    """Return the path of the page that makes the first administrator, or None when there is one."""
    return None if administrators(uow.session) else f"/setup?token={issue(uow, 'setup')}"


def find(uow: UnitOfWork, secret: str, *purposes: str) -> OneTimeLink:
    """Return a link that still works; ``NotFound`` otherwise."""
    row = uow.session.exec(select(OneTimeLink).where(OneTimeLink.digest == _digest(secret))).first()
    if row is None or row.used_at or row.purpose not in purposes or row.expires_at <= utc_now():
        raise NotFound("link.dead")
    if row.purpose == "setup" and administrators(uow.session):
        raise NotFound("link.dead")
    return row


def owner_of(uow: UnitOfWork, secret: str) -> User:
    """Return the user an invitation or a reset link is for."""
    user = uow.session.get(User, find(uow, secret, "invitation", "reset").user_id)
    if user is None or user.disabled_at or user.archived_at:
        raise NotFound("link.dead")
    return user


def use(uow: UnitOfWork, secret: str, *purposes: str) -> OneTimeLink:
    """Use a link up, so that of two who use it at once only one succeeds."""
    row = find(uow, secret, *purposes)
    taken = update(OneTimeLink).where(col(OneTimeLink.id) == row.id, col(OneTimeLink.used_at).is_(None))
    if uow.session.execute(taken.values(used_at=utc_now())).rowcount != 1:  # pyright: ignore[reportAttributeAccessIssue]
        raise NotFound("link.dead")
    return row


def choose_password(uow: UnitOfWork, secret: str, password: str) -> UUID:
    """Set the password of the user a link is for, end his sessions, and return his id."""
    user = owner_of(uow, secret)
    kept = passwords.make(password, name=user.name, login=user.login)
    use(uow, secret, "invitation", "reset")
    user.password_hash = kept
    sessions.end_all(uow, user.id)
    uow.log("user.password_changed", user_id=str(user.id))
    return user.id


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
