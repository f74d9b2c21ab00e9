"""add relations, their types, and the right to read and keep those."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005_relations"
down_revision = "0004_activities"
branch_labels = None
depends_on = None

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
ROW = (
    ("id", sa.Uuid, False), ("version", sa.Integer, False), ("created_at", MOMENT, False),
    ("created_by_id", sa.Uuid, True), ("updated_at", MOMENT, False), ("updated_by_id", sa.Uuid, True),
    ("archived_at", MOMENT, True),
)  # fmt: skip
LIVE = sa.text("archived_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "relation_type",
        *_columns("relation_type"),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("reverse", sa.String(100), nullable=True),
        sa.Column("shape", sa.String(20), nullable=False),
        sa.Column("from_kind", sa.String(10), nullable=False),
        sa.Column("to_kind", sa.String(10), nullable=False),
        sa.Column("color", sa.String(20), nullable=False),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", MOMENT(), nullable=True),
    )
    op.create_index(
        "uq_relation_type_name", "relation_type", ["name"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE
    )
    op.create_table(
        "relation",
        *_columns("relation"),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("type_id", sa.Uuid(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("is_former", sa.Boolean(), nullable=False),
        sa.Column("strength", sa.String(10), nullable=False),
        sa.Column("source", sa.String(200), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["from_id"], ["customer.id"], name="fk_relation_from_id"),
        sa.ForeignKeyConstraint(["to_id"], ["customer.id"], name="fk_relation_to_id"),
        sa.ForeignKeyConstraint(["type_id"], ["relation_type.id"], name="fk_relation_type_id"),
    )
    for name in ("from_id", "to_id", "type_id"):
        op.create_index(f"ix_relation_{name}", "relation", [name])
    _rights(add=True)


def downgrade() -> None:
    op.drop_table("relation")
    op.drop_table("relation_type")
    _rights(add=False)


def _columns(table: str) -> list[sa.schema.SchemaItem]:
    """Return what every record has."""
    columns = [sa.Column(name, kind(), nullable=nullable) for name, kind, nullable in ROW]
    users = [
        sa.ForeignKeyConstraint([name], ["user.id"], name=f"fk_{table}_{name}")
        for name in ("created_by_id", "updated_by_id")
    ]
    return [*columns, *users, sa.PrimaryKeyConstraint("id", name=f"pk_{table}")]


def _rights(*, add: bool) -> None:
    """Let each role do to relation types what it may do to pick lists."""
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    role = sa.table("role", sa.column("id", sa.Uuid()), sa.column("rights", json))
    connection = op.get_bind()
    for row in connection.execute(sa.select(role.c.id, role.c.rights)).all():
        rights = {key: verbs for key, verbs in row.rights.items() if key != "relation_type"}
        if add and "choice" in rights:
            rights["relation_type"] = rights["choice"]
        connection.execute(role.update().where(role.c.id == row.id).values(rights=rights))
