"""Sort activities, and customers by what was last and comes next, from an index."""

import sqlalchemy as sa
from alembic import op

revision = "0015_sort_lists"
down_revision = "0014_identities"
branch_labels = None
depends_on = None

LIVE = "archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"
DATES = ("last_contact_at", "next_step_at")
ACTIVITIES = {
    "ix_activity_live_at": ["at", "id", "owner_id", "archived_at"],
    "ix_activity_live_kind_at": ["kind", "at", "id", "owner_id", "archived_at"],
    "ix_activity_live_status_at": ["status", "at", "id", "owner_id", "archived_at"],
}


def upgrade():
    for name in DATES:
        columns = ["kind", name, "id", "owner_id", "archived_at", "merged_into_id", "inactive_at"]
        where = sa.text(LIVE)
        op.create_index(
            f"ix_customer_live_kind_{name}", "customer", columns, sqlite_where=where, postgresql_where=where
        )
        if op.get_bind().dialect.name == "postgresql":
            # As with the other columns that may be empty: descending, the empty ones still come last.
            op.execute(
                f"CREATE INDEX ix_customer_desc_{name} ON customer (kind, {name} DESC NULLS LAST, id DESC, owner_id) "
                f"WHERE {LIVE}"
            )
    for name, columns in ACTIVITIES.items():
        where = sa.text("archived_at IS NULL")
        op.create_index(name, "activity", columns, sqlite_where=where, postgresql_where=where)


def downgrade():
    for name in ACTIVITIES:
        op.drop_index(name, "activity")
    for name in DATES:
        op.drop_index(f"ix_customer_live_kind_{name}", "customer")
        if op.get_bind().dialect.name == "postgresql":
            op.drop_index(f"ix_customer_desc_{name}", "customer")
