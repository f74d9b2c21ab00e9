"""Keep recipes of merges."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016_merge_recipes"
down_revision = "0015_sort_lists"
branch_labels = None
depends_on = None

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
TEXT = sqlmodel.sql.sqltypes.AutoString
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
VERBS = ("read", "create", "update", "archive", "assign", "merge", "unmerge", "export", "import")


def upgrade() -> None:
    op.create_table(
        "merge_recipe",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", MOMENT(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", MOMENT(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("entity", TEXT(length=40), nullable=False),
        sa.Column("name", TEXT(length=200), nullable=False),
        sa.Column("rules", JSON, nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_merge_recipe_created_by_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_merge_recipe_owner_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_merge_recipe_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_recipe")),
    )
    _rights(lambda rights: rights | {"merge_recipe": dict.fromkeys(VERBS, "own")})


def downgrade() -> None:
    _rights(lambda rights: {key: verbs for key, verbs in rights.items() if key != "merge_recipe"})
    op.drop_table("merge_recipe")


def _rights(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Give the roles there are the right to keep recipes of their own."""
    role = sa.table("role", sa.column("id", sa.Uuid()), sa.column("rights", JSON))
    connection = op.get_bind()
    for role_id, rights in connection.execute(sa.select(role.c.id, role.c.rights)).all():
        if "*" not in rights:
            connection.execute(role.update().where(role.c.id == role_id).values(rights=change(rights)))
