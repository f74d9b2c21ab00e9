"""Attach files to any record, not to customers alone."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0023_attach_anywhere"
down_revision = "0022_stream"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade():
    with op.batch_alter_table("attachment", reflect_kwargs={"resolve_fks": False}) as attachment:
        attachment.add_column(sa.Column("entity", TEXT(length=40), nullable=True))
        attachment.add_column(sa.Column("record_id", sa.Uuid(), nullable=True))
        attachment.alter_column("customer_id", existing_type=sa.Uuid(), nullable=True)
        attachment.create_check_constraint(op.f("ck_attachment_host"), "(customer_id IS NULL) <> (record_id IS NULL)")
    op.create_index("ix_attachment_record", "attachment", ["record_id", "folded"])


def downgrade():
    # What hangs on other records has no place in the former table.
    op.execute("DELETE FROM attachment WHERE customer_id IS NULL")
    op.drop_index("ix_attachment_record", "attachment")
    with op.batch_alter_table("attachment", reflect_kwargs={"resolve_fks": False}) as attachment:
        attachment.drop_constraint(op.f("ck_attachment_host"), type_="check")
        attachment.alter_column("customer_id", existing_type=sa.Uuid(), nullable=False)
        attachment.drop_column("record_id")
        attachment.drop_column("entity")
