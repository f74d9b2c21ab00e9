"""Say which relations make relays and members of an organisation, who is its primary relay, who reserves together."""

import sqlalchemy as sa
from alembic import op

revision = "0020_relays"
down_revision = "0019_merge_requests"
branch_labels = None
depends_on = None

PARTS = {"relay": ("is relay of",), "member": ("is a member of", "lives in the household")}
PARTIES = (
    "is married to", "is parent of", "is sibling of", "is a relative of", "is a friend of", "lives in the household",
)  # fmt: skip


def upgrade() -> None:
    op.add_column("relation", sa.Column("is_primary", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("relation_type", sa.Column("part", sa.String(10), nullable=True))
    op.add_column("relation_type", sa.Column("is_party", sa.Boolean(), nullable=False, server_default=sa.false()))
    kind = sa.table(
        "relation_type", sa.column("name", sa.String()), sa.column("part", sa.String()), sa.column("shape", sa.String()),
        sa.column("to_kind", sa.String()), sa.column("is_party", sa.Boolean()),
    )  # fmt: skip
    for part, names in PARTS.items():
        fits = sa.and_(kind.c.name.in_(names), kind.c.shape == "directed", kind.c.to_kind == "account")
        op.execute(kind.update().where(fits).values(part=part))
    op.execute(kind.update().where(kind.c.name.in_(PARTIES)).values(is_party=True))


def downgrade() -> None:
    op.drop_column("relation_type", "is_party")
    op.drop_column("relation_type", "part")
    op.drop_column("relation", "is_primary")
