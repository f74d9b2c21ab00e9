"""Saved views of lists, and folders that hold customers by rule or by hand."""

from typing import Annotated
from uuid import UUID

from sqlmodel import Field, col

from c360.models.sharing import SHARING, shared
from c360.registry.entity import Entity, register
from c360.registry.kinds import Flag, Json, Reference, Text, Whole
from c360.registry.marks import OnMerge, Options, Privacy, Target
from c360.registry.record import JSON_TYPE, CustomerId, Owned, Record, unique_index


class View(Owned, table=True):
    """A saved list: columns with widths and order, criteria, quick filters, sort, density, page size."""

    entity: Text = Field(max_length=40, index=True, title="List")
    name: Text = Field(max_length=200, title="Name")
    sharing: Annotated[Text, SHARING] = Field(default="private", max_length=20, title="Shared with")
    position: Whole = Field(default=0, title="Order")
    color: Text = Field(default="indigo", max_length=20, title="Colour")
    query: Json = Field(default_factory=dict, sa_type=JSON_TYPE)


class ViewPreference(Owned, table=True):
    """What one user does with a view: favourite, opened by default, left in an unsaved state."""

    __tablename__ = "view_preference"

    entity: Text = Field(max_length=40, title="List")
    view_id: Annotated[Reference | None, Target("view")] = Field(default=None, foreign_key="view.id", title="View")
    is_default: Flag = Field(default=False, title="Default")
    is_favourite: Flag = Field(default=False, title="Favourite")
    draft: Json | None = Field(default=None, sa_type=JSON_TYPE)


class Folder(Owned, table=True):
    """A shelf of a list: dynamic (criteria) or static (hand-picked)."""

    entity: Text = Field(max_length=40, index=True, title="List")
    name: Text = Field(max_length=200, title="Name")
    mode: Annotated[Text, Options("folder_mode", ("dynamic", "static"))] = Field(max_length=20, title="Kind")
    sharing: Annotated[Text, SHARING] = Field(default="private", max_length=20, title="Shared with")
    parent_id: Annotated[UUID | None, Target("folder"), Privacy.PLAIN] = Field(
        default=None, foreign_key="folder.id", index=True, title="In folder"
    )
    position: Whole = Field(default=0, title="Order")
    is_favourite: Flag = Field(default=False, title="Favourite")
    criteria: Json = Field(default_factory=dict, sa_type=JSON_TYPE)


class FolderMember(Record, table=True):
    """A customer on a static folder."""

    __tablename__ = "folder_member"

    folder_id: Annotated[Reference, Target("folder")] = Field(foreign_key="folder.id", index=True, title="Folder")
    customer_id: Annotated[CustomerId, OnMerge.COLLAPSE] = Field(foreign_key="customer.id", index=True)

    __table_args__ = (unique_index("uq_folder_member_pair", "folder_id", "customer_id"),)
    """A customer is on a folder once."""


VIEW = register(
    Entity("view", View, "View", "Views", icon="bookmark", title=("name",), columns=("name", "sharing", "owner_id"),
           scope=shared(View), sort="position")
)  # fmt: skip
VIEW_PREFERENCE = register(
    Entity("view_preference", ViewPreference, "View preference", "View preferences", title=("entity",),
           columns=("entity", "view_id"), scope=lambda actor: col(ViewPreference.owner_id) == actor.user_id)
)  # fmt: skip
FOLDER = register(
    Entity("folder", Folder, "Folder", "Folders", icon="folder", title=("name",),
           columns=("name", "mode", "sharing", "owner_id"), scope=shared(Folder), sort="position")
)  # fmt: skip
FOLDER_MEMBER = register(
    Entity("folder_member", FolderMember, "In a folder", "In folders", title=("folder_id",), columns=("folder_id",),
           within="customer_id", beside=("folder_id",))
)  # fmt: skip
