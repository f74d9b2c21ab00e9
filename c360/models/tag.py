"""Tags: words people put on customers; private, corporate or public."""

from typing import Annotated, Any

from sqlalchemy import or_
from sqlmodel import Field, col

from c360.core.actor import Actor
from c360.core.fold import fold
from c360.models.choice import COLOURS
from c360.registry.entity import Entity, register
from c360.registry.kinds import Reference, Text
from c360.registry.marks import SYSTEM_SET, OnMerge, Options, Target
from c360.registry.record import CustomerId, Owned, Record, unique_index

VISIBILITIES = Options("tag_visibility", ("private", "corporate", "public"))


class Tag(Owned, table=True):
    """A word on customers. A private one is its owner's alone; a corporate one only its keepers change."""

    __table_args__ = (
        unique_index("uq_tag_shared", "folded", where="archived_at IS NULL AND visibility <> 'private'"),
        unique_index("uq_tag_private", "owner_id", "folded", where="archived_at IS NULL AND visibility = 'private'"),
    )

    name: Text = Field(max_length=100, title="Name")
    folded: Annotated[Text, SYSTEM_SET] = Field(default="", max_length=100)
    color: Annotated[Text, Options("color", COLOURS)] = Field(default="gray", max_length=20, title="Colour")
    visibility: Annotated[Text, VISIBILITIES] = Field(default="private", max_length=20, title="Visible to")

    def settle(self) -> None:
        """Keep the form in which two tags are the same word."""
        self.folded = fold(self.name)[:100]


class Tagging(Record, table=True):
    """A tag on a customer."""

    __table_args__ = (unique_index("uq_tagging_pair", "customer_id", "tag_id"),)

    customer_id: Annotated[CustomerId, OnMerge.COLLAPSE] = Field(foreign_key="customer.id", title="Customer")
    tag_id: Annotated[Reference, Target("tag")] = Field(foreign_key="tag.id", index=True, title="Tag")


def _tags_of(actor: Actor) -> Any:
    return or_(col(Tag.visibility) != "private", col(Tag.owner_id) == actor.user_id)


TAG = register(
    Entity("tag", Tag, "Tag", "Tags", icon="tag", title=("name",), columns=("name", "color", "visibility", "owner_id"),
           scope=_tags_of, sort="name")
)  # fmt: skip
TAGGING = register(
    Entity(
        "tagging",
        Tagging,
        "Tag on a customer",
        "Tags",
        title=("tag_id",),
        columns=("tag_id",),
        within="customer_id",
        beside=("tag_id",),
    )
)
