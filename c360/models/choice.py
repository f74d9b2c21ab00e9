"""A choice: one entry of a pick list, kept by administrators."""

from datetime import datetime
from typing import Annotated

from sqlmodel import Field

from c360.registry.entity import Entity, register
from c360.registry.kinds import Flag, LongText, Text, Whole
from c360.registry.marks import SYSTEM_SET, Options, Privacy
from c360.registry.record import Record, unique_index

PICK_LISTS = (
    "segment", "status", "channel", "contact_type", "account_type", "category", "industry", "legal_form", "ownership",
    "employee_range", "revenue_range", "salutation", "gender", "marital_status", "inactive_reason",
    "communication_type", "address_type", "contact_role", "product", "adoption_stage",
)  # fmt: skip
COLOURS = ("gray", "indigo", "teal", "orange", "plum", "grass", "ruby", "cyan", "amber", "red", "green")
FAMILIES = ("email", "phone", "web", "social", "messenger", "fax")


class Choice(Record, table=True):
    """One entry of a pick list. In use it can be retired, not deleted."""

    pick_list: Annotated[Text, Options("pick_list", PICK_LISTS)] = Field(max_length=40, title="Pick list", index=True)
    name: Text = Field(max_length=200, title="Name")
    color: Annotated[Text, Options("color", COLOURS)] = Field(default="gray", max_length=20, title="Colour")
    comment: LongText | None = Field(default=None, title="Comment")
    position: Whole = Field(default=0, title="Order")
    is_default: Flag = Field(default=False, title="Default")
    family: Annotated[Text | None, Options("family", FAMILIES)] = Field(default=None, max_length=20, title="Family")
    retired_at: Annotated[datetime | None, SYSTEM_SET, Privacy.PLAIN] = Field(default=None, title="Retired")

    __table_args__ = (unique_index("uq_choice_name", "pick_list", "name"),)
    """Keep the names of a list apart, those of archived entries aside."""


CHOICE = register(
    Entity(
        key="choice",
        model=Choice,
        label="Choice",
        plural="Pick lists",
        icon="list",
        title=("name",),
        columns=("name", "color", "comment", "position", "is_default"),
        sort="position",
    )
)
