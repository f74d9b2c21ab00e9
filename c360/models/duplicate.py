"""What was decided about two customers that look alike."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from sqlmodel import Field

from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.registry.marks import OnErase, OnMerge, Privacy
from c360.registry.record import JSON_TYPE, Table, UserId, unique_index

Side = Annotated[UUID, Privacy.PLAIN, OnMerge.COLLAPSE, OnErase.DELETE]


class DuplicateVerdict(Table, table=True):
    """Two customers somebody told apart: who, when and why, and how alike their fields were then.

    The left one has the smaller id. A verdict that is revoked stays, as history.
    """

    __tablename__ = "duplicate_verdict"
    __table_args__ = (unique_index("uq_duplicate_verdict_pair", "left_id", "right_id", where="revoked_at IS NULL"),)

    id: Annotated[UUID, Privacy.PLAIN] = Field(default_factory=new_id, primary_key=True)
    left_id: Side = Field(foreign_key="customer.id")
    right_id: Side = Field(foreign_key="customer.id", index=True)
    reason: Annotated[str, Privacy.PERSONAL] = Field(max_length=500)
    levels: Annotated[dict[str, Any], Privacy.PLAIN] = Field(default_factory=dict, sa_type=JSON_TYPE)
    created_at: Annotated[datetime, Privacy.PLAIN] = Field(default_factory=utc_now)
    created_by_id: UserId | None = Field(default=None, foreign_key="user.id")
    revoked_at: Annotated[datetime | None, Privacy.PLAIN] = Field(default=None)
    revoked_by_id: UserId | None = Field(default=None, foreign_key="user.id")
