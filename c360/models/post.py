"""The feed of a customer: posts, comments on them, likes."""

from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from c360.registry.entity import Entity, register
from c360.registry.kinds import JSON, PersonalNote, Reference
from c360.registry.marks import SYSTEM_SET, OnMerge, Privacy, Target
from c360.registry.record import JSON_TYPE, CustomerId, Record, unique_index

LONGEST = 5_000


def _customer() -> Any:
    return Field(foreign_key="customer.id", index=True, title="Customer")


class Post(Record, table=True):
    """What somebody tells everybody who sees the customer."""

    __table_args__ = (Index("ix_post_stream", "customer_id", "created_at", "id"),)

    customer_id: Annotated[CustomerId, OnMerge.MOVE] = Field(foreign_key="customer.id", title="Customer")
    text: PersonalNote = Field(max_length=LONGEST, title="Text")
    mentioned: Annotated[list[str], JSON, SYSTEM_SET, Privacy.PLAIN] = Field(default_factory=list, sa_type=JSON_TYPE)


class PostComment(Record, table=True):
    """An answer to a post."""

    __tablename__ = "post_comment"

    customer_id: Annotated[CustomerId, OnMerge.MOVE] = _customer()
    post_id: Annotated[Reference, Target("post")] = Field(foreign_key="post.id", index=True, title="Post")
    text: PersonalNote = Field(max_length=LONGEST, title="Text")
    mentioned: Annotated[list[str], JSON, SYSTEM_SET, Privacy.PLAIN] = Field(default_factory=list, sa_type=JSON_TYPE)


class PostLike(Record, table=True):
    """A thumb up for a post, one a person."""

    __tablename__ = "post_like"
    __table_args__ = (unique_index("uq_post_like_pair", "post_id", "user_id"),)

    customer_id: Annotated[CustomerId, OnMerge.MOVE] = _customer()
    post_id: Annotated[Reference, Target("post")] = Field(foreign_key="post.id", title="Post")
    user_id: Annotated[UUID, Target("user"), SYSTEM_SET, Privacy.PLAIN] = Field(foreign_key="user.id", index=True)


POST = register(
    Entity("post", Post, "Post", "Posts", icon="message-square", title=("text",), columns=("text", "created_at"),
           within="customer_id", joined=True, same=("text", "created_by_id", "created_at"), sort="-created_at")
)  # fmt: skip
POST_COMMENT = register(
    Entity("post_comment", PostComment, "Comment", "Comments", icon="message-square", title=("text",),
           columns=("text", "created_at"), within="customer_id", joined=True, sort="created_at")
)  # fmt: skip
POST_LIKE = register(
    Entity("post_like", PostLike, "Like", "Likes", icon="thumbs-up", title=("post_id",), columns=("post_id",),
           within="customer_id", joined=True, sort="created_at")
)  # fmt: skip
