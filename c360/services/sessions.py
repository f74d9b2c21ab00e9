"""Signed-in browsers: opened with a new secret, looked up for each request, ended everywhere at once.

The browser holds a random secret in a cookie; the table holds its digest, so a copy of the database opens no door.
"""

import hashlib
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from sqlalchemy import ColumnElement, and_, update
from sqlalchemy.exc import OperationalError
from sqlmodel import Session as Database
from sqlmodel import col, select

from c360.core.actor import Actor
from c360.core.clock import utc_now
from c360.core.db import engine
from c360.core.errors import NotFound
from c360.models.user import Session, User
from c360.services.actors import actor_for
from c360.services.uow import UnitOfWork, mark

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
AT_ONCE = 5
FRESH = 2.0
"""Seconds an answer may be reused: a right that is taken away is gone this soon on every live socket."""
NOTE_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session: its digest, which names it without opening it, and what its user may do now."""

    digest: str
    actor: Actor
    login: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Seat:
    """A session as its user sees it."""

    id: str
    since: datetime
    seen: datetime
    ip: str
    agent: str
    current: bool


ENDED: list[Callable[[str], None]] = []
"""Told at once of each session that ends in this process; other processes see it within two seconds."""

_known: dict[str, tuple[float, SignedIn | None]] = {}
_lock = Lock()


def digest_of(secret: str) -> str:
    """Return how a cookie is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def begin(uow: UnitOfWork, user_id: UUID, *, ip: str = "", agent: str = "", instead_of: str = "") -> str:
    """Open a session for a user and return its secret; the oldest ones beyond the limit end, as does ``instead_of``."""
    secret = secrets.token_urlsafe(32)
    live = uow.session.exec(
        select(Session).where(_live(user_id)).order_by(col(Session.seen_at).desc(), col(Session.created_at).desc())
    ).all()
    kept = [s for s in live if s.digest != instead_of]
    for row in [s for s in live if s.digest == instead_of] + kept[AT_ONCE - 1 :]:
        _end(uow, row)
    uow.session.add(Session(digest=digest_of(secret), user_id=user_id, ip=ip[:64], agent=agent[:300]))
    return secret


def end(uow: UnitOfWork, digest: str) -> None:
    """End one session; every tab of it is closed within two seconds."""
    row = uow.session.get(Session, digest)
    if row is not None and row.ended_at is None:
        _end(uow, row)


def end_all(uow: UnitOfWork, user_id: UUID, *, but: str = "") -> int:
    """End every session of a user, except one; return how many."""
    rows = uow.session.exec(select(Session).where(_live(user_id), col(Session.digest) != but)).all()
    for row in rows:
        _end(uow, row)
    return len(rows)


def end_mine(uow: UnitOfWork, seat_id: str, digest: str = "") -> None:
    """End one of the actor's own sessions, named as ``seats`` names it."""
    rows = uow.session.exec(select(Session).where(_live(uow.actor.user_id))).all()
    row = next((r for r in rows if _seat_id(r.digest) == seat_id), None)
    if row is None:
        raise NotFound("session.unknown")
    _end(uow, row)


def seats(uow: UnitOfWork, digest: str = "") -> list[Seat]:
    """Return the actor's live sessions, the newest first; ``digest`` tells which is this one."""
    rows = uow.session.exec(select(Session).where(_live(uow.actor.user_id)).order_by(col(Session.seen_at).desc()))
    return [
        Seat(_seat_id(row.digest), row.created_at, row.seen_at, row.ip, row.agent, row.digest == digest) for row in rows
    ]


def _seat_id(digest: str) -> str:
    # The digest is a key of the server's own; a page needs a name for the row and no more.
    return hashlib.sha256(digest.encode()).hexdigest()[:16]


def _live(user_id: UUID | None) -> ColumnElement[bool]:
    now = utc_now()
    return and_(
        col(Session.user_id) == user_id,
        col(Session.ended_at).is_(None),
        col(Session.seen_at) > now - IDLE,
        col(Session.created_at) > now - LONGEST,
    )


def _end(uow: UnitOfWork, row: Session) -> None:
    row.ended_at = utc_now()
    uow.after_commit(lambda: _over(row.digest))


def _over(digest: str) -> None:
    forget(digest)
    for tell in ENDED:
        tell(digest)


def forget(digest: str | None = None) -> None:
    """Drop what is remembered of a session, or of all, in this process."""
    with _lock:
        if digest is None:
            _known.clear()
        else:
            _known.pop(digest, None)


def resolve(digest: str, *, touch: bool = True) -> SignedIn | None:
    """Return who a session belongs to and what he may do now, or None when it is over.

    An answer is reused for two seconds. ``touch`` says that a person did something, which keeps the session alive.
    """
    if len(digest) != 64:
        return None
    known = _known.get(digest)
    if known and time.monotonic() - known[0] < FRESH:
        return known[1]
    asked = time.monotonic()
    found = _read(digest, touch)
    with _lock:
        if len(_known) > 10_000:
            _known.clear()
        _known[digest] = (asked, found)
    return found


def remembered(digest: str) -> SignedIn | None:
    """Return the answer ``resolve`` would reuse now, without asking the database."""
    known = _known.get(digest)
    return known[1] if known and time.monotonic() - known[0] < FRESH else None


def _read(digest: str, touch: bool) -> SignedIn | None:
    with Database(engine().execution_options(postgresql_readonly=True)) as database:
        row = database.get(Session, digest)
        now = utc_now()
        if row is None or row.ended_at or now - row.seen_at > IDLE or now - row.created_at > LONGEST:
            return None
        actor = actor_for(database, row.user_id)
        user = database.get(User, row.user_id)
        if actor is None or user is None:
            return None
        found = SignedIn(digest, replace(actor, ip=row.ip), user.login, row.created_at)
    if touch and now - row.seen_at > NOTE_EVERY:
        with suppress(OperationalError):  # A busy database must not sign anybody out: the next request notes it.
            _touch(digest, row.user_id, now)
    return found


def _touch(digest: str, user_id: UUID, now: datetime) -> None:
    mark(
        update(Session).where(col(Session.digest) == digest, col(Session.ended_at).is_(None)).values(seen_at=now),
        update(User).where(col(User.id) == user_id).values(last_seen_at=now),
    )


def still_live(digests: set[str]) -> set[str]:
    """Return those of some sessions that are not over; one question for all the sockets of a process."""
    now, found = utc_now(), set()
    asked = sorted(digests)
    with Database(engine().execution_options(postgresql_readonly=True)) as database:
        for start in range(0, len(asked), 500):
            found |= set(
                database.exec(
                    select(Session.digest)
                    .join(User, col(User.id) == col(Session.user_id))
                    .where(
                        col(Session.digest).in_(asked[start : start + 500]),
                        col(Session.ended_at).is_(None),
                        col(Session.seen_at) > now - IDLE,
                        col(Session.created_at) > now - LONGEST,
                        col(User.disabled_at).is_(None),
                        col(User.archived_at).is_(None),
                    )
                )
            )
    return found
