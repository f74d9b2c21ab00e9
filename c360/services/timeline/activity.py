"""Activities in the timeline: those that have ended; what is planned stands above the stream."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlmodel import col

from c360.core.fold import fold
from c360.models.activity import DONE, KINDS, Activity, ActivityCustomer
from c360.models.attachment import Attachment
from c360.services import attachments, discussed, names, references
from c360.services.timeline.source import IDS, Entry, Head, Sought, Source, keyset
from c360.services.uow import UnitOfWork

PAST = col(ActivityCustomer.phase) == "past"
TOLD = select(
    *(getattr(Activity, name) for name in (
        "id", "kind", "at", "subject", "text", "outcome", "status", "direction", "medium", "owner_id",
    )),
).where(col(Activity.id).in_(IDS))  # fmt: skip


def heads(uow: UnitOfWork, customers: Sequence[UUID], sought: Sought, after: str, limit: int) -> list[Head]:
    """Return the newest activities that ended."""
    tests: list[Any] = [PAST]
    if sought.types:
        tests.append(col(ActivityCustomer.kind).in_(sorted(sought.types & set(KINDS))))
    if sought.way:
        tests.append(ActivityCustomer.counts == sought.way)
    mine = col(Activity.id) == col(ActivityCustomer.activity_id)
    if sought.author_id:
        tests.append(select(col(Activity.id)).where(mine, col(Activity.owner_id) == sought.author_id).exists())
    if sought.words:
        texts = (func.c360_fold(col(one)) for one in (Activity.subject, Activity.text, Activity.outcome))
        fits = or_(*(one.contains(fold(sought.words), autoescape=True) for one in texts))
        papers = select(col(Attachment.id)).where(
            col(Attachment.entity) == "activity", col(Attachment.record_id) == ActivityCustomer.activity_id,
            col(Attachment.archived_at).is_(None), col(Attachment.folded).contains(fold(sought.words), autoescape=True),
        )  # fmt: skip
        tests.append(or_(select(col(Activity.id)).where(mine, fits).exists(), papers.exists()))
    link = ActivityCustomer
    return keyset(
        uow, link.customer_id, link.at, link.id, customers, sought, after, limit, tests=tests, shown=link.activity_id
    )


def tell(uow: UnitOfWork, found: Sequence[Head]) -> Mapping[UUID, Entry]:
    """Return each activity as an entry."""
    language = uow.actor.language
    rows = uow.session.execute(TOLD, {"ids": [head.id for head in found]}).all()
    people = references.titles(uow, "user", {row.owner_id for row in rows})
    files = attachments.beside(uow, "activity", [row.id for row in rows])
    products = discussed.names(uow, [row.id for row in rows], {head.customer_id for head in found})

    def note(row: Any) -> str:
        told = [("activity_kind", row.kind), ("direction", row.direction), ("medium", row.medium)]
        told += [("activity_status", row.status)] if row.status != DONE else []
        said = [names.option(key, value, language) for key, value in told if value]
        return " · ".join([*said, *([", ".join(products[row.id])] if row.id in products else [])])

    return {
        row.id: Entry(
            id=str(row.id),
            type=row.kind,
            icon=row.kind,
            at=row.at.isoformat(),
            title=row.subject,
            text="\n".join(filter(None, (row.text, row.outcome))),
            who=people.get(row.owner_id, ""),
            href=f"/activity/{row.id}",
            note=note(row),
            files=files.get(row.id, []),
        )
        for row in rows
    }


SOURCE = Source("activity", KINDS, heads, tell)
