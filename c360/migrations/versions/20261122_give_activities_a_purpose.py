"""Say what an activity is for, where that takes a consent."""

import sqlalchemy as sa
from alembic import op

revision = "0009_activity_purpose"
down_revision = "0008_reminders"
branch_labels = None
depends_on = None

PURPOSE = sa.ForeignKey("purpose.id", name="fk_activity_purpose_id_purpose")


def upgrade() -> None:
    # Added in place: SQLite would copy the whole table, however many activities there are.
    op.add_column("activity", sa.Column("purpose_id", sa.Uuid(), PURPOSE, nullable=True), inline_references=True)


def downgrade() -> None:
    op.drop_column("activity", "purpose_id")
