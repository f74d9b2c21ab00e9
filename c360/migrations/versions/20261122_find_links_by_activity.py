"""Find the customers of an activity, archived links included, without reading every link there is."""

from alembic import op

revision = "0026_links_by_activity"
down_revision = "0025_activity_origin"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_activity_customer_activity_id", "activity_customer", ["activity_id"])


def downgrade() -> None:
    op.drop_index("ix_activity_customer_activity_id", "activity_customer")
