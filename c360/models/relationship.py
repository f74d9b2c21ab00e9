"""Relationships: typed, dated links between two customers, and the types administrators keep."""

from datetime import datetime
from typing import Annotated

from sqlmodel import Field

from c360.models.choice import COLOURS
from c360.registry.entity import Entity, register
from c360.registry.kinds import Day, Flag, LongText, PersonalNote, PersonalText, Reference, Text, Whole
from c360.registry.marks import SYSTEM_SET, OnMerge, Options, Privacy, Target
from c360.registry.record import CustomerId, Record, unique_index

SHAPES = Options("relation_shape", ("equal", "directed", "hierarchy"))
"""Both sides read the same; each side has its own wording; the first stands above the second."""
ENDS = Options("relation_end", ("any", "contact", "account"))
STRENGTHS = Options("relation_strength", ("weak", "normal", "strong"))


class RelationType(Record, table=True):
    """What two customers can be to each other, worded from both sides. In use it can be retired, not deleted."""

    __tablename__ = "relation_type"

    name: Text = Field(max_length=100, title="Wording")
    reverse: Text | None = Field(default=None, max_length=100, title="Wording from the other side")
    shape: Annotated[Text, SHAPES] = Field(default="directed", max_length=20, title="Direction")
    from_kind: Annotated[Text, ENDS] = Field(default="any", max_length=10, title="From")
    to_kind: Annotated[Text, ENDS] = Field(default="any", max_length=10, title="To")
    color: Annotated[Text, Options("color", COLOURS)] = Field(default="gray", max_length=20, title="Colour")
    comment: LongText | None = Field(default=None, title="Comment")
    position: Whole = Field(default=0, title="Order")
    retired_at: Annotated[datetime | None, SYSTEM_SET, Privacy.PLAIN] = Field(default=None, title="Retired")

    __table_args__ = (unique_index("uq_relation_type_name", "name"),)

    def settle(self) -> None:
        """Read the same from both sides where both are equal."""
        if self.shape == "equal":
            self.reverse, self.to_kind = self.name, self.from_kind


class Relation(Record, table=True):
    """One customer's tie to another, of a type, from a day to a day."""

    from_id: Annotated[CustomerId, Target("customer"), OnMerge.COLLAPSE] = Field(
        foreign_key="customer.id", index=True, title="From"
    )
    to_id: Annotated[CustomerId, Target("customer"), OnMerge.COLLAPSE] = Field(
        foreign_key="customer.id", index=True, title="To"
    )
    type_id: Annotated[Reference, Target("relation_type")] = Field(
        foreign_key="relation_type.id", index=True, title="Relation type"
    )
    since_on: Annotated[Day | None, Privacy.PERSONAL] = Field(default=None, title="Since")
    until_on: Annotated[Day | None, Privacy.PERSONAL] = Field(default=None, title="Until")
    is_former: Flag = Field(default=False, title="Former", description="Over, though nobody knows since when.")
    strength: Annotated[Text, STRENGTHS] = Field(default="normal", max_length=10, title="Strength")
    source: PersonalText | None = Field(default=None, max_length=200, title="Known from")
    note: PersonalNote | None = Field(default=None, title="Note")


RELATION_TYPE = register(
    Entity(
        key="relation_type",
        model=RelationType,
        label="Relation type",
        plural="Relation types",
        icon="waypoints",
        title=("name",),
        columns=("name", "reverse", "shape", "from_kind", "to_kind", "color"),
        sort="position",
    )
)
RELATION = register(
    Entity(
        key="relation",
        model=Relation,
        label="Relation",
        plural="Relations",
        icon="waypoints",
        title=("type_id",),
        columns=("from_id", "type_id", "to_id", "since_on", "until_on", "is_former", "strength", "note"),
        twins=("type_id", "since_on", "until_on"),
        within="from_id",
        across="to_id",
        sort="-since_on",
    )
)
