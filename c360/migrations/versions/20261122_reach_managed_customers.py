"""find the customers somebody manages without owning them: rights reach those too."""

import sqlalchemy as sa
from alembic import op

revision = "0017_managed_customers"
down_revision = "0016_merge_recipes"
branch_labels = None
depends_on = None

MANAGERS = ("responsible_id", "service_manager_id")


def upgrade() -> None:
    for name in MANAGERS:
        apart = sa.text(f"{name} <> owner_id")
        op.create_index(
            f"ix_customer_apart_{name}", "customer", [name, "id"], sqlite_where=apart, postgresql_where=apart
        )


def downgrade() -> None:
    for name in MANAGERS:
        op.drop_index(f"ix_customer_apart_{name}", table_name="customer")
