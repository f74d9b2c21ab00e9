"""Relationships: typed, dated links between two customers, their types, and what a chart remembers."""

from datetime import datetime
from typing import Annotated

from sqlmodel import Field

from c360.models.choice import COLOURS
from c360.registry.entity import Entity, register
from c360.registry.kinds import Day, Flag, LongText, PersonalNote, PersonalText, Reference, Text, Whole
from c360.registry.marks import SYSTEM_SET, OnErase, OnMerge, Options, Privacy, Target
from c360.registry.record import CustomerId, Record, unique_index

SHAPES = Options("relation_shape", ("equal", "directed", "hierarchy"))
"""Both sides read the same; each side has its own wording; the first stands above the second."""
ENDS = Options("relation_end", ("any", "contact", "account"))
STRENGTHS = Options("relation_strength", ("weak", "normal", "strong"))
RELAY, MEMBER = "relay", "member"
PARTS = Options("relation_part", (RELAY, MEMBER))
"""What a type makes the first of two in the organisation that is the second."""


class RelationType(Record, table=True):
    """What two customers can be to each other, worded from both sides. In use it can be retired, not deleted."""

    __tablename__ = "relation_type"

    name: Text = Field(max_length=100, title="Wording")
    reverse: Text | None = Field(default=None, max_length=100, title="Wording from the other side")
    shape: Annotated[Text, SHAPES] = Field(default="directed", max_length=20, title="Direction")
    from_kind: Annotated[Text, ENDS] = Field(default="any", max_length=10, title="From")
    to_kind: Annotated[Text, ENDS] = Field(default="any", max_length=10, title="To")
    part: Annotated[Text | None, PARTS] = Field(default=None, max_length=10, title="Section of the organisation")
    is_party: Flag = Field(
        default=False, title="Reserve together", description="Those tied by it can be reserved for together."
    )
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
    is_primary: Flag = Field(default=False, title="Primary relay")
    strength: Annotated[Text, STRENGTHS] = Field(default="normal", max_length=10, title="Strength")
    source: PersonalText | None = Field(default=None, max_length=200, title="Known from")
    note: PersonalNote | None = Field(default=None, title="Note")


class GroupPlace(Record, table=True):
    """That a customer stands in a named group of another one's chart; in one group at most."""

    __tablename__ = "group_place"

    customer_id: Annotated[CustomerId, Target("customer"), OnMerge.COLLAPSE] = Field(
        foreign_key="customer.id", title="Customer"
    )
    member_id: Annotated[CustomerId, Target("customer"), OnMerge.COLLAPSE, OnErase.DELETE] = Field(
        foreign_key="customer.id", index=True, title="Member"
    )
    name: PersonalText = Field(max_length=60, title="Group")

    __table_args__ = (unique_index("uq_group_place_pair", "customer_id", "member_id"),)


class DismissedTie(Record, table=True):
    """That two customers who share an address, a domain or a phone are no relation; the first has the smaller id."""

    __tablename__ = "dismissed_tie"

    one_id: Annotated[CustomerId, Target("customer"), OnMerge.COLLAPSE] = Field(
        foreign_key="customer.id", title="Customer"
    )
    other_id: Annotated[CustomerId, Target("customer"), OnMerge.COLLAPSE] = Field(
        foreign_key="customer.id", index=True, title="Other customer"
    )

    __table_args__ = (unique_index("uq_dismissed_tie_pair", "one_id", "other_id"),)


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
GROUP_PLACE = register(
    Entity(
        key="group_place",
        model=GroupPlace,
        label="Place in a group",
        plural="Groups of the chart",
        icon="group",
        title=("name",),
        columns=("member_id", "name"),
        within="customer_id",
        beside=("member_id",),
        sort="name",
    )
)
DISMISSED_TIE = register(
    Entity(
        key="dismissed_tie",
        model=DismissedTie,
        label="Dismissed suggestion",
        plural="Dismissed suggestions",
        icon="waypoints",
        title=("other_id",),
        columns=("one_id", "other_id"),
        within="one_id",
        across="other_id",
        sort="-created_at",
    )
)
