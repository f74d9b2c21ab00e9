"""Let accounts gather customer identities: what another system knows of each, and what an account is treated as."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0014_identities"
down_revision = "0013_groups"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
TOLD = (("name", 500), ("email", 320), ("phone", 50), ("website", 500))


def upgrade():
    for name, length in TOLD:
        op.add_column("external_reference", sa.Column(name, TEXT(length=length), nullable=True))
    op.add_column("customer", sa.Column("treated_as", TEXT(length=10), nullable=True))
    op.execute("UPDATE customer SET treated_as = 'company' WHERE kind = 'account'")


def downgrade():
    op.drop_column("customer", "treated_as")
    for name, _ in TOLD:
        op.drop_column("external_reference", name)
