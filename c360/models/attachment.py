"""Attachments: files on a customer or any other record, each with its versions and a comment on every one."""

from typing import Annotated
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from c360.core.fold import fold
from c360.registry.entity import Entity, register
from c360.registry.kinds import PersonalNote, PersonalText, Reference, Text
from c360.registry.marks import SYSTEM_SET, OnMerge, Privacy, Target
from c360.registry.record import CustomerId, Record


class Attachment(Record, table=True):
    """One version of a file: versions of the same name belong together, the newest one is the file.

    Which number a version has is not kept but counted, in the order they came: so two that come at once, or the files
    of two merged customers, never claim the same one.

    It hangs on a customer, whom a real reference names, or else on a record of another entity.
    """

    __table_args__ = (
        Index("ix_attachment_document", "customer_id", "folded"),
        Index("ix_attachment_time", "customer_id", "created_at", "id"),
        Index("ix_attachment_record", "record_id", "folded"),
        CheckConstraint("(customer_id IS NULL) <> (record_id IS NULL)", name="host"),
    )

    customer_id: Annotated[CustomerId | None, OnMerge.UNION, SYSTEM_SET] = Field(
        default=None, foreign_key="customer.id", title="Customer"
    )
    entity: Annotated[Text | None, SYSTEM_SET] = Field(default=None, max_length=40, title="Record type")
    record_id: Annotated[UUID | None, OnMerge.KEEP, SYSTEM_SET, Privacy.PLAIN] = Field(default=None, title="Record")
    """Never a customer's: those are named by ``customer_id``, which follows them through a merge."""
    file_id: Annotated[Reference, Target("stored_file"), SYSTEM_SET] = Field(
        foreign_key="stored_file.id", index=True, title="File"
    )
    name: Annotated[PersonalText, SYSTEM_SET] = Field(max_length=300, title="Name")
    folded: Annotated[PersonalText, SYSTEM_SET] = Field(default="", max_length=300)
    comment: PersonalNote | None = Field(default=None, max_length=2000, title="Comment")

    def settle(self) -> None:
        """Keep the form in which two names are the same."""
        self.folded = fold(self.name)[:300]


ATTACHMENT = register(
    Entity("attachment", Attachment, "Attachment", "Attachments", icon="paperclip", title=("name",),
           columns=("name", "comment", "created_at", "created_by_id"), within="customer_id",
           upon=("entity", "record_id"), twins=("folded", "file_id.sha256"), sort="-created_at")
)  # fmt: skip
