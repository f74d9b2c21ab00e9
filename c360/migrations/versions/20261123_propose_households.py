"""Keep the pairs of people that scans take for one household."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027_households"
down_revision = "0026_links_by_activity"
branch_labels = None
depends_on = None

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "household_pair",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("left_id", sa.Uuid(), nullable=False),
        sa.Column("right_id", sa.Uuid(), nullable=False),
        sa.Column("levels", JSON, nullable=False),
        sa.Column("shared", sa.Integer(), nullable=False),
        sa.Column("scan_id", sa.Uuid(), nullable=True),
        sa.Column("found_at", MOMENT(), nullable=False),
        *(
            sa.ForeignKeyConstraint([side], ["customer.id"], name=f"fk_household_pair_{side}", ondelete="CASCADE")
            for side in ("left_id", "right_id")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_household_pair"),
    )
    op.create_index("uq_household_pair_pair", "household_pair", ["left_id", "right_id"], unique=True)
    op.create_index("ix_household_pair_right_id", "household_pair", ["right_id"])
    op.create_index("ix_household_pair_queue", "household_pair", ["shared", "id"])


def downgrade() -> None:
    op.drop_table("household_pair")
