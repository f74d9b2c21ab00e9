"""How Alembic meets the database: the app's own engine and metadata."""

from typing import Any

from alembic import context
from sqlalchemy import JSON as JSON_TYPE
from sqlmodel import SQLModel

import c360.models  # noqa: F401 - fills the metadata
from c360.core.db import engine

JSON = "sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')"


def _render(kind: str, thing: object, autogen: Any) -> str | bool:
    """Write the JSON type in a form the script can import."""
    if kind == "type" and isinstance(thing, JSON_TYPE):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return JSON
    return False


def _ours(_: object, name: str | None, kind: str, *__: object) -> bool:
    """Leave out what SQLModel does not know: SQLite's full-text tables, PostgreSQL's trigram indexes, DBOS."""
    shadows = ("search_fts", "dbos", "sqlite_")
    return not (name or "").startswith((*shadows, "ix_search_document_gin", "ix_customer_desc"))


with engine().connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        compare_type=True,
        render_as_batch=True,
        include_object=_ours,
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
