"""The search index: folded text of each customer, one row a customer."""

from typing import Annotated
from uuid import UUID

from sqlmodel import Field

from c360.registry.marks import OnMerge, Privacy
from c360.registry.record import Table

SEARCH_COLUMNS = ("name", "email", "phone", "address", "people")
Folded = Annotated[str, Privacy.PERSONAL]


class SearchDocument(Table, table=True):
    """What a customer is found by, folded: mirrored in FTS5 on SQLite, trigram-indexed on PostgreSQL."""

    __tablename__ = "search_document"

    number: Annotated[int | None, Privacy.PLAIN] = Field(default=None, primary_key=True)
    customer_id: Annotated[UUID, Privacy.PLAIN, OnMerge.RECOMPUTE] = Field(
        foreign_key="customer.id", unique=True, ondelete="CASCADE"
    )
    name: Folded = ""
    email: Folded = ""
    phone: Folded = ""
    address: Folded = ""
    people: Folded = ""
