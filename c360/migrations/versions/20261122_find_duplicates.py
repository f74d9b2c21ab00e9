"""Keep the keys customers are found by, and the pairs and groups that scans find."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011_find_duplicates"
down_revision = "0010_few"
branch_labels = None
depends_on = None

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
TEXT = sqlmodel.sql.sqltypes.AutoString
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql")


def upgrade():
    op.create_table(
        "duplicate_key",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_duplicate_key_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "customer_id", name=op.f("pk_duplicate_key")),
    )
    op.create_index("ix_duplicate_key_customer_id", "duplicate_key", ["customer_id"])
    op.create_table(
        "duplicate_model",
        sa.Column("entity", TEXT(length=20), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("weights", JSON, nullable=False),
        sa.Column("population", JSON, nullable=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("learned_at", MOMENT(), nullable=False),
        sa.Column("scanned_at", MOMENT(), nullable=False),
        sa.PrimaryKeyConstraint("entity", name=op.f("pk_duplicate_model")),
    )
    op.create_table(
        "duplicate_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity", TEXT(length=20), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("worth", sa.Float(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", TEXT(length=10), nullable=False),
        sa.Column("note", TEXT(length=500), nullable=False),
        sa.Column("scan_id", sa.Uuid(), nullable=True),
        sa.Column("found_at", MOMENT(), nullable=False),
        sa.Column("decided_at", MOMENT(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_duplicate_group_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_group")),
    )
    op.create_index("ix_duplicate_group_queue", "duplicate_group", ["state", "entity", "worth", "id"])
    op.create_table(
        "duplicate_pair",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("entity", TEXT(length=20), nullable=False),
        sa.Column("left_id", sa.Uuid(), nullable=False),
        sa.Column("right_id", sa.Uuid(), nullable=False),
        sa.Column("through_id", sa.Uuid(), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("why", JSON, nullable=False),
        sa.Column("door", TEXT(length=10), nullable=False),
        sa.Column("found_at", MOMENT(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["duplicate_group.id"], name=op.f("fk_duplicate_pair_group_id")),
        sa.ForeignKeyConstraint(
            ["left_id"], ["customer.id"], name=op.f("fk_duplicate_pair_left_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["right_id"], ["customer.id"], name=op.f("fk_duplicate_pair_right_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pair")),
    )
    op.create_index("ix_duplicate_pair_group_id", "duplicate_pair", ["group_id"])
    op.create_index("ix_duplicate_pair_right_id", "duplicate_pair", ["right_id"])
    op.create_index("uq_duplicate_pair_pair", "duplicate_pair", ["left_id", "right_id"], unique=True)


def downgrade():
    for table in ("duplicate_pair", "duplicate_group", "duplicate_model", "duplicate_key"):
        op.drop_table(table)
