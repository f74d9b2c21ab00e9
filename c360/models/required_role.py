"""A required role: whom every account of a type should have among its people."""

from typing import Annotated

from sqlmodel import Field

from c360.registry.entity import Entity, register
from c360.registry.kinds import Choice
from c360.registry.marks import PickList
from c360.registry.record import Record, unique_index


class RequiredRole(Record, table=True):
    """That an account of a type needs a contact person in a role."""

    __tablename__ = "required_role"

    account_type_id: Annotated[Choice, PickList("account_type")] = Field(foreign_key="choice.id", title="Type")
    role_id: Annotated[Choice, PickList("contact_role")] = Field(foreign_key="choice.id", title="Role")

    __table_args__ = (unique_index("uq_required_role_pair", "account_type_id", "role_id"),)


REQUIRED_ROLE = register(
    Entity(
        key="required_role",
        model=RequiredRole,
        label="Required role",
        plural="Required roles",
        icon="user-round-check",
        title=("role_id",),
        columns=("account_type_id", "role_id"),
        sort="account_type_id",
    )
)
