"""Keep questions to the owners of customers the asker may not open."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0030_enquiries"
down_revision = "0029_scoped_rules"
branch_labels = None
depends_on = None

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
TEXT = sqlmodel.sql.sqltypes.AutoString
INDEXED = ("asked_by_id", "customer_id", "state")


def upgrade() -> None:
    op.create_table(
        "duplicate_enquiry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("shared", TEXT(length=40), nullable=False),
        sa.Column("words", TEXT(length=500), nullable=False),
        sa.Column("state", TEXT(length=10), nullable=False),
        sa.Column("answer", TEXT(length=500), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", MOMENT(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", MOMENT(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_duplicate_enquiry_asked_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_duplicate_enquiry_customer_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_duplicate_enquiry_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_enquiry")),
    )
    for name in INDEXED:
        op.create_index(f"ix_duplicate_enquiry_{name}", "duplicate_enquiry", [name])


def downgrade() -> None:
    op.drop_table("duplicate_enquiry")
