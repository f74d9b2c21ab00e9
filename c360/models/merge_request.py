"""Merges that take a second person: what somebody asks for, and what became of it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from sqlmodel import Field

from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.registry.marks import OnErase, OnMerge, Privacy
from c360.registry.record import JSON_TYPE, Table, UserId

Plain = Privacy.PLAIN
WAITING, APPROVED, DECLINED, OUTDATED, WITHDRAWN = "waiting", "approved", "declined", "outdated", "withdrawn"
RUNNING = "running"
"""Nobody is asked: the job of the same id does it, and the row goes with the end of it."""


class MergeRequest(Table, table=True):
    """A merge one person planned and another must approve: its choices, the plan's fingerprint, why it takes two.

    ``set_id`` is the change set of the merge once it is approved; ``answer`` says why it was declined.
    """

    __tablename__ = "merge_request"

    id: Annotated[UUID, Plain] = Field(default_factory=new_id, primary_key=True)
    entity: Annotated[str, Plain] = Field(max_length=20)
    choices: Annotated[dict[str, Any], Privacy.PERSONAL] = Field(default_factory=dict, sa_type=JSON_TYPE)
    fingerprint: Annotated[str, Plain] = Field(max_length=100)
    reasons: Annotated[list[str], Plain] = Field(default_factory=list, sa_type=JSON_TYPE)
    records: Annotated[int, Plain]
    state: Annotated[str, Plain] = Field(default=WAITING, max_length=10, index=True)
    answer: Annotated[str, Privacy.PERSONAL] = Field(default="", max_length=500)
    requested_by_id: UserId = Field(foreign_key="user.id", index=True)
    requested_at: Annotated[datetime, Plain] = Field(default_factory=utc_now)
    decided_by_id: UserId | None = Field(default=None, foreign_key="user.id")
    decided_at: Annotated[datetime | None, Plain] = Field(default=None)
    set_id: Annotated[UUID | None, Plain] = Field(default=None)


class MergeRequestSide(Table, table=True):
    """A customer who takes part in a merge that was asked for, in the order they were named."""

    __tablename__ = "merge_request_side"

    request_id: Annotated[UUID, Plain] = Field(foreign_key="merge_request.id", primary_key=True, ondelete="CASCADE")
    customer_id: Annotated[UUID, Plain, OnMerge.KEEP, OnErase.DELETE] = Field(
        foreign_key="customer.id", primary_key=True, index=True
    )
    position: Annotated[int, Plain]
