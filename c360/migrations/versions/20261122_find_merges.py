"""Find the merges of a customer without reading every act of the journal."""

import sqlalchemy as sa
from alembic import op

revision = "0024_find_merges"
down_revision = "0023_attach_anywhere"
branch_labels = None
depends_on = None

FOLDING = sa.text("action IN ('account.merged', 'contact.merged', 'account.unmerged', 'contact.unmerged')")


def upgrade():
    op.create_index(
        "ix_change_set_survivor", "change_set", [sa.text("(details ->> 'survivor')")],
        sqlite_where=FOLDING, postgresql_where=FOLDING,
    )  # fmt: skip


def downgrade():
    op.drop_index("ix_change_set_survivor", "change_set")
