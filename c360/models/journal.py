"""The journal: what every unit of work changed, chained so that tampering shows; and who read what."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.registry.marks import OnMerge, Privacy, Target
from c360.registry.record import JSON_TYPE, Table

Plain = Privacy.PLAIN
MERGED, UNMERGED = ("account.merged", "contact.merged"), ("account.unmerged", "contact.unmerged")
FOLDING = text(f"action IN ({', '.join(map(repr, (*MERGED, *UNMERGED)))})")
"""The acts in whose details a survivor is named: few of all there are."""
SURVIVOR = "(details ->> 'survivor')"
TOLD_APART = (
    "activity", "activity_customer", "activity_product", "attachment", "consent_event", "post", "post_comment",
    "post_like", "relation",
)  # fmt: skip
"""Entities the timeline tells of in a way of their own: a change of theirs is no entry of the journal's."""
JOURNAL_ALONE = text(f"entity NOT IN ({', '.join(map(repr, TOLD_APART))})")
"""The test, word by word as in the index, that nothing but the journal tells of a changed row."""


class ChangeSet(Table, table=True):
    """Everything one unit of work changed; ``hash`` chains it to the one before (``seq`` - 1)."""

    __tablename__ = "change_set"
    __table_args__ = (Index("ix_change_set_survivor", text(SURVIVOR), sqlite_where=FOLDING, postgresql_where=FOLDING),)

    id: Annotated[UUID, Plain] = Field(default_factory=new_id, primary_key=True)
    seq: Annotated[int, Plain] = Field(unique=True)
    at: Annotated[datetime, Plain] = Field(default_factory=utc_now, index=True)
    actor_id: Annotated[UUID | None, Target("user"), Plain] = Field(default=None, index=True)
    action: Annotated[str, Plain] = Field(max_length=80, index=True)
    cause_id: Annotated[UUID | None, Plain] = Field(default=None, index=True)
    """The job or the larger act this is part of: every set of one import shares it."""
    reverses_id: Annotated[UUID | None, Plain] = Field(default=None, index=True, unique=True)
    """The set this one undid; a set is undone once."""
    idempotency_key: Annotated[str | None, Plain] = Field(default=None, max_length=80, unique=True)
    result: Annotated[dict[str, Any] | None, Plain] = Field(default=None, sa_type=JSON_TYPE)
    """What the act answered, so that a repeated request answers the same."""
    details: Annotated[dict[str, Any], Plain] = Field(default_factory=dict, sa_type=JSON_TYPE)
    rows: Annotated[int, Plain] = Field(default=0)
    prev_hash: Annotated[str, Plain] = Field(max_length=64)
    hash: Annotated[str, Plain] = Field(max_length=64)


class ChangeRow(Table, table=True):
    """One row's before and after. An erasure empties the values and the salt; the digest stays for the chain."""

    __tablename__ = "change_row"
    __table_args__ = (
        Index("ix_change_row_customer", "customer_id", "id"),
        # A customer with 100,000 activities has as many rows that tell of them again.
        Index(
            "ix_change_row_stream",
            "customer_id",
            "id",
            "set_id",
            sqlite_where=JOURNAL_ALONE,
            postgresql_where=JOURNAL_ALONE,
        ),
    )

    id: Annotated[UUID, Plain] = Field(default_factory=new_id, primary_key=True)
    set_id: Annotated[UUID, Plain] = Field(foreign_key="change_set.id", index=True)
    position: Annotated[int, Plain] = Field(default=0)
    entity: Annotated[str, Plain] = Field(max_length=40)
    record_id: Annotated[UUID, OnMerge.KEEP, Plain] = Field(index=True)
    customer_id: Annotated[UUID | None, OnMerge.KEEP, Plain] = Field(default=None)
    """The customer the row belongs to, so that a profile's history is one index look-up; ids rise with time."""
    op: Annotated[str, Plain] = Field(max_length=10)
    before: Annotated[dict[str, Any] | None, Privacy.PERSONAL] = Field(default=None, sa_type=JSON_TYPE)
    after: Annotated[dict[str, Any] | None, Privacy.PERSONAL] = Field(default=None, sa_type=JSON_TYPE)
    version: Annotated[int, Plain] = Field(default=1)
    salt: Annotated[str | None, Plain] = Field(default=None, max_length=32)
    digest: Annotated[str, Plain] = Field(max_length=64)


class AccessEntry(Table, table=True):
    """A read of personal data: who saw which records, by what act."""

    __tablename__ = "access_log"

    id: Annotated[UUID, Plain] = Field(default_factory=new_id, primary_key=True)
    at: Annotated[datetime, Plain] = Field(default_factory=utc_now, index=True)
    actor_id: Annotated[UUID | None, Target("user"), Plain] = Field(default=None, index=True)
    act: Annotated[str, Plain] = Field(max_length=40)
    entity: Annotated[str, Plain] = Field(max_length=40)
    record_id: Annotated[UUID | None, OnMerge.KEEP, Plain] = Field(default=None, index=True)
    details: Annotated[dict[str, Any], Plain] = Field(default_factory=dict, sa_type=JSON_TYPE)
