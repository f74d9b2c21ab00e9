"""Files in the timeline: each version that was put on a customer and is still there."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from c360.core.fold import fold
from c360.core.i18n import text
from c360.models.attachment import Attachment
from c360.models.customer import Customer
from c360.services import references
from c360.services.timeline.source import IDS, Entry, Head, Sought, Source, keyset
from c360.services.uow import UnitOfWork

LIVE = col(Attachment.archived_at).is_(None)
FORMER: Any = aliased(Attachment)
# Ids rise with time, so a version's number is how many of its name are not younger.
NUMBER = (
    select(func.count())
    .where(
        FORMER.customer_id == Attachment.customer_id,
        FORMER.folded == Attachment.folded,
        FORMER.id <= col(Attachment.id),
    )
    .correlate(Attachment)
    .scalar_subquery()
)
TOLD = (
    select(Attachment, Customer.kind, NUMBER)
    .join(Customer, col(Customer.id) == col(Attachment.customer_id))
    .where(col(Attachment.id).in_(IDS))
)


def heads(uow: UnitOfWork, customers: Sequence[UUID], sought: Sought, after: str, limit: int) -> list[Head]:
    """Return the newest files."""
    tests: list[Any] = [LIVE]
    if sought.words:
        texts: list[Any] = [col(Attachment.folded)]
        if "comment" in uow.fields("attachment"):
            texts.append(func.c360_fold(func.coalesce(col(Attachment.comment), "")))
        tests.append(or_(*(one.contains(fold(sought.words), autoescape=True) for one in texts)))
    return keyset(
        uow, Attachment.customer_id, Attachment.created_at, Attachment.id, customers, sought, after, limit, tests=tests,
        author=Attachment.created_by_id,
    )  # fmt: skip


def tell(uow: UnitOfWork, found: Sequence[Head]) -> Mapping[UUID, Entry]:
    """Return each version as an entry that leads to the customer's files."""
    rows = uow.session.execute(TOLD, {"ids": [head.id for head in found]}).all()
    people = references.titles(uow, "user", {row[0].created_by_id for row in rows if row[0].created_by_id})
    return {one.id: _entry(uow, one, kind, count, people) for one, kind, count in rows}


def _entry(uow: UnitOfWork, one: Attachment, kind: str, number: int, people: Mapping[UUID, str]) -> Entry:
    return Entry(
        id=str(one.id),
        type="file",
        icon="file",
        at=one.created_at.isoformat(),
        title=one.name,
        text=one.comment or "" if "comment" in uow.fields("attachment") else "",
        who=people.get(one.created_by_id, "") if one.created_by_id else "",
        href=f"/{kind}/{one.customer_id}/attachments",
        note=text(uow.actor.language, "files.version", number=number) if number > 1 else "",
    )


SOURCE = Source("file", ("file",), heads, tell)
