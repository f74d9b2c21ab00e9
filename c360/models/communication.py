"""Communication options: one address on a medium of one customer."""

from datetime import datetime
from typing import Annotated

from sqlalchemy import text
from sqlmodel import Field, Index

from c360.models.choice import FAMILIES
from c360.models.customer_indexes import domain_of
from c360.registry import values
from c360.registry.entity import Entity, register
from c360.registry.kinds import Choice, Flag, PersonalText, Text
from c360.registry.marks import SYSTEM_SET, OnMerge, Options, PickList, Privacy
from c360.registry.record import CustomerId, Record

DIALLED = ("phone", "fax")
MAILED = text("family = 'email'")


class Communication(Record, table=True):
    """One way to reach a customer: this e-mail, that phone. One of each family is primary."""

    customer_id: Annotated[CustomerId, OnMerge.UNION] = Field(foreign_key="customer.id", index=True, title="Customer")
    family: Annotated[Text, Options("family", FAMILIES)] = Field(max_length=20, title="Kind")
    type_id: Annotated[Choice | None, PickList("communication_type")] = Field(
        default=None, foreign_key="choice.id", title="Type"
    )
    value: PersonalText = Field(max_length=500, title="Value")
    normalised: Annotated[PersonalText, SYSTEM_SET] = Field(default="", max_length=500, index=True)
    is_primary: Flag = Field(default=False, title="Primary")
    do_not_use: Flag = Field(default=False, title="Do not use")
    comment: PersonalText | None = Field(default=None, max_length=500, title="Comment")
    verified_at: Annotated[datetime | None, SYSTEM_SET, Privacy.PLAIN] = Field(default=None, title="Verified")
    bounced_at: Annotated[datetime | None, SYSTEM_SET, Privacy.PLAIN] = Field(default=None, title="Bounced")

    __table_args__ = (
        Index("ix_communication_domain", text(domain_of("normalised")), sqlite_where=MAILED, postgresql_where=MAILED),
    )

    def settle(self) -> None:
        """Keep the form in which two options are the same one."""
        self.normalised = normalised(self.family, self.value)


def normalised(family: str, value: str) -> str:
    """Return the form of an address in which two that reach the same place are equal."""
    return values.e164(value) if family in DIALLED else value.strip().lower()


COMMUNICATION = register(
    Entity(
        key="communication",
        model=Communication,
        label="Communication option",
        plural="Communication",
        icon="at-sign",
        title=("value",),
        columns=("family", "type_id", "value", "is_primary", "do_not_use", "comment"),
        twins=("family", "normalised"),
        within="customer_id",
        sort="family",
    )
)
