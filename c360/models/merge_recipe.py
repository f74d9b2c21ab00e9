"""Recipes of merges: which rule picks the value of which field, kept under a name."""

from typing import Annotated

from sqlmodel import Field

from c360.models.sharing import SHARING, shared
from c360.registry.entity import Entity, register
from c360.registry.kinds import Json, Text
from c360.registry.record import JSON_TYPE, Owned


class MergeRecipe(Owned, table=True):
    """Rules of a merge by field (``newest``, ``longest`` …), kept for the next one of the same entity."""

    __tablename__ = "merge_recipe"

    entity: Text = Field(max_length=40, title="For")
    name: Text = Field(max_length=200, title="Name")
    sharing: Annotated[Text, SHARING] = Field(default="private", max_length=20, title="Shared with")
    rules: Json = Field(default_factory=dict, sa_type=JSON_TYPE, title="Rules")


MERGE_RECIPE = register(
    Entity(
        "merge_recipe",
        MergeRecipe,
        "Merge recipe",
        "Merge recipes",
        icon="git-merge",
        title=("name",),
        columns=("name", "entity", "sharing", "owner_id"),
        scope=shared(MergeRecipe),
    )
)
