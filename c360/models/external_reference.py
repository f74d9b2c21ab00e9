"""External references: who a customer is in another system, one of his identities."""

from typing import Annotated

from sqlmodel import Field

from c360.registry.entity import Entity, register
from c360.registry.kinds import EmailAddress, Moment, PersonName, PhoneNumber, Text, Web
from c360.registry.marks import OnMerge, Privacy
from c360.registry.record import CustomerId, Record, unique_index


class ExternalReference(Record, table=True):
    """One identity of a customer in a third party's system: its id, what it knows of him, when it was last asked."""

    __tablename__ = "external_reference"

    customer_id: Annotated[CustomerId, OnMerge.UNION] = Field(foreign_key="customer.id", index=True, title="Customer")
    source: Text = Field(max_length=100, title="Source")
    external_id: Annotated[Text, Privacy.PERSONAL] = Field(max_length=200, title="External id")
    name: PersonName | None = Field(default=None, max_length=500, title="Name there")
    email: EmailAddress | None = Field(default=None, max_length=320, title="E-mail there")
    phone: PhoneNumber | None = Field(default=None, max_length=50, title="Phone there")
    website: Web | None = Field(default=None, max_length=500, title="Page there")
    refreshed_at: Moment | None = Field(default=None, title="Last refresh")

    __table_args__ = (unique_index("uq_external_reference_pair", "source", "external_id"),)
    """An external id names one customer."""


EXTERNAL_REFERENCE = register(
    Entity(
        key="external_reference",
        model=ExternalReference,
        label="Third-party reference",
        plural="Third-party references",
        icon="link",
        title=("source", "external_id"),
        columns=("source", "external_id", "name", "refreshed_at"),
        within="customer_id",
        sort="source",
    )
)
