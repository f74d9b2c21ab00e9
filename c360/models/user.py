"""Users, what their roles allow, their teams, their signed-in sessions and the keys of their programs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.registry.entity import Entity, entities, register
from c360.registry.kinds import JSON, EmailAddress, Json, Language, LongText, PersonName, Text
from c360.registry.marks import SYSTEM_SET, OnMerge, Privacy, Target
from c360.registry.record import JSON_TYPE, Record, Table, UserId, unique_index

Secret = Annotated[str, SYSTEM_SET, Privacy.SECRET]


class User(Record, table=True):
    """Someone who can sign in."""

    __tablename__ = "user"

    login: EmailAddress = Field(max_length=320, title="E-mail")
    name: PersonName = Field(max_length=200, title="Name")
    password_hash: Secret | None = Field(default=None, max_length=300)
    language: Language = Field(default="en", max_length=3, title="Language")
    disabled_at: Annotated[datetime | None, SYSTEM_SET, Privacy.PLAIN] = Field(default=None, title="Disabled")
    last_seen_at: Annotated[datetime | None, SYSTEM_SET, Privacy.PERSONAL] = Field(default=None, title="Last seen")
    contact_id: Annotated[UUID | None, Target("contact"), OnMerge.MOVE, SYSTEM_SET, Privacy.PLAIN] = Field(
        default=None, title="Contact"
    )

    __table_args__ = (unique_index("uq_user_login", "login"),)
    """One live user an address."""


class Role(Record, table=True):
    """A named set of rights: per entity, how far each verb reaches; fields that are hidden or locked.

    ``offered`` names the entities it was asked about, so that it receives its rights to one that comes later, once.
    """

    __tablename__ = "role"

    key: Text = Field(max_length=40, unique=True, title="Key")
    name: Text = Field(max_length=100, title="Name")
    comment: LongText | None = Field(default=None, title="Comment")
    rights: Json = Field(default_factory=dict, sa_type=JSON_TYPE)
    hidden: Annotated[list[str], JSON, SYSTEM_SET, Privacy.PLAIN] = Field(default_factory=list, sa_type=JSON_TYPE)
    locked: Annotated[list[str], JSON, SYSTEM_SET, Privacy.PLAIN] = Field(default_factory=list, sa_type=JSON_TYPE)
    offered: Annotated[list[str], JSON, SYSTEM_SET, Privacy.PLAIN] = Field(
        default_factory=lambda: [entity.key for entity in entities()], sa_type=JSON_TYPE
    )


class UserRole(Record, table=True):
    """A role a user has."""

    __tablename__ = "user_role"
    __table_args__ = (UniqueConstraint("user_id", "role_id"),)

    user_id: UserId = Field(foreign_key="user.id", title="User")
    role_id: Annotated[UUID, Target("role"), Privacy.PLAIN] = Field(foreign_key="role.id", title="Role")


class Team(Record, table=True):
    """Users who share a reach."""

    name: Text = Field(max_length=100, unique=True, title="Name")
    comment: LongText | None = Field(default=None, title="Comment")


class TeamMember(Record, table=True):
    """A user's place in a team."""

    __tablename__ = "team_member"
    __table_args__ = (UniqueConstraint("team_id", "user_id"),)

    team_id: Annotated[UUID, Target("team"), Privacy.PLAIN] = Field(foreign_key="team.id", title="Team")
    user_id: UserId = Field(foreign_key="user.id", index=True, title="User")


class Session(Table, table=True):
    """A signed-in browser. The cookie's digest is kept, never the cookie."""

    __tablename__ = "session"

    digest: Annotated[str, Privacy.SECRET] = Field(primary_key=True, max_length=64)
    user_id: UserId = Field(foreign_key="user.id", index=True)
    created_at: Annotated[datetime, Privacy.PERSONAL] = Field(default_factory=utc_now)
    seen_at: Annotated[datetime, Privacy.PERSONAL] = Field(default_factory=utc_now)
    ended_at: Annotated[datetime | None, Privacy.PERSONAL] = None
    ip: Annotated[str, Privacy.PERSONAL] = Field(default="", max_length=64)
    agent: Annotated[str, Privacy.PERSONAL] = Field(default="", max_length=300)


class OneTimeLink(Table, table=True):
    """A link that works once: the first administrator's set-up, an invitation, a new password."""

    __tablename__ = "one_time_link"

    id: Annotated[UUID, Privacy.PLAIN] = Field(default_factory=new_id, primary_key=True)
    digest: Annotated[str, Privacy.SECRET] = Field(max_length=64, unique=True)
    purpose: Annotated[str, Privacy.PLAIN] = Field(max_length=20)
    user_id: UserId | None = Field(default=None, foreign_key="user.id")
    expires_at: Annotated[datetime, Privacy.PLAIN]
    used_at: Annotated[datetime | None, Privacy.PLAIN] = None


class ApiKey(Table, table=True):
    """A key by which a program acts for a user, within his rights and its own scope. The key's digest is kept alone."""

    __tablename__ = "api_key"

    id: Annotated[UUID, Privacy.PLAIN] = Field(default_factory=new_id, primary_key=True)
    user_id: UserId = Field(foreign_key="user.id", index=True)
    name: Annotated[str, Privacy.PLAIN] = Field(max_length=100)
    digest: Annotated[str, Privacy.SECRET] = Field(max_length=64, unique=True)
    kinds: Annotated[list[str], Privacy.PLAIN] = Field(default_factory=list, sa_type=JSON_TYPE)
    writes: Annotated[bool, Privacy.PLAIN] = False
    created_at: Annotated[datetime, Privacy.PLAIN] = Field(default_factory=utc_now)
    expires_at: Annotated[datetime, Privacy.PLAIN]
    revoked_at: Annotated[datetime | None, Privacy.PLAIN] = None
    used_at: Annotated[datetime | None, Privacy.PERSONAL] = None


USER = register(
    Entity("user", User, "User", "Users", icon="user-cog", title=("name",), sort="name",
           columns=("name", "login", "language", "last_seen_at", "disabled_at"))
)  # fmt: skip
ROLE = register(
    Entity("role", Role, "Role", "Roles", icon="shield", title=("name",), columns=("name", "comment"), sort="name")
)
USER_ROLE = register(
    Entity("user_role", UserRole, "Role of a user", "Roles of users", title=("id",), columns=("user_id", "role_id"))
)
TEAM = register(
    Entity("team", Team, "Team", "Teams", icon="users", title=("name",), columns=("name", "comment"), sort="name")
)
TEAM_MEMBER = register(
    Entity("team_member", TeamMember, "Member", "Members", title=("id",), columns=("team_id", "user_id"))
)
