"""Say by which id another system knows an activity."""

import sqlalchemy as sa
from alembic import op

revision = "0025_activity_origin"
down_revision = "0024_find_merges"
branch_labels = None
depends_on = None

BROUGHT = sa.text("archived_at IS NULL AND external_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("activity", sa.Column("source", sa.String(100), nullable=True))
    op.add_column("activity", sa.Column("external_id", sa.String(200), nullable=True))
    op.create_index(
        "uq_activity_external", "activity", ["source", "external_id"], unique=True,
        sqlite_where=BROUGHT, postgresql_where=BROUGHT,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("uq_activity_external", "activity")
    op.drop_column("activity", "external_id")
    op.drop_column("activity", "source")
