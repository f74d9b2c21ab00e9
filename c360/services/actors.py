"""From a user to the actor he is now: roles, teams and what they allow, read afresh each time."""

from uuid import UUID

from sqlmodel import Session, col, select

from c360.core.actor import Actor
from c360.models.user import Role, TeamMember, User, UserRole
from c360.services import roles


def actor_for(session: Session, user_id: UUID) -> Actor | None:
    """Return what a user may do now, or None when he is disabled or gone."""
    user = session.get(User, user_id)
    if user is None or user.disabled_at or user.archived_at:
        return None
    mine = session.exec(
        select(Role)
        .join(UserRole, col(UserRole.role_id) == col(Role.id))
        .where(UserRole.user_id == user_id, col(UserRole.archived_at).is_(None), col(Role.archived_at).is_(None))
    ).all()
    teams = select(TeamMember.team_id).where(TeamMember.user_id == user_id, col(TeamMember.archived_at).is_(None))
    mates = select(TeamMember.user_id).where(col(TeamMember.team_id).in_(teams), col(TeamMember.archived_at).is_(None))
    return Actor(
        user_id=user.id,
        name=user.name,
        rights=roles.combined([role.rights for role in mine]),
        hidden=roles.shared([role.hidden for role in mine]),
        locked=roles.shared([role.locked for role in mine]),
        team_user_ids=frozenset(session.exec(mates)),
        roles=frozenset(role.key for role in mine),
        language=user.language,
    )
