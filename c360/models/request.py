"""What people ask of us about their data, what stands in the way, and what must outlast them: holds, suppression."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from sqlmodel import Field

from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.registry.entity import Entity, register
from c360.registry.kinds import Day, Moment, PersonalNote, Text
from c360.registry.marks import SYSTEM_SET, OnErase, OnMerge, Options, Privacy
from c360.registry.record import CustomerId, Record, Table, UserId

Plain = Privacy.PLAIN
KINDS = Options(
    "request_kind",
    ("access", "portability", "rectification", "erasure", "anonymisation", "restriction", "objection"),
)
ERASING = {"erasure": "erase", "anonymisation": "anonymise"}
"""Requests that remove what is personal, and how; each takes a second person."""
STATES = Options("request_state", ("open", "done", "refused"))
Kept = Annotated[CustomerId, OnErase.EMPTY]


class SubjectRequest(Record, table=True):
    """One request of a person about his data: due in a month, longer only with a reason."""

    __tablename__ = "subject_request"

    customer_id: Kept = Field(foreign_key="customer.id", index=True, title="Customer")
    kind: Annotated[Text, KINDS] = Field(max_length=20, title="Request")
    received_on: Day = Field(title="Received")
    identity: PersonalNote | None = Field(default=None, title="Identity checked by")
    note: PersonalNote | None = Field(default=None, title="Note")
    due_on: Annotated[Day, SYSTEM_SET] = Field(title="Due")
    extended_because: Annotated[PersonalNote | None, SYSTEM_SET] = Field(default=None, title="Extended because")
    state: Annotated[Text, STATES, SYSTEM_SET] = Field(default="open", max_length=20, index=True, title="State")
    outcome: Annotated[PersonalNote | None, SYSTEM_SET] = Field(default=None, title="Outcome")
    closed_at: Annotated[Moment | None, SYSTEM_SET] = Field(default=None, title="Closed")
    closed_by_id: Annotated[UserId | None, SYSTEM_SET] = Field(default=None, foreign_key="user.id", title="Closed by")


class LegalHold(Record, table=True):
    """A duty to keep a customer's data, which an erasure must wait for."""

    __tablename__ = "legal_hold"

    customer_id: Kept = Field(foreign_key="customer.id", index=True, title="Customer")
    reason: PersonalNote = Field(title="Reason")
    until_on: Day | None = Field(default=None, title="Until")
    released_at: Annotated[Moment | None, SYSTEM_SET] = Field(default=None, title="Released")


class Suppression(Table, table=True):
    """A lasting "do not contact": a keyed hash of an address, so that no import brings the person back."""

    digest: Annotated[str, Plain] = Field(max_length=64, primary_key=True)
    medium: Annotated[str, Plain] = Field(max_length=20)
    at: Annotated[datetime, Plain] = Field(default_factory=utc_now)


class Erasure(Table, table=True):
    """That a person was erased, by whom and how much went: nothing of what went."""

    id: Annotated[UUID, Plain] = Field(default_factory=new_id, primary_key=True)
    customer_id: Annotated[CustomerId, OnMerge.KEEP, OnErase.KEEP] = Field(foreign_key="customer.id", index=True)
    request_id: Annotated[UUID | None, Plain] = Field(default=None, foreign_key="subject_request.id")
    at: Annotated[datetime, Plain] = Field(default_factory=utc_now)
    user_id: UserId | None = Field(default=None, foreign_key="user.id")
    how: Annotated[str, Plain] = Field(default="erase", max_length=20)
    rows: Annotated[int, Plain] = Field(default=0)


SUBJECT_REQUEST = register(
    Entity("subject_request", SubjectRequest, "Request", "Requests", icon="inbox", title=("kind",),
           columns=("kind", "customer_id", "received_on", "due_on", "state"), sort="due_on")
)  # fmt: skip
LEGAL_HOLD = register(
    Entity("legal_hold", LegalHold, "Legal hold", "Legal holds", icon="gavel", title=("reason",),
           columns=("customer_id", "reason", "until_on"))
)  # fmt: skip
