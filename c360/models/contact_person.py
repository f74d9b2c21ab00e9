"""Contact persons: the people of an account, many to many, one of them primary."""

from typing import Annotated

from sqlmodel import Field

from c360.registry.entity import Entity, register
from c360.registry.kinds import Choice, Flag, PersonalText
from c360.registry.marks import OnMerge, PickList, Target
from c360.registry.record import CustomerId, Record, unique_index


class ContactPerson(Record, table=True):
    """A person who stands for an account, in a role."""

    __tablename__ = "contact_person"

    account_id: Annotated[CustomerId, Target("account"), OnMerge.COLLAPSE] = Field(
        foreign_key="customer.id", title="Account"
    )
    contact_id: Annotated[CustomerId, Target("contact"), OnMerge.COLLAPSE] = Field(
        foreign_key="customer.id", index=True, title="Contact"
    )
    role_id: Annotated[Choice | None, PickList("contact_role")] = Field(
        default=None, foreign_key="choice.id", title="Role"
    )
    is_primary: Flag = Field(default=False, title="Primary")
    comment: PersonalText | None = Field(default=None, max_length=500, title="Comment")

    __table_args__ = (unique_index("uq_contact_person_pair", "account_id", "contact_id"),)
    """A person stands for an account once."""


CONTACT_PERSON = register(
    Entity(
        key="contact_person",
        model=ContactPerson,
        label="Contact person",
        plural="Contact persons",
        icon="contact-round",
        title=("contact_id",),
        columns=("contact_id", "role_id", "is_primary", "comment"),
        within="account_id",
        sort="-is_primary",
    )
)
