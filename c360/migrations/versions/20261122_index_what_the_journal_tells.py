"""Index the changes no other part of the timeline tells of: between 100,000 activities they were hard to find."""

import sqlalchemy as sa
from alembic import op

revision = "0022_stream"
down_revision = "0021_required_roles"
branch_labels = None
depends_on = None


def upgrade():
    untold = sa.text(
        "entity NOT IN ('activity', 'activity_customer', 'attachment', 'consent_event', 'post', 'post_comment', "
        "'post_like', 'relation')"
    )
    op.create_index(
        "ix_change_row_stream", "change_row", ["customer_id", "id", "set_id"],
        sqlite_where=untold, postgresql_where=untold,
    )  # fmt: skip


def downgrade():
    op.drop_index("ix_change_row_stream", "change_row")
