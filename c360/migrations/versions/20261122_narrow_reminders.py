"""keep only what may still have to be reminded of in the index of reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0008_reminders"
down_revision = "0007_duplicate_verdicts"
branch_labels = None
depends_on = None

WAITING = sa.text("reminded_at IS NULL AND ended_at IS NULL")


def upgrade() -> None:
    op.drop_index("ix_activity_remind", table_name="activity")
    op.create_index("ix_activity_remind", "activity", ["remind_at"], sqlite_where=WAITING, postgresql_where=WAITING)


def downgrade() -> None:
    op.drop_index("ix_activity_remind", table_name="activity")
    op.create_index("ix_activity_remind", "activity", ["remind_at"])
