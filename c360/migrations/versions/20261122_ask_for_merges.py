"""Keep merges that wait for a second person."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019_merge_requests"
down_revision = "0018_offered"
branch_labels = None
depends_on = None

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
TEXT = sqlmodel.sql.sqltypes.AutoString
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "merge_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity", TEXT(length=20), nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("fingerprint", TEXT(length=100), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("state", TEXT(length=10), nullable=False),
        sa.Column("answer", TEXT(length=500), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", MOMENT(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", MOMENT(), nullable=True),
        sa.Column("set_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_merge_request_decided_by_id")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["user.id"], name=op.f("fk_merge_request_requested_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_request")),
    )
    op.create_index("ix_merge_request_state", "merge_request", ["state"])
    op.create_index("ix_merge_request_requested_by_id", "merge_request", ["requested_by_id"])
    op.create_table(
        "merge_request_side",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_merge_request_side_customer_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["merge_request.id"], name=op.f("fk_merge_request_side_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("request_id", "customer_id", name=op.f("pk_merge_request_side")),
    )
    op.create_index("ix_merge_request_side_customer_id", "merge_request_side", ["customer_id"])


def downgrade() -> None:
    op.drop_table("merge_request_side")
    op.drop_table("merge_request")
