"""Roles and teams as administrators keep them: who may do what how far, and which fields are closed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from c360.core.actor import Reach, Verb
from c360.core.clock import utc_now
from c360.core.errors import Conflict, Invalid
from c360.core.ids import new_id
from c360.models.user import Role, Team, TeamMember, UserRole
from c360.registry.entity import entity_for
from c360.services import fields, sessions
from c360.services.uow import UnitOfWork

ENTITIES = ("contact", "account", "tag", "folder", "view", "choice", "custom_field", "user")
CLOSABLE = ("contact", "account")
VERBS = tuple(Verb)


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role: its name, how many have it, its rights by entity and verb, the fields it closes."""

    id: str
    key: str
    name: str
    users: int
    rights: dict[str, dict[str, str]]
    hidden: list[str]
    locked: list[str]


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team and how many are in it."""

    id: str
    name: str
    users: int


def listed(uow: UnitOfWork) -> list[RoleRow]:
    """Return every role."""
    uow.require(Verb.READ, "role")
    has = list(uow.session.exec(select(UserRole.role_id).where(col(UserRole.archived_at).is_(None))))
    return [
        RoleRow(str(r.id), r.key, r.name, has.count(r.id), r.rights, r.hidden, r.locked)
        for r in uow.session.exec(uow.select("role").order_by(col(Role.created_at)))
    ]


def closable(uow: UnitOfWork) -> dict[str, str]:
    """Return the fields a role can close, ``entity.field`` with its label."""
    return {
        f"{key}.{name}": f"{entity_for(key).label}: {spec.label}"
        for key in CLOSABLE
        for name, spec in fields.every(uow.session, entity_for(key)).items()
        if spec.editable
    }


def save(
    uow: UnitOfWork,
    role_id: UUID | None,
    *,
    name: str,
    rights: Mapping[str, Mapping[str, str]],
    hidden: Collection[str],
    locked: Collection[str],
) -> UUID:
    """Set what a role allows; it holds for everybody who has it within two seconds."""
    if not name.strip():
        raise Invalid.field("name", "error.required", field="Name")
    known, shut = set(closable(uow)), {*hidden, *locked}
    if not shut <= known or not set(rights) <= set(ENTITIES):
        raise Invalid.field("rights", "error.option")
    kept = {key: {Verb(v).value: Reach(r).value for v, r in verbs.items() if r} for key, verbs in rights.items()}
    if role_id is None:
        uow.require(Verb.CREATE, "role")
        role = uow.add(Role(key=f"role_{new_id().hex[-12:]}", name=name.strip()))
    else:
        role = uow.get("role", role_id, Verb.UPDATE)
    others = plain(role.rights) or plain(_everybody(uow))
    role.name, role.rights = name.strip(), {**others, **kept}
    role.hidden, role.locked = sorted(hidden), sorted(set(locked) - set(hidden))
    uow.log("role.changed" if role_id else "role.created", role_id=str(role.id))
    uow.saw("role.changed", "role", role.id, ip=uow.actor.ip)
    uow.after_commit(sessions.forget)
    return role.id


def plain(rights: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return what stands beside the matrix: one's own bookkeeping and what all may look up."""
    return {key: dict(verbs) for key, verbs in rights.items() if key not in ENTITIES}


def _everybody(uow: UnitOfWork) -> Mapping[str, Mapping[str, str]]:
    return uow.session.exec(select(Role).where(Role.key == "business_user")).one().rights


def remove(uow: UnitOfWork, role_id: UUID) -> None:
    """Take a role away that nobody has."""
    role = uow.get("role", role_id, Verb.ARCHIVE)
    if uow.session.exec(
        select(UserRole.id).where(UserRole.role_id == role_id, col(UserRole.archived_at).is_(None))
    ).first():
        raise Conflict("role.in_use")
    role.archived_at = utc_now()


def teams(uow: UnitOfWork) -> list[TeamRow]:
    """Return every team."""
    has = list(uow.session.exec(select(TeamMember.team_id).where(col(TeamMember.archived_at).is_(None))))
    found = uow.session.exec(uow.select("team").order_by(col(Team.name)))
    return [TeamRow(str(t.id), t.name, has.count(t.id)) for t in found]


def save_team(uow: UnitOfWork, team_id: UUID | None, name: str) -> None:
    """Add a team or give it another name."""
    if not name.strip():
        raise Invalid.field("name", "error.required", field="Name")
    if team_id is None:
        uow.require(Verb.CREATE, "team")
        uow.add(Team(name=name.strip()))
        return
    uow.get("team", team_id, Verb.UPDATE).name = name.strip()


def remove_team(uow: UnitOfWork, team_id: UUID) -> None:
    """Take a team away that nobody is in."""
    team = uow.get("team", team_id, Verb.ARCHIVE)
    if uow.session.exec(
        select(TeamMember.id).where(TeamMember.team_id == team_id, col(TeamMember.archived_at).is_(None))
    ).first():
        raise Conflict("team.in_use")
    team.archived_at = utc_now()
