"""Remember groups of a chart and dismissed suggestions; find who shares a mail domain or a postal code."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0013_groups"
down_revision = "0012_unmerge"
branch_labels = None
depends_on = None

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
LIVE = sa.text("archived_at IS NULL")
DOMAINS = (("communication", "normalised", "family = 'email'"), ("customer", "email", "email IS NOT NULL"))


def upgrade() -> None:
    _pairs("group_place", "customer_id", "member_id", sa.Column("name", sa.String(60), nullable=False))
    _pairs("dismissed_tie", "one_id", "other_id")
    for table, column, test in DOMAINS:
        domain = sa.text(f"replace({column}, rtrim({column}, replace({column}, '@', '')), '')")
        mailed = sa.text(test)
        op.create_index(f"ix_{table}_domain", table, [domain], sqlite_where=mailed, postgresql_where=mailed)
    op.create_index("ix_address_postal_code", "address", ["postal_code"])


def downgrade() -> None:
    op.drop_index("ix_address_postal_code", "address")
    for table, _, _ in DOMAINS:
        op.drop_index(f"ix_{table}_domain", table)
    op.drop_table("dismissed_tie")
    op.drop_table("group_place")


def _pairs(table: str, one: str, other: str, *more: sa.Column) -> None:
    """Make a table of pairs of customers, each pair there once."""
    links = ((one, "customer"), (other, "customer"), ("created_by_id", "user"), ("updated_by_id", "user"))
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", MOMENT(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", MOMENT(), nullable=True),
        sa.Column(one, sa.Uuid(), nullable=False),
        sa.Column(other, sa.Uuid(), nullable=False),
        *more,
        *(sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_{table}_{name}") for name, target in links),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index(f"uq_{table}_pair", table, [one, other], unique=True, sqlite_where=LIVE, postgresql_where=LIVE)
    op.create_index(f"ix_{table}_{other}", table, [other])
