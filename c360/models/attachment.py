"""Attachments: files on a customer, each with its versions and a comment on every one of them."""

from typing import Annotated

from sqlalchemy import Index
from sqlmodel import Field

from c360.core.fold import fold
from c360.registry.entity import Entity, register
from c360.registry.kinds import PersonalNote, PersonalText, Reference
from c360.registry.marks import SYSTEM_SET, OnMerge, Target
from c360.registry.record import CustomerId, Record


class Attachment(Record, table=True):
    """One version of a file: versions of the same name belong together, the newest one is the file.

    Which number a version has is not kept but counted, in the order they came: so two that come at once, or the files
    of two merged customers, never claim the same one.
    """

    __table_args__ = (
        Index("ix_attachment_document", "customer_id", "folded"),
        Index("ix_attachment_time", "customer_id", "created_at", "id"),
    )

    customer_id: Annotated[CustomerId, OnMerge.UNION] = Field(foreign_key="customer.id", title="Customer")
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
           twins=("folded", "file_id.sha256"), sort="-created_at")
)  # fmt: skip
