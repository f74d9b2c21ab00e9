"""Signing in and out. Five wrong tries in a quarter of an hour close an account's door, and an address's."""

import time
from uuid import UUID

from limits import RateLimitItemPerMinute
from sqlmodel import col, select

from c360.core.actor import SYSTEM, Actor
from c360.core.errors import Forbidden, Invalid, TooMany
from c360.core.fold import fold
from c360.models.journal import AccessEntry
from c360.models.user import Role, User, UserRole
from c360.registry import values
from c360.services import defaults, limiting, links, passwords, sessions
from c360.services.actors import actor_for
from c360.services.uow import UnitOfWork, unit_of_work

TRIES = RateLimitItemPerMinute(5, multiples=15)


def enter(login: str, password: str, *, ip: str, agent: str = "", instead_of: str = "") -> str:
    """Sign a user in and return the secret of his new session; the answer to any wrong pair is the same."""
    login = fold(login.strip())[:320]
    _count(login, ip)
    with unit_of_work(SYSTEM, reads=True) as uow:
        found = uow.session.exec(
            select(User).where(
                col(User.login) == login, col(User.archived_at).is_(None), col(User.disabled_at).is_(None)
            )
        ).first()
        actor = actor_for(uow.session, found.id) if found else None
        kept = found.password_hash if found else None
    if not passwords.fits(password, kept) or actor is None:
        with unit_of_work(SYSTEM) as uow:
            who = found.id if found else None
            uow.session.add(AccessEntry(act="sign_in.refused", entity="user", record_id=who, details={"ip": ip}))
        raise Forbidden("sign_in.wrong")
    _forgive(login, ip)
    with unit_of_work(actor) as uow:
        return _begin(uow, actor, ip=ip, agent=agent, instead_of=instead_of)


def _begin(uow: UnitOfWork, actor: Actor, *, ip: str, agent: str, instead_of: str = "") -> str:
    assert actor.user_id is not None  # noqa: S101 - actors of users have one
    uow.log("user.signed_in", user_id=str(actor.user_id))
    uow.saw("sign_in", "user", actor.user_id, ip=ip)
    return sessions.begin(uow, actor.user_id, ip=ip, agent=agent, instead_of=instead_of)


def leave(digest: str) -> None:
    """End a session; its other tabs close within two seconds."""
    found = sessions.resolve(digest, touch=False)
    if found is None:
        return
    with unit_of_work(found.actor) as uow:
        sessions.end(uow, digest)
        uow.log("user.signed_out", user_id=str(found.actor.user_id))


def set_up(secret: str, *, name: str, login: str, password: str, language: str, ip: str, agent: str = "") -> str:
    """Make the first administrator with a set-up link and sign him in."""
    kept = passwords.make(password, name=name, login=login)
    with unit_of_work(SYSTEM) as uow:
        links.use(uow, secret, "setup")
        user = uow.add(User(login=fold(login.strip()), name=name.strip(), language=language, password_hash=kept))
        uow.flush()
        role = uow.session.exec(select(Role).where(Role.key == "administrator")).one()
        uow.add(UserRole(user_id=user.id, role_id=role.id))
        defaults.arrange(uow, user.id, language)
        uow.log("user.set_up", user_id=str(user.id))
    return enter_as(user.id, ip=ip, agent=agent)


def accept(secret: str, password: str, *, ip: str, agent: str = "") -> str:
    """Set the password an invitation or a reset link asks for and sign the user in."""
    with unit_of_work(SYSTEM) as uow:
        user_id = links.choose_password(uow, secret, password)
    return enter_as(user_id, ip=ip, agent=agent)


def change_password(digest: str, old: str, new: str, *, ip: str, agent: str = "") -> str:
    """Change the password of a session's user: every session of his ends, a new one begins."""
    found = sessions.resolve(digest)
    if found is None:
        raise Forbidden("session.over")
    _count(found.login, ip)
    with unit_of_work(SYSTEM, reads=True) as uow:
        user = uow.session.get(User, found.actor.user_id)
    if user is None or not passwords.fits(old, user.password_hash):
        raise Forbidden("sign_in.old_wrong")
    _forgive(found.login, ip)
    kept = passwords.make(new, name=user.name, login=user.login)
    with unit_of_work(SYSTEM) as uow:
        user = uow.session.get_one(User, user.id)
        user.password_hash = kept
        uow.log("user.password_changed", user_id=str(user.id))
        sessions.end_all(uow, user.id)
    return enter_as(user.id, ip=ip, agent=agent)


def enter_as(user_id: UUID, *, ip: str, agent: str = "") -> str:
    """Begin a session of a user who has just proved who he is in another way."""
    with unit_of_work(SYSTEM, reads=True) as uow:
        actor = actor_for(uow.session, user_id)
    if actor is None:
        raise Forbidden("sign_in.wrong")
    with unit_of_work(actor) as uow:
        return _begin(uow, actor, ip=ip, agent=agent)


def _count(login: str, ip: str) -> None:
    """Count a try before it is judged, so that tries sent at once count too."""
    limiter = limiting.limiter()
    for key in (("account", login), ("address", ip)):
        if not limiter.hit(TRIES, *key):
            minutes = max(1, round((limiter.get_window_stats(TRIES, *key).reset_time - time.time()) / 60))
            raise TooMany("sign_in.many", n=minutes)


def _forgive(login: str, ip: str) -> None:
    """Take a right try back: the account starts afresh, the address loses this one only."""
    limiter = limiting.limiter()
    limiter.clear(TRIES, "account", login)
    limiter.hit(TRIES, "address", ip, cost=-1)


def check_login(login: str) -> None:
    """Raise ``Invalid`` unless this is an e-mail address."""
    try:
        values.email(login)
    except ValueError as error:
        raise Invalid.field("login", str(error)) from error
