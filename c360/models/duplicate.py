"""Customers that look alike: the keys they are found by, pairs and groups of them, what was decided about them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.registry.marks import OnErase, OnMerge, Privacy
from c360.registry.record import JSON_TYPE, Table, UserId, unique_index

Side = Annotated[UUID, Privacy.PLAIN, OnMerge.COLLAPSE, OnErase.DELETE]
Found = Annotated[UUID, Privacy.PLAIN, OnMerge.RECOMPUTE, OnErase.DELETE]
Plain = Privacy.PLAIN
OPEN, LATER, ASKED, APART, MERGED = "open", "later", "asked", "apart", "merged"
WAITING = (OPEN, LATER, ASKED)
"""The states of a group nobody has decided on."""


class DuplicateKey(Table, table=True):
    """A key a customer is found by: those who share one are worth comparing. Kept by the unit of work."""

    __tablename__ = "duplicate_key"

    key: Annotated[int, Privacy.PERSONAL] = Field(primary_key=True, sa_type=BigInteger)
    customer_id: Found = Field(primary_key=True, foreign_key="customer.id", index=True, ondelete="CASCADE")


class DuplicateScope(Table, table=True):
    """A customer who was inside the scope of a rule when searches looked last; a scope is named by its print."""

    __tablename__ = "duplicate_scope"

    scope: Annotated[str, Plain] = Field(primary_key=True, max_length=16)
    customer_id: Found = Field(primary_key=True, foreign_key="customer.id", index=True, ondelete="CASCADE")
    entity: Annotated[str, Plain] = Field(max_length=20)


class DuplicateModel(Table, table=True):
    """What the last whole scan of a kind of customer learned, up to which change everything was compared, and by which
    rules (a print of them; empty when that is not known).
    """

    __tablename__ = "duplicate_model"

    entity: Annotated[str, Plain] = Field(primary_key=True, max_length=20)
    id: Annotated[UUID, Plain] = Field(default_factory=new_id)
    weights: Annotated[dict[str, Any], Plain] = Field(default_factory=dict, sa_type=JSON_TYPE)
    population: Annotated[dict[str, Any], Privacy.PERSONAL] = Field(default_factory=dict, sa_type=JSON_TYPE)
    customers: Annotated[int, Plain] = Field(default=0)
    seq: Annotated[int, Plain] = Field(default=0, sa_type=BigInteger)
    judged_by: Annotated[str, Plain] = Field(default="", max_length=16)
    learned_at: Annotated[datetime, Plain] = Field(default_factory=utc_now)
    scanned_at: Annotated[datetime, Plain] = Field(default_factory=utc_now)


class DuplicateGroup(Table, table=True):
    """Customers that may be one, waiting for somebody to decide, or decided.

    The id follows from the members, so a scan that finds the same group again finds what was said of it. ``worth`` is
    the place in the queue: how sure, and how much was done with them. ``scan_id`` is the run that found it last.
    """

    __tablename__ = "duplicate_group"
    __table_args__ = (Index("ix_duplicate_group_queue", "state", "entity", "worth", "id"),)

    id: Annotated[UUID, Plain] = Field(primary_key=True)
    entity: Annotated[str, Plain] = Field(max_length=20)
    score: Annotated[float, Plain]
    worth: Annotated[float, Plain]
    size: Annotated[int, Plain]
    state: Annotated[str, Plain] = Field(default=OPEN, max_length=10)
    note: Annotated[str, Privacy.PERSONAL] = Field(default="", max_length=500)
    scan_id: Annotated[UUID | None, Plain] = Field(default=None)
    found_at: Annotated[datetime, Plain] = Field(default_factory=utc_now)
    decided_at: Annotated[datetime | None, Plain] = Field(default=None)
    decided_by_id: UserId | None = Field(default=None, foreign_key="user.id")


class DuplicatePair(Table, table=True):
    """Two customers found alike, how likely they are one, why, and at which door they were found.

    The left one has the smaller id. ``through_id`` is the one who ties them where nothing else does.
    """

    __tablename__ = "duplicate_pair"
    __table_args__ = (Index("uq_duplicate_pair_pair", "left_id", "right_id", unique=True),)

    id: Annotated[UUID, Plain] = Field(default_factory=new_id, primary_key=True)
    group_id: Annotated[UUID, Plain] = Field(foreign_key="duplicate_group.id", index=True)
    entity: Annotated[str, Plain] = Field(max_length=20)
    left_id: Found = Field(foreign_key="customer.id", ondelete="CASCADE")
    right_id: Found = Field(foreign_key="customer.id", index=True, ondelete="CASCADE")
    through_id: Annotated[UUID | None, Plain] = Field(default=None)
    score: Annotated[float, Plain]
    why: Annotated[dict[str, Any], Plain] = Field(default_factory=dict, sa_type=JSON_TYPE)
    door: Annotated[str, Plain] = Field(default="scan", max_length=10)
    found_at: Annotated[datetime, Plain] = Field(default_factory=utc_now)


class HouseholdPair(Table, table=True):
    """Two people a scan takes for one household and not for one person, by the levels of the fields that tell so.

    What was decided on them stands elsewhere: as a relation to one household, or as a dismissed tie. ``shared`` is the
    place in the queue: how much they share.
    """

    __tablename__ = "household_pair"
    __table_args__ = (
        Index("uq_household_pair_pair", "left_id", "right_id", unique=True),
        Index("ix_household_pair_queue", "shared", "id"),
    )

    id: Annotated[UUID, Plain] = Field(default_factory=new_id, primary_key=True)
    left_id: Found = Field(foreign_key="customer.id", ondelete="CASCADE")
    right_id: Found = Field(foreign_key="customer.id", index=True, ondelete="CASCADE")
    levels: Annotated[dict[str, Any], Plain] = Field(default_factory=dict, sa_type=JSON_TYPE)
    shared: Annotated[int, Plain] = Field(default=0)
    scan_id: Annotated[UUID | None, Plain] = Field(default=None)
    found_at: Annotated[datetime, Plain] = Field(default_factory=utc_now)


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
