"""Consent: purposes, the texts people agree to, and the events of a ledger that only grows.

What holds today is read off the events and kept nowhere else, so it cannot disagree with them.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.models.customer import MEDIA
from c360.registry.entity import Entity, register
from c360.registry.kinds import Flag, Language, LongText, Moment, PersonalNote, PersonalText, Reference, Text, Whole
from c360.registry.marks import SYSTEM_SET, OnErase, OnMerge, Options, Privacy, Target
from c360.registry.record import JSON_TYPE, CustomerId, Record, Row, Table, unique_index

Plain = Privacy.PLAIN
NATURES = Options("purpose_nature", ("marketing", "access", "service", "obligation"))
BASES = Options(
    "lawful_basis",
    ("consent", "contract", "legal_obligation", "vital_interest", "public_task", "legitimate_interest"),
)
YES, NO = ("given", "renewed"), ("refused", "withdrawn", "objected")
EVENTS = Options("consent_event", ("requested", *YES, *NO))
SOURCES = Options(
    "consent_source",
    ("paper", "in_person", "phone", "email", "website", "event", "preference_page", "third_party", "suppression"),
)
POINTED = {"email": "email", "phone": "phone", "sms": "phone"}
"""Media where a yes holds for one address alone, and the customer's column that holds the address."""


class Purpose(Record, table=True):
    """What data is used for; a yes is given to one purpose, never to several at once."""

    __table_args__ = (unique_index("uq_purpose_key", "key"),)

    key: Text = Field(max_length=40, title="Key")
    name: Text = Field(max_length=100, title="Name")
    description: LongText | None = Field(default=None, title="Description")
    nature: Annotated[Text, NATURES] = Field(default="marketing", max_length=20, title="Nature")
    media: Annotated[list[str], MEDIA, Plain] = Field(default_factory=list, sa_type=JSON_TYPE, title="Channels")
    basis: Annotated[Text, BASES] = Field(default="consent", max_length=30, title="Lawful basis")
    double_opt_in: Flag = Field(default=False, title="Double opt-in")
    lasts_months: Whole | None = Field(default=None, title="Lasts, in months")
    data_categories: LongText | None = Field(default=None, title="Data used")
    recipients: LongText | None = Field(default=None, title="Recipients")
    position: Whole = Field(default=0, title="Order")
    retired_at: Annotated[Moment | None, SYSTEM_SET] = Field(default=None, title="Retired")


class ConsentText(Record, table=True):
    """One version of what people read before they agree, in one language and, where it differs, for one country."""

    __tablename__ = "consent_text"
    __table_args__ = (
        unique_index("uq_consent_text_version", "purpose_id", "language", "country", "number"),
        unique_index(
            "uq_consent_text_active", "purpose_id", "language", "country", where="is_active AND archived_at IS NULL"
        ),
    )

    purpose_id: Annotated[Reference, Target("purpose")] = Field(foreign_key="purpose.id", title="Purpose")
    language: Language = Field(max_length=3, title="Language")
    country: Text = Field(default="", max_length=2, title="Country")
    number: Annotated[Whole, SYSTEM_SET] = Field(title="Version")
    title: Text = Field(max_length=200, title="Title")
    text: LongText = Field(title="Text")
    sha256: Annotated[Text, SYSTEM_SET] = Field(max_length=64, title="Digest")
    is_active: Annotated[Flag, SYSTEM_SET] = Field(default=False, title="Active")


