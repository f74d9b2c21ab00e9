"""What mentions a customer outside the records that are his: notifications, jobs, merges asked for, files going out."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, delete, or_
from sqlmodel import col, func, select

from c360.models.job import Job, Notification
from c360.models.merge_request import MergeRequest, MergeRequestSide
from c360.services import exports
from c360.services.queue import OPEN
from c360.services.uow import UnitOfWork


def wipe(uow: UnitOfWork, ids: Collection[UUID]) -> None:
    """Forget these customers wherever the app told of them in passing."""
    told = [str(i) for i in ids]
    said = [col(Notification.href).contains(one) for one in told]
    said += [cast(col(Notification.params), String).contains(one) for one in told]
    uow.session.execute(delete(Notification).where(or_(*said)).execution_options(synchronize_session=False))
    # A merge that was asked for goes with any who took part in it: what was typed for it may be about him.
    sides = select(func.count()).where(col(MergeRequestSide.request_id) == col(MergeRequest.id)).scalar_subquery()
    uow.session.execute(delete(MergeRequest).where(col(MergeRequest.records) > sides))
    found = select(Job).where(or_(*(cast(col(Job.result), String).contains(one) for one in told)))
    for job in uow.session.exec(found):
        job.result = _without(job.result, set(told))
    # An export under way begins again, without them; a finished one is asked for again.
    writing = select(Job).where(Job.kind == exports.KIND, col(Job.state).in_(OPEN))
    busy = list(uow.session.exec(writing.with_for_update()))
    for job in busy:
        job.result, job.done, job.total = None, 0, 0
    uow.flush()
    uow.after_commit(lambda: exports.clear({job.id for job in busy}))


def _without(value: Any, ids: set[str]) -> Any:
    """Return JSON without what it says beside one of the ids: the id itself may stay."""
    if isinstance(value, dict):
        if ids & {one for one in value.values() if isinstance(one, str)}:
            return {name: one for name, one in value.items() if one in ids or not isinstance(one, str)}
        return {name: _without(one, ids) for name, one in value.items()}
    if isinstance(value, list):
        if ids & {one for one in value if isinstance(one, str)}:
            return [one if one in ids or not isinstance(one, str) else "" for one in value]
        return [_without(one, ids) for one in value]
    return value
