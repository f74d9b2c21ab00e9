"""What was said of a product in a call: its stage, objections, what comes next, samples given.

One line a customer and product: of three people in one meeting each may stand at a stage of his own.
"""

from typing import Annotated

from sqlmodel import Field

from c360.registry.entity import Entity, register
from c360.registry.kinds import Choice, PersonalNote, PersonalText, Reference, Whole
from c360.registry.marks import SYSTEM_SET, OnMerge, PickList, Target
from c360.registry.record import CustomerId, Record, unique_index


class ActivityProduct(Record, table=True):
    """A product discussed with a customer in a call or a meeting; ``position`` is its place in the talk."""

    __tablename__ = "activity_product"
    __table_args__ = (unique_index("uq_activity_product_line", "customer_id", "activity_id", "product_id"),)

    customer_id: Annotated[CustomerId, OnMerge.COLLAPSE] = Field(
        foreign_key="customer.id", index=True, title="Customer"
    )
    activity_id: Annotated[Reference, Target("activity"), SYSTEM_SET] = Field(
        foreign_key="activity.id", index=True, title="Activity"
    )
    product_id: Annotated[Choice, PickList("product")] = Field(foreign_key="choice.id", title="Product")
    stage_id: Annotated[Choice | None, PickList("adoption_stage")] = Field(
        default=None, foreign_key="choice.id", title="Adoption stage", description="How far the customer has come."
    )
    objections: PersonalNote | None = Field(default=None, title="Objections")
    next_objective: PersonalText | None = Field(default=None, max_length=500, title="Next objective")
    samples: Whole | None = Field(default=None, title="Samples given")
    position: Annotated[Whole, SYSTEM_SET] = Field(default=0, title="Order")


ACTIVITY_PRODUCT = register(
    Entity(
        key="activity_product",
        model=ActivityProduct,
        label="Product discussed",
        plural="Products discussed",
        icon="package",
        title=("product_id",),
        columns=("product_id", "stage_id", "samples", "objections", "next_objective"),
        within="customer_id",
        beside=("activity_id",),
        joined=True,
        sort="position",
    )
)
