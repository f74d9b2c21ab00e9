"""Keep which roles an account of a type should have among its people."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0021_required_roles"
down_revision = "0020_relays"
branch_labels = None
depends_on = None

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
LIVE = sa.text("archived_at IS NULL")
LINKS = (("account_type_id", "choice"), ("role_id", "choice"), ("created_by_id", "user"), ("updated_by_id", "user"))


def upgrade() -> None:
    op.create_table(
        "required_role",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", MOMENT(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", MOMENT(), nullable=True),
        sa.Column("account_type_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        *(sa.ForeignKeyConstraint([name], [f"{to}.id"], name=f"fk_required_role_{name}") for name, to in LINKS),
        sa.PrimaryKeyConstraint("id", name="pk_required_role"),
    )
    pair = ["account_type_id", "role_id"]
    op.create_index(
        "uq_required_role_pair", "required_role", pair, unique=True, sqlite_where=LIVE, postgresql_where=LIVE
    )


def downgrade() -> None:
    op.drop_table("required_role")
