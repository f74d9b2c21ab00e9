"""Posts in the timeline, with their comments and likes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from c360.core.fold import fold
from c360.models.post import Post, PostComment, PostLike
from c360.services import references
from c360.services.timeline.source import IDS, Entry, Head, Sought, Source, Told, keyset
from c360.services.uow import UnitOfWork

COMMENTS = 50
"""Comments of a post that are shown."""
LIVE = col(Post.archived_at).is_(None)
POSTS = select(Post).where(col(Post.id).in_(IDS))
ANSWERS = (
    select(PostComment)
    .where(col(PostComment.post_id).in_(IDS), col(PostComment.archived_at).is_(None))
    .order_by(col(PostComment.created_at), col(PostComment.id))
)
LIKED = select(PostLike.post_id, PostLike.user_id).where(
    col(PostLike.post_id).in_(IDS), col(PostLike.archived_at).is_(None)
)


def heads(uow: UnitOfWork, customers: Sequence[UUID], sought: Sought, after: str, limit: int) -> list[Head]:
    """Return the newest posts."""
    tests: list[Any] = [LIVE]
    if sought.words:
        tests.append(func.c360_fold(col(Post.text)).contains(fold(sought.words), autoescape=True))
    return keyset(
        uow, Post.customer_id, Post.created_at, Post.id, customers, sought, after, limit, tests=tests,
        author=Post.created_by_id,
    )  # fmt: skip


def tell(uow: UnitOfWork, found: Sequence[Head]) -> Mapping[UUID, Entry]:
    """Return each post with who likes it and what was answered."""
    ids = {"ids": [head.id for head in found]}
    posts = uow.session.scalars(POSTS, ids).all()
    answers: dict[UUID, list[PostComment]] = defaultdict(list)
    for comment in uow.session.scalars(ANSWERS, ids):
        answers[comment.post_id].append(comment)
    likes: dict[UUID, set[UUID]] = defaultdict(set)
    for post_id, user_id in uow.session.execute(LIKED, ids):
        likes[post_id].add(user_id)
    authors = {row.created_by_id for row in [*posts, *(c for group in answers.values() for c in group)]}
    people = references.titles(uow, "user", {one for one in authors if one})
    me = uow.actor.user_id

    def name(user_id: UUID | None) -> str:
        return people.get(user_id, "") if user_id else ""

    return {
        post.id: Entry(
            id=str(post.id),
            type="post",
            icon="post",
            at=post.created_at.isoformat(),
            title="",
            text=post.text,
            who=name(post.created_by_id),
            lines=[
                Told(str(c.id), text=c.text, who=name(c.created_by_id), at=c.created_at.isoformat(),
                     mine=c.created_by_id == me)
                for c in answers[post.id][-COMMENTS:]
            ],
            likes=len(likes[post.id]),
            liked=me in likes[post.id],
            mine=post.created_by_id == me,
        )
        for post in posts
    }  # fmt: skip


SOURCE = Source("post", ("post",), heads, tell)
