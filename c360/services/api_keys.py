"""API keys: how programs act for a user. A key is shown once, kept as a digest, narrow, dated, and ends at once."""

import hashlib
import re
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from limits import RateLimitItemPerMinute
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlmodel import Session as Database
from sqlmodel import col, func, select

from c360.core.actor import Actor, Verb
from c360.core.clock import utc_now
from c360.core.db import engine
from c360.core.errors import Conflict, Forbidden, Invalid, NotFound, SignedOut, TooMany
from c360.models.customer import KINDS
from c360.models.user import ApiKey, User
from c360.services import limiting
from c360.services.actors import actor_for
from c360.services.uow import UnitOfWork, mark

SHAPE = re.compile(r"c360_[\w-]{43}")
"""How a key looks, so that one found in a log or in source code is known for what it is."""
USUAL_DAYS, MOST_DAYS = 90, 366
MOST, LONGEST_NAME = 20, 100
READS = (Verb.READ,)
WRITES = (Verb.READ, Verb.CREATE, Verb.UPDATE, Verb.ARCHIVE)
BESIDE = ("choice", "folder", "tag", "user")
"""What customers name: a key reads it as far as its user does."""
WRONG = RateLimitItemPerMinute(20, multiples=15)
"""Wrong keys an address may send."""
CALLS = RateLimitItemPerMinute(600)
"""Requests a key may make."""
NOTE_EVERY = timedelta(minutes=1)


@dataclass(slots=True)
class KeyLine:
    """A key as people see it: never what opens the door."""

    id: str
    name: str
    owner: str
    kinds: list[str]
    writes: bool
    made: str
    expires: str
    used: str
    state: str


def make(
    uow: UnitOfWork, owner_id: UUID, name: str, kinds: Sequence[str], *, writes: bool = False, days: int = USUAL_DAYS
) -> str:
    """Make a key of a user's own and return it: it is shown this once. Only the system makes one for another."""
    if uow.actor.user_id not in (owner_id, None) or uow.actor.key_id:
        raise Forbidden("key.own")
    name, kinds = " ".join(name.replace("\x00", "").split()), [kind for kind in KINDS if kind in kinds]
    if not name or len(name) > LONGEST_NAME:
        raise Invalid.field("name", "key.name", n=LONGEST_NAME)
    if not kinds:
        raise Invalid.field("kinds", "key.kinds")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid.field("days", "key.days_bad", n=MOST_DAYS)
    now = utc_now()
    live = select(func.count()).where(
        ApiKey.user_id == owner_id, col(ApiKey.revoked_at).is_(None), col(ApiKey.expires_at) > now
    )
    if uow.session.exec(live).one() >= MOST:
        raise Conflict("key.many", n=MOST)
    secret = f"c360_{secrets.token_urlsafe(32)}"
    key = ApiKey(
        user_id=owner_id, name=name, digest=_digest(secret), kinds=kinds, writes=writes,
        expires_at=now + timedelta(days=days),
    )  # fmt: skip
    uow.session.add(key)
    uow.log("api_key.made", key=str(key.id), owner=str(owner_id), kinds=kinds, writes=writes, days=days)
    return secret


def revoke(uow: UnitOfWork, key_id: UUID) -> None:
    """End a key at once: one's own, or anybody's by who keeps the users."""
    key = uow.session.get(ApiKey, key_id)
    if key is None or not (key.user_id == uow.actor.user_id or uow.actor.may(Verb.UPDATE, "user")):
        raise NotFound("key.unknown")
    if key.revoked_at is None:
        key.revoked_at = utc_now()
        uow.log("api_key.revoked", key=str(key.id), owner=str(key.user_id))


def mine(uow: UnitOfWork) -> list[KeyLine]:
    """Return the actor's own keys, the newest first."""
    return _lines(uow, uow.actor.user_id)


def every(uow: UnitOfWork) -> list[KeyLine]:
    """Return everybody's keys for who keeps the users, the newest first."""
    uow.require(Verb.UPDATE, "user")
    return _lines(uow)


def names(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return what keys are called, by id."""
    return dict(uow.session.exec(select(ApiKey.id, ApiKey.name).where(col(ApiKey.id).in_(ids))).all()) if ids else {}


def _lines(uow: UnitOfWork, owner_id: UUID | None = None) -> list[KeyLine]:
    found = select(ApiKey, User.login).join(User, col(User.id) == col(ApiKey.user_id))
    if owner_id:
        found = found.where(ApiKey.user_id == owner_id)
    return [
        KeyLine(
            str(key.id), key.name, login, list(key.kinds), key.writes, key.created_at.isoformat(),
            key.expires_at.isoformat(), key.used_at.isoformat() if key.used_at else "", _state(key),
        )
        for key, login in uow.session.exec(found.order_by(col(ApiKey.created_at).desc(), col(ApiKey.id)))
    ]  # fmt: skip


def _state(key: ApiKey) -> str:
    if key.revoked_at:
        return "revoked"
    return "expired" if key.expires_at <= utc_now() else "live"


def holder(secret: str, ip: str) -> Actor:
    """Return who a program acts for and what it may do; the answer to any wrong key is the same.

    Nothing of a key is remembered between two requests: one that was revoked opens nothing any more.
    """
    limiter = limiting.limiter()
    if not limiter.test(WRONG, "api_key", ip):
        raise TooMany("key.wrong.many", n=max(1, round(_wait("api_key", ip) / 60)))
    # A key of another shape, an unknown, an expired and a revoked one all ask the same question of the database.
    found = _read(_digest(secret[:100]))
    if found is None or SHAPE.fullmatch(secret) is None:
        limiter.hit(WRONG, "api_key", ip)
        raise SignedOut("key.wrong")
    if not limiter.hit(CALLS, "api_calls", str(found.key_id)):
        raise TooMany("key.calls", n=60)
    return replace(found, ip=ip)


def _wait(*key: str) -> float:
    return limiting.limiter().get_window_stats(WRONG, *key).reset_time - time.time()


def _read(digest: str) -> Actor | None:
    now = utc_now()
    with Database(engine().execution_options(postgresql_readonly=True)) as database:
        live = (ApiKey.digest == digest, col(ApiKey.revoked_at).is_(None), col(ApiKey.expires_at) > now)
        key = database.exec(select(ApiKey).where(*live)).first()
        actor = actor_for(database, key.user_id) if key else None
    if key is None or actor is None:
        return None
    if key.used_at is None or now - key.used_at > NOTE_EVERY:
        with suppress(OperationalError):  # A busy database must not shut a program out: its next request notes it.
            mark(update(ApiKey).where(col(ApiKey.id) == key.id).values(used_at=now))
    return narrowed(actor, key)


def narrowed(actor: Actor, key: ApiKey) -> Actor:
    """Return a user as his key acts: his reach in the key's kinds and verbs, and no role's privileges."""
    verbs = WRITES if key.writes else READS
    asked = {**dict.fromkeys(key.kinds, verbs), **dict.fromkeys(BESIDE, READS)}
    rights = {
        entity: {verb: reach for verb in allowed if (reach := actor.reach(entity, verb)) is not None}
        for entity, allowed in asked.items()
    }
    return replace(actor, rights=rights, roles=frozenset(), key_id=key.id)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
