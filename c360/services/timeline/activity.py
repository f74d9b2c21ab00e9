"""Activities in the timeline: those that have ended; what is planned stands above the stream."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import col, select

from c360.core.fold import fold
from c360.models.activity import KINDS, Activity, ActivityCustomer
from c360.services import activity_lines
from c360.services.activity_lines import ActivityLine
from c360.services.timeline.source import Entry, Head, Sought, Source, keyset
from c360.services.uow import UnitOfWork


def heads(uow: UnitOfWork, customers: Sequence[UUID], sought: Sought, after: str, limit: int) -> list[Head]:
    """Return the newest activities that ended."""
    tests: list[Any] = [ActivityCustomer.phase == "past"]
    if sought.types:
        tests.append(col(ActivityCustomer.kind).in_(sorted(sought.types & set(KINDS))))
    if sought.way:
        tests.append(ActivityCustomer.counts == sought.way)
    mine = col(Activity.id) == col(ActivityCustomer.activity_id)
    if sought.author_id:
        tests.append(select(Activity.id).where(mine, Activity.owner_id == sought.author_id).exists())
    if sought.words:
        texts = (func.c360_fold(col(one)) for one in (Activity.subject, Activity.text, Activity.outcome))
        fits = or_(*(one.contains(fold(sought.words), autoescape=True) for one in texts))
        tests.append(select(Activity.id).where(mine, fits).exists())
    link = ActivityCustomer
    return keyset(
        uow, link.customer_id, link.at, link.id, customers, sought, after, limit, tests=tests, shown=link.activity_id
    )


def tell(uow: UnitOfWork, found: Sequence[Head]) -> Mapping[UUID, Entry]:
    """Return each activity as an entry."""
    return {UUID(line.id): entry(line) for line in activity_lines.told(uow, [head.id for head in found])}


def entry(line: ActivityLine) -> Entry:
    """Return a line of an activity as an entry of the timeline."""
    about = (line.direction_label, line.medium_label, "" if line.status == "closed" else line.status_label)
    return Entry(
        id=line.id,
        type=line.kind,
        icon=line.kind,
        at=line.at,
        title=line.subject,
        text="\n".join(filter(None, (line.text, line.outcome))),
        who=line.operator,
        href=line.href,
        note=" · ".join(filter(None, (line.kind_label, *about))),
    )


SOURCE = Source("activity", KINDS, heads, tell, covers=("activity", "activity_customer"))
