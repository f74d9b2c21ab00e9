"""Keep who is inside the scope of a rule for duplicates, and by which rules everybody was compared last."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0029_scoped_rules"
down_revision = "0028_api_keys"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade():
    op.create_table(
        "duplicate_scope",
        sa.Column("scope", TEXT(length=16), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("entity", TEXT(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_duplicate_scope_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("scope", "customer_id", name=op.f("pk_duplicate_scope")),
    )
    op.create_index("ix_duplicate_scope_customer_id", "duplicate_scope", ["customer_id"])
    with op.batch_alter_table("duplicate_model") as model:
        model.add_column(sa.Column("judged_by", TEXT(length=16), nullable=False, server_default=""))


def downgrade():
    with op.batch_alter_table("duplicate_model") as model:
        model.drop_column("judged_by")
    op.drop_index("ix_duplicate_scope_customer_id", "duplicate_scope")
    op.drop_table("duplicate_scope")
