"""Questions about customers the asker may not open, and what their owners answered."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from sqlmodel import Field

from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.registry.marks import Privacy
from c360.registry.record import CustomerId, Table, UserId

Plain = Privacy.PLAIN
OPEN, ANSWERED, DECLINED = "open", "answered", "declined"


class DuplicateEnquiry(Table, table=True):
    """Somebody was told that a customer he may not open is like one he has, and asks the owner about it.

    ``shared`` is the kind of the strong key both have. Who asked never learns which customer the row names.
    """

    __tablename__ = "duplicate_enquiry"

    id: Annotated[UUID, Plain] = Field(default_factory=new_id, primary_key=True)
    customer_id: CustomerId = Field(foreign_key="customer.id", index=True)
    shared: Annotated[str, Plain] = Field(max_length=40)
    words: Annotated[str, Privacy.PERSONAL] = Field(default="", max_length=500)
    state: Annotated[str, Plain] = Field(default=OPEN, max_length=10, index=True)
    answer: Annotated[str, Privacy.PERSONAL] = Field(default="", max_length=500)
    asked_by_id: UserId = Field(foreign_key="user.id", index=True)
    asked_at: Annotated[datetime, Plain] = Field(default_factory=utc_now)
    decided_by_id: UserId | None = Field(default=None, foreign_key="user.id")
    decided_at: Annotated[datetime | None, Plain] = Field(default=None)
