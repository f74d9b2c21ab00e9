"""Keep what was said of products in calls; the timeline tells of it with the call, not as changes of its own."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0032_discussed_products"
down_revision = "0031_shared_recipes"
branch_labels = None
depends_on = None

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
TEXT = sqlmodel.sql.sqltypes.AutoString
TABLE = "activity_product"
POINTS_AT = {
    "created_by_id": "user.id", "updated_by_id": "user.id", "customer_id": "customer.id", "activity_id": "activity.id",
    "product_id": "choice.id", "stage_id": "choice.id",
}  # fmt: skip
BEFORE = ("activity", "activity_customer", "attachment", "consent_event", "post", "post_comment", "post_like",
          "relation")  # fmt: skip
AFTER = (*BEFORE[:2], TABLE, *BEFORE[2:])


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT(), nullable=False),
        sa.Column("updated_at", MOMENT(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", MOMENT(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=True),
        sa.Column("objections", TEXT(), nullable=True),
        sa.Column("next_objective", TEXT(length=500), nullable=True),
        sa.Column("samples", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_{TABLE}_{name}"))
            for name, target in POINTS_AT.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    for name in ("customer_id", "activity_id"):
        op.create_index(f"ix_{TABLE}_{name}", TABLE, [name])
    live = sa.text("archived_at IS NULL")
    op.create_index(
        "uq_activity_product_line", TABLE, ["customer_id", "activity_id", "product_id"], unique=True,
        sqlite_where=live, postgresql_where=live,
    )  # fmt: skip
    _index(AFTER)


def downgrade() -> None:
    op.drop_table(TABLE)
    _index(BEFORE)


def _index(told: tuple[str, ...]) -> None:
    """Index the changes nothing but the journal tells of, anew."""
    untold = sa.text(f"entity NOT IN ({', '.join(map(repr, told))})")
    op.drop_index("ix_change_row_stream", "change_row")
    op.create_index(
        "ix_change_row_stream", "change_row", ["customer_id", "id", "set_id"],
        sqlite_where=untold, postgresql_where=untold,
    )  # fmt: skip