class ConsentEvent(Row, table=True):
    """A yes, a no or a question put, with its proof. A correction is another event.

    Without a purpose or a medium a no means all of them. ``party`` names the third party a permission is for, empty
    for ours. ``proven`` says that there is evidence: only such a yes outweighs an earlier no.
    """

    __tablename__ = "consent_event"
    __table_args__ = (Index("ix_consent_event_customer_at", "customer_id", "at"),)

    customer_id: Annotated[CustomerId, OnMerge.MOVE, OnErase.EMPTY, SYSTEM_SET] = Field(
        foreign_key="customer.id", title="Customer"
    )
    purpose_id: Annotated[Reference | None, Target("purpose"), SYSTEM_SET] = Field(
        default=None, foreign_key="purpose.id", index=True, title="Purpose"
    )
    purpose_version: Annotated[Whole | None, SYSTEM_SET] = Field(default=None, title="Version of the purpose")
    medium: Annotated[Text | None, MEDIA, SYSTEM_SET] = Field(default=None, max_length=20, title="Channel")
    point: Annotated[PersonalText | None, SYSTEM_SET] = Field(default=None, max_length=500, title="Address")
    party: Annotated[Text, SYSTEM_SET] = Field(default="", max_length=200, title="Third party")
    event: Annotated[Text, EVENTS, SYSTEM_SET] = Field(max_length=20, title="Event")
    at: Annotated[Moment, SYSTEM_SET] = Field(default_factory=utc_now, title="When")
    valid_until: Annotated[Moment | None, SYSTEM_SET] = Field(default=None, title="Valid until")
    basis: Annotated[Text, BASES, SYSTEM_SET] = Field(default="consent", max_length=30, title="Lawful basis")
    source: Annotated[Text, SOURCES, SYSTEM_SET] = Field(max_length=20, title="Source")
    source_detail: Annotated[PersonalText | None, SYSTEM_SET] = Field(default=None, max_length=300, title="Where")
    text_id: Annotated[Reference | None, Target("consent_text"), SYSTEM_SET] = Field(
        default=None, foreign_key="consent_text.id", title="Text"
    )
    text_sha256: Annotated[Text | None, SYSTEM_SET] = Field(default=None, max_length=64, title="Digest of the text")
    file_id: Annotated[Reference | None, Target("stored_file"), SYSTEM_SET] = Field(
        default=None, foreign_key="stored_file.id", title="Evidence"
    )
    file_sha256: Annotated[Text | None, SYSTEM_SET] = Field(default=None, max_length=64, title="Digest of the file")
    note: Annotated[PersonalNote | None, SYSTEM_SET] = Field(default=None, title="Note")
    ip: Annotated[PersonalText | None, SYSTEM_SET] = Field(default=None, max_length=64, title="IP address")
    agent: Annotated[PersonalText | None, SYSTEM_SET] = Field(default=None, max_length=300, title="Browser")
    confirmed_at: Annotated[Moment | None, SYSTEM_SET] = Field(default=None, title="Confirmed")
    answers_id: Annotated[UUID | None, SYSTEM_SET, Plain] = Field(default=None, foreign_key="consent_event.id")
    proven: Annotated[Flag, SYSTEM_SET] = Field(default=False, title="Proven")


class PreferenceLink(Table, table=True):
    """A link by which a customer reaches his own preferences, or confirms a yes; its secret's digest is kept."""

    __tablename__ = "preference_link"

    id: Annotated[UUID, Plain] = Field(default_factory=new_id, primary_key=True)
    digest: Annotated[str, Privacy.SECRET] = Field(max_length=64, unique=True)
    customer_id: Annotated[CustomerId, OnErase.DELETE] = Field(foreign_key="customer.id", index=True)
    event_id: Annotated[UUID | None, Plain] = Field(default=None, foreign_key="consent_event.id")
    """The question this link answers; None opens all preferences."""
    point: Annotated[str | None, Privacy.PERSONAL] = Field(default=None, max_length=500)
    created_at: Annotated[datetime, Plain] = Field(default_factory=utc_now)
    expires_at: Annotated[datetime, Plain]
    used_at: Annotated[datetime | None, Plain] = None


PURPOSE = register(
    Entity("purpose", Purpose, "Purpose", "Purposes", icon="target", title=("name",),
           columns=("name", "nature", "media", "basis", "position"), sort="position")
)  # fmt: skip
CONSENT_TEXT = register(
    Entity("consent_text", ConsentText, "Consent text", "Consent texts", icon="scroll-text", title=("title",),
           columns=("purpose_id", "language", "country", "number", "title", "is_active"),
           changeable=("is_active", "archived_at"))
)  # fmt: skip
CONSENT_EVENT = register(
    Entity("consent_event", ConsentEvent, "Consent event", "Consents", icon="shield-check", title=("event",),
           columns=("purpose_id", "medium", "event", "at", "source"), within="customer_id",
           changeable=("customer_id",), sort="-at")
)  # fmt: skip
