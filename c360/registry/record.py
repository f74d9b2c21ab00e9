"""What every stored row has: identity, a version and who touched it when."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, Index, MetaData, text
from sqlalchemy import Table as SqlTable
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.registry.kinds import Moment, Reference
from c360.registry.marks import SYSTEM_SET, OnMerge, Privacy, Target

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention

JSON_TYPE = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
UserId = Annotated[UUID, Target("user"), Privacy.PLAIN]
CustomerId = Annotated[UUID, Target("customer"), Privacy.PLAIN, OnMerge.MOVE]
"""A link to a customer that follows it through a merge."""


def unique_index(name: str, *columns: str, where: str = "archived_at IS NULL") -> Index:
    """Return a unique index over live rows alone: what is archived or merged must not block a name."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


class Table(SQLModel):
    """Base of every table, for what type checkers cannot see: its name, and that it has one."""

    if TYPE_CHECKING:
        __tablename__: ClassVar[str]  # pyright: ignore[reportIncompatibleVariableOverride, reportAssignmentType]
        __table__: ClassVar[SqlTable]


class Row(Table):
    """Base of every row the journal writes down and a person may change."""

    id: Annotated[UUID, SYSTEM_SET, Privacy.PLAIN] = Field(default_factory=new_id, primary_key=True)
    version: Annotated[int, SYSTEM_SET, Privacy.PLAIN] = Field(default=1)
    created_at: Annotated[Moment, SYSTEM_SET] = Field(default_factory=utc_now, title="Created")
    created_by_id: Annotated[UserId | None, SYSTEM_SET] = Field(default=None, foreign_key="user.id", title="Created by")
    updated_at: Annotated[Moment, SYSTEM_SET] = Field(default_factory=utc_now, title="Updated")
    updated_by_id: Annotated[UserId | None, SYSTEM_SET] = Field(default=None, foreign_key="user.id", title="Updated by")

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Make every update ask for the version it read."""
        return {"version_id_col": cls.__table__.c.version} if hasattr(cls, "__table__") else {}

    def settle(self) -> None:
        """Derive the columns that are kept for speed; called before the row is written."""


class Record(Row):
    """A row that appears in lists, forms and files; it is archived, never lost."""

    archived_at: Annotated[datetime | None, SYSTEM_SET, Privacy.PLAIN] = Field(default=None, title="Archived")


class Owned(Record):
    """A record that belongs to a user, who must exist: the creator unless another is named."""

    managers: ClassVar[tuple[str, ...]] = ()
    """References to users who, beside the owner, count where a right reaches one's own records."""
    owner_id: Annotated[Reference, Target("user")] = Field(foreign_key="user.id", title="Owner")
