"""remember which entities a role was asked about, so that it receives its rights to those that come later."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018_offered"
down_revision = "0017_managed_customers"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("role", sa.Column("offered", JSON, nullable=False, server_default="[]"))
    role = sa.table("role", sa.column("id", sa.Uuid()), sa.column("rights", JSON), sa.column("offered", JSON))
    connection = op.get_bind()
    for role_id, rights in connection.execute(sa.select(role.c.id, role.c.rights)).all():
        # What it has rights to, it was asked about; nothing else is known of a role from before.
        connection.execute(role.update().where(role.c.id == role_id).values(offered=sorted(rights)))


def downgrade() -> None:
    op.drop_column("role", "offered")
