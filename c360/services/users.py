"""Users: who they are, what they may do, and how administrators keep them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.errors import Conflict, Forbidden, Invalid
from c360.core.i18n import LANGUAGES
from c360.models.user import Role, Team, TeamMember, User, UserRole
from c360.registry import values
from c360.services import links, sessions
from c360.services.actors import actor_for as actor_for
from c360.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Member:
    """A user as administrators see him."""

    id: str
    name: str
    login: str
    language: str
    roles: list[str]
    teams: list[str]
    state: str
    seen: datetime | None
    version: int


def listed(uow: UnitOfWork) -> list[Member]:
    """Return every user with roles and teams, by name."""
    uow.require(Verb.UPDATE, "user")
    found = uow.session.exec(uow.select("user").order_by(col(User.name))).all()
    has_roles = _grouped(uow, UserRole, "role_id")
    has_teams = _grouped(uow, TeamMember, "team_id")
    return [
        Member(
            str(u.id), u.name, u.login, u.language, has_roles.get(u.id, []), has_teams.get(u.id, []), _state(u),
            u.last_seen_at, u.version,
        )
        for u in found
    ]  # fmt: skip


def _state(user: User) -> str:
    if user.disabled_at:
        return "disabled"
    return "active" if user.password_hash else "invited"


def _grouped(uow: UnitOfWork, model: Any, name: str) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for row in uow.session.exec(select(model).where(col(model.archived_at).is_(None))):
        found.setdefault(row.user_id, []).append(str(getattr(row, name)))
    return found


def invite(
    uow: UnitOfWork,
    login: str,
    name: str,
    *,
    language: str = "en",
    role_ids: Collection[UUID] = (),
    team_ids: Collection[UUID] = (),
) -> tuple[UUID, str]:
    """Add a user and return his id and the path of the link by which he chooses a password, once."""
    uow.require(Verb.CREATE, "user")
    try:
        login = values.email(login)
    except ValueError as error:
        raise Invalid.field("login", str(error)) from error
    if not name.strip():
        raise Invalid.field("name", "name.missing")
    if not role_ids:
        raise Invalid.field("roles", "user.roleless")
    user = uow.add(User(login=login, name=name.strip(), language=language if language in LANGUAGES else "en"))
    uow.flush()
    _link(uow, user.id, UserRole, "role_id", role_ids)
    _link(uow, user.id, TeamMember, "team_id", team_ids)
    _noted(uow, "user.invited", user.id)
    return user.id, f"/welcome?token={links.issue(uow, 'invitation', user.id)}"


def change(
    uow: UnitOfWork, user_id: UUID, *, name: str, role_ids: Collection[UUID], team_ids: Collection[UUID]
) -> None:
    """Set a user's name, roles and teams; what he may do changes within two seconds."""
    user = uow.get("user", user_id, Verb.UPDATE)
    if not name.strip():
        raise Invalid.field("name", "name.missing")
    if not role_ids:
        raise Invalid.field("roles", "user.roleless")
    user.name = name.strip()
    _link(uow, user_id, UserRole, "role_id", role_ids)
    _link(uow, user_id, TeamMember, "team_id", team_ids)
    _noted(uow, "user.changed", user_id)
    uow.after_commit(sessions.forget)


def _link(uow: UnitOfWork, user_id: UUID, model: Any, name: str, wanted: Collection[UUID]) -> None:
    """Give a user exactly these roles or teams; one he had before comes back instead of being made twice."""
    known = {getattr(row, name): row for row in uow.session.exec(select(model).where(model.user_id == user_id))}
    for other_id, row in known.items():
        row.archived_at = None if other_id in wanted else row.archived_at or utc_now()
    target: Any = Role if model is UserRole else Team
    for other_id in set(wanted) - known.keys():
        if uow.session.get(target, other_id) is None:
            raise Invalid.field("roles", "error.option")
        given: Any = {name: other_id}
        uow.add(model(user_id=user_id, **given))
    uow.flush()


def disable(uow: UnitOfWork, user_id: UUID) -> None:
    """Shut a user out at once; what he owns stays."""
    user = uow.get("user", user_id, Verb.UPDATE)
    if user_id == uow.actor.user_id:
        raise Conflict("user.not_oneself")
    user.disabled_at = user.disabled_at or utc_now()
    sessions.end_all(uow, user_id)
    _noted(uow, "user.disabled", user_id)


def enable(uow: UnitOfWork, user_id: UUID) -> None:
    """Let a user in again."""
    uow.get("user", user_id, Verb.UPDATE).disabled_at = None
    _noted(uow, "user.enabled", user_id)


def new_link(uow: UnitOfWork, user_id: UUID) -> str:
    """Return the path of a link for a new password; it works once, for a day, and ends earlier ones."""
    user = uow.get("user", user_id, Verb.UPDATE)
    if user.disabled_at:
        raise Conflict("user.disabled")
    _noted(uow, "user.link_issued", user_id)
    return f"/welcome?token={links.issue(uow, 'reset' if user.password_hash else 'invitation', user_id)}"


def sign_out(uow: UnitOfWork, user_id: UUID) -> int:
    """End every session of a user; return how many there were."""
    uow.get("user", user_id, Verb.UPDATE)
    _noted(uow, "user.sessions_ended", user_id)
    return sessions.end_all(uow, user_id)


def speak(uow: UnitOfWork, language: str) -> None:
    """Keep the language the actor wants to read."""
    if language not in LANGUAGES:
        raise Invalid.field("language", "error.option")
    uow.session.get_one(User, uow.actor.user_id).language = language
    uow.after_commit(sessions.forget)


def call_oneself(uow: UnitOfWork, name: str) -> None:
    """Change the actor's own name."""
    if not name.strip():
        raise Invalid.field("name", "name.missing")
    uow.session.get_one(User, uow.actor.user_id).name = name.strip()[:200]
    uow.after_commit(sessions.forget)


def _noted(uow: UnitOfWork, act: str, user_id: UUID) -> None:
    """Name the act in the journal, and keep the address it came from where it can be erased."""
    uow.log(act, user_id=str(user_id))
    uow.saw(act, "user", user_id, ip=uow.actor.ip)


def oneself(uow: UnitOfWork) -> UUID:
    """Return the id of the user who acts; ``Forbidden`` for the system, which keeps nothing of its own."""
    if uow.actor.user_id is None:
        raise Forbidden("error.forbidden", verb="", entity="User")
    return uow.actor.user_id
