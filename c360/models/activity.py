"""Activities: calls, meetings, tasks, mails, notes and letters with customers, planned or done."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from sqlalchemy import Index, text
from sqlmodel import Field

from c360.core.clock import utc_now
from c360.core.errors import Invalid
from c360.models.customer import MEDIA
from c360.registry.entity import Entity, FieldSpec, Section, register
from c360.registry.kinds import CUSTOMERS, Moment, PersonalNote, PersonalText, Reference, Text, Whole
from c360.registry.marks import SYSTEM_SET, OnMerge, Options, Privacy, Target
from c360.registry.record import CustomerId, Owned, Record, unique_index

KINDS = ("call", "meeting", "task", "mail", "note", "letter", "other")
CONTACTS = frozenset({"call", "meeting", "mail", "letter", "other"})
"""Kinds that are a contact with the customer: they move his counters and his last contact dates."""
PLANNED = ("open", "submitted", "authorised")
ENDED = ("closed", "declined", "cancelled")
DONE = "closed"
UNCOUNTED = ("declined", "cancelled")
WAITING = "reminded_at IS NULL AND ended_at IS NULL"
"""What may still have to be reminded of: the reminders of years gone by are not looked at."""
BROUGHT = "archived_at IS NULL AND external_id IS NOT NULL"
"""What another system knows by an id of its own: few of many, so the others stay out of the index."""
PHASES = Options("phase", ("planned", "past", "gone"))
COUNTS = Options("counts", ("in", "out", "neither"))


def _lists() -> Iterator[Index]:
    """Yield an index for each way the list is narrowed, in its own order: live rows alone, the latest at one end."""
    live = text("archived_at IS NULL")
    for name in ("", "kind", "status"):
        columns = [*filter(None, (name,)), "at", "id", "owner_id", "archived_at"]
        called = "_".join(filter(None, ("ix_activity_live", name, "at")))
        yield Index(called, *columns, sqlite_where=live, postgresql_where=live)


class Activity(Owned, table=True):
    """Something planned or done with customers; its owner is the operator in charge.

    ``at`` is its place in time: when it is to be while it is planned, when it was once it ended.
    """

    __table_args__ = (
        Index("ix_activity_owner_planned", "owner_id", "ended_at", "at"),
        *_lists(),
        Index("ix_activity_remind", "remind_at", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
        unique_index("uq_activity_external", "source", "external_id", where=BROUGHT),
    )

    kind: Annotated[Text, Options("activity_kind", KINDS)] = Field(default="call", max_length=20, title="Kind")
    subject: PersonalText = Field(max_length=300, title="Subject")
    text: PersonalNote | None = Field(default=None, title="Text")
    medium: Annotated[Text | None, MEDIA] = Field(default=None, max_length=20, title="Medium")
    direction: Annotated[Text | None, Options("direction", ("out", "in"))] = Field(
        default=None, max_length=3, title="Direction"
    )
    purpose_id: Annotated[Reference | None, Target("purpose")] = Field(
        default=None, foreign_key="purpose.id", title="Purpose", description="What it is for, where that takes a yes."
    )
    status: Annotated[Text, Options("activity_status", (*PLANNED, *ENDED))] = Field(
        default="open", max_length=20, title="Status"
    )
    starts_at: Moment | None = Field(default=None, title="Start")
    ends_at: Moment | None = Field(default=None, title="End")
    due_at: Moment | None = Field(default=None, title="Due")
    duration: Whole | None = Field(default=None, title="Duration", description="In minutes.")
    place: PersonalText | None = Field(default=None, max_length=500, title="Place")
    outcome: PersonalText | None = Field(default=None, max_length=1000, title="Outcome")
    remind_at: Moment | None = Field(default=None, title="Remind at")
    reminded_at: Annotated[Moment | None, SYSTEM_SET] = Field(default=None, title="Reminded")
    ended_at: Annotated[Moment | None, SYSTEM_SET] = Field(default=None, title="Ended")
    at: Annotated[Moment, SYSTEM_SET] = Field(default_factory=utc_now, title="When")
    follows_id: Annotated[Reference | None, Target("activity"), SYSTEM_SET] = Field(
        default=None, foreign_key="activity.id", index=True, title="Follows"
    )
    source: Annotated[Text | None, SYSTEM_SET] = Field(default=None, max_length=100, title="Source")
    external_id: Annotated[Text | None, Privacy.PERSONAL, SYSTEM_SET] = Field(
        default=None, max_length=200, title="External id"
    )
    """What another system calls it: together with the source it names one activity."""

    def settle(self) -> None:
        """Keep when it ended and its place in time; refuse a plan without a date and an end before its start."""
        if self.starts_at and self.ends_at and self.ends_at < self.starts_at:
            raise Invalid.field("ends_at", "activity.ends_early")
        if self.starts_at and self.ends_at and self.duration is None:
            self.duration = int((self.ends_at - self.starts_at).total_seconds() // 60)
        planned = self.starts_at or self.due_at
        if self.status in PLANNED:
            if planned is None:
                raise Invalid.field("due_at", "activity.undated")
            self.ended_at, self.at = None, planned
        else:
            self.ended_at = self.ended_at or utc_now()
            self.at = min(self.starts_at or self.ended_at, self.ended_at)


class ActivityCustomer(Record, table=True):
    """A customer an activity is with. What stands below ``activity_id`` is kept from the activity, for speed alone."""

    __tablename__ = "activity_customer"
    __table_args__ = (
        unique_index("uq_activity_customer_pair", "activity_id", "customer_id"),
        Index("ix_activity_customer_stream", "customer_id", "phase", "at", "id", "activity_id", "kind"),
        Index("ix_activity_customer_counts", "customer_id", "counts", "at"),
    )

    customer_id: Annotated[CustomerId, OnMerge.COLLAPSE] = Field(foreign_key="customer.id", title="Customer")
    activity_id: Annotated[Reference, Target("activity")] = Field(
        foreign_key="activity.id", index=True, title="Activity"
    )
    kind: Annotated[Text, SYSTEM_SET] = Field(default="other", max_length=20)
    phase: Annotated[Text, SYSTEM_SET, PHASES] = Field(default="past", max_length=10)
    at: Annotated[datetime, SYSTEM_SET, Privacy.PLAIN] = Field(default_factory=utc_now)
    counts: Annotated[Text | None, SYSTEM_SET, COUNTS] = Field(default=None, max_length=10)
    """How it counts as a contact: in, out or neither; nothing when it does not."""


WITH = FieldSpec(
    "customers", "With", kind=CUSTOMERS, editable=False, privacy=Privacy.PERSONAL, target="customer", source="computed"
)
"""The customers an activity is with, those in reach by name."""


ACTIVITY = register(
    Entity(
        key="activity",
        model=Activity,
        label="Activity",
        plural="Activities",
        path="activities",
        icon="calendar-check",
        title=("subject",),
        columns=("subject", "customers", "kind", "status", "at", "direction", "medium", "owner_id", "outcome"),
        sections=(
            Section("what", "What", ("subject", "kind", "text", "outcome")),
            Section("when", "When", ("starts_at", "ends_at", "due_at", "remind_at", "duration", "place")),
            Section("how", "How", ("status", "medium", "direction", "purpose_id", "owner_id")),
        ),
        computed=(WITH,),
        related=(("activity_customer", "activity_id"), ("activity_product", "activity_id")),
        through=("activity_customer", "activity_id"),
        same=("kind", "subject", "text", "medium", "direction", "purpose_id", "status", "starts_at", "ends_at",
              "due_at", "duration", "place", "outcome", "owner_id", "at"),
        sort="-at",
    )
)  # fmt: skip
ACTIVITY_CUSTOMER = register(
    Entity(
        "activity_customer",
        ActivityCustomer,
        "Activity with a customer",
        "Activities with customers",
        title=("activity_id",),
        columns=("activity_id", "customer_id"),
        within="customer_id",
        beside=("activity_id",),
        joined=True,
    )
)
