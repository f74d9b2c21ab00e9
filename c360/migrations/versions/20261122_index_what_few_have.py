"""Index the parents and the merged alone: an index full of nothing misleads the planner."""

import sqlalchemy as sa
from alembic import op

revision = "0010_few"
down_revision = "0009_activity_purpose"
branch_labels = None
depends_on = None

RARE = ("parent_id", "merged_into_id")


def upgrade():
    for name in RARE:
        few = sa.text(f"{name} IS NOT NULL")
        op.drop_index(f"ix_customer_{name}", "customer")
        op.create_index(f"ix_customer_{name}", "customer", [name], sqlite_where=few, postgresql_where=few)


def downgrade():
    for name in RARE:
        op.drop_index(f"ix_customer_{name}", "customer")
        op.create_index(f"ix_customer_{name}", "customer", [name])
