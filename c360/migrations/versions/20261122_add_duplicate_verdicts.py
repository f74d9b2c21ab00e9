"""Keep which customers were told apart."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007_duplicate_verdicts"
down_revision = "0006_order_attachments"
branch_labels = None
depends_on = None

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
TEXT = sqlmodel.sql.sqltypes.AutoString
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql")
STANDING = sa.text("revoked_at IS NULL")


def upgrade():
    op.create_table(
        "duplicate_verdict",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("left_id", sa.Uuid(), nullable=False),
        sa.Column("right_id", sa.Uuid(), nullable=False),
        sa.Column("reason", TEXT(length=500), nullable=False),
        sa.Column("levels", JSON, nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", MOMENT(), nullable=True),
        sa.Column("revoked_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_duplicate_verdict_created_by_id")),
        sa.ForeignKeyConstraint(["left_id"], ["customer.id"], name=op.f("fk_duplicate_verdict_left_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["user.id"], name=op.f("fk_duplicate_verdict_revoked_by_id")),
        sa.ForeignKeyConstraint(["right_id"], ["customer.id"], name=op.f("fk_duplicate_verdict_right_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_verdict")),
    )
    op.create_index("ix_duplicate_verdict_right_id", "duplicate_verdict", ["right_id"])
    op.create_index(
        "uq_duplicate_verdict_pair", "duplicate_verdict", ["left_id", "right_id"], unique=True,
        sqlite_where=STANDING, postgresql_where=STANDING,
    )  # fmt: skip


def downgrade():
    op.drop_index("uq_duplicate_verdict_pair", "duplicate_verdict")
    op.drop_index("ix_duplicate_verdict_right_id", "duplicate_verdict")
    op.drop_table("duplicate_verdict")
