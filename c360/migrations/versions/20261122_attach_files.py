"""Attach files to customers, in versions; a file may be larger than two gigabytes."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002_attach_files"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade():
    with op.batch_alter_table("stored_file") as stored:
        stored.alter_column("size", existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=False)
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", MOMENT(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", MOMENT(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("name", TEXT(length=300), nullable=False),
        sa.Column("folded", TEXT(length=300), nullable=False),
        sa.Column("comment", TEXT(length=2000), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_attachment_created_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_attachment_customer_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_attachment_file_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_attachment_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_document", "attachment", ["customer_id", "folded"])
    op.create_index("ix_attachment_file_id", "attachment", ["file_id"])


def downgrade():
    op.drop_index("ix_attachment_file_id", "attachment")
    op.drop_index("ix_attachment_document", "attachment")
    op.drop_table("attachment")
    with op.batch_alter_table("stored_file") as stored:
        stored.alter_column("size", existing_type=sa.BigInteger(), type_=sa.Integer(), existing_nullable=False)
