"""Let merge recipes be shared; those there are stay private."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0031_shared_recipes"
down_revision = "0030_enquiries"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    with op.batch_alter_table("merge_recipe") as recipe:
        recipe.add_column(sa.Column("sharing", TEXT(length=20), nullable=False, server_default="private"))


def downgrade() -> None:
    with op.batch_alter_table("merge_recipe") as recipe:
        recipe.drop_column("sharing")
