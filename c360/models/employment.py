"""Employment: the jobs of a person, past and present."""

from typing import Annotated

from sqlmodel import Field

from c360.registry.entity import Entity, register
from c360.registry.kinds import Day, Flag, PersonalText, Reference
from c360.registry.marks import OnMerge, Privacy, Target
from c360.registry.record import CustomerId, Record


class Employment(Record, table=True):
    """One job of a person: where, as what, from when to when."""

    contact_id: Annotated[CustomerId, Target("contact"), OnMerge.COLLAPSE] = Field(
        foreign_key="customer.id", index=True, title="Contact"
    )
    account_id: Annotated[Reference | None, Target("account"), OnMerge.COLLAPSE] = Field(
        default=None, foreign_key="customer.id", index=True, title="Organisation"
    )
    organisation: PersonalText | None = Field(default=None, max_length=500, title="Organisation's name")
    job_title: PersonalText | None = Field(default=None, max_length=200, title="Job title")
    department: PersonalText | None = Field(default=None, max_length=200, title="Department")
    from_on: Annotated[Day | None, Privacy.PERSONAL] = Field(default=None, title="From")
    to_on: Annotated[Day | None, Privacy.PERSONAL] = Field(default=None, title="To")
    is_current: Flag = Field(default=True, title="Current")
    is_main: Flag = Field(default=False, title="Main")


EMPLOYMENT = register(
    Entity(
        key="employment",
        model=Employment,
        label="Job",
        plural="Employment",
        icon="briefcase",
        title=("job_title",),
        columns=("account_id", "job_title", "department", "from_on", "to_on", "is_current", "is_main"),
        twins=("organisation", "job_title", "from_on", "to_on"),
        within="contact_id",
        sort="-from_on",
    )
)
