"""add activities, posts, agendas and the counters they keep on customers."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004_activities"
down_revision = "0003_consents"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
FIGURES = (
    "next_step_at", "contacts_total", "contacts_out", "contacts_in", "last_out_at", "last_in_at", "last_contact_at",
)  # fmt: skip
VERBS = ("read", "create", "update", "archive", "assign", "merge", "export", "import")
KEPT = dict.fromkeys(VERBS, "all")
ADDED = {
    "activity": dict.fromkeys(VERBS, "team") | {"read": "all", "create": "all"},
    "agenda": dict.fromkeys(VERBS, "own"),
}


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("medium", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("direction", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=True),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("starts_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("ends_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("duration", sa.Integer(), nullable=True),
        sa.Column("place", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=True),
        sa.Column("remind_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("reminded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("follows_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_activity_created_by_id")),
        sa.ForeignKeyConstraint(["follows_id"], ["activity.id"], name=op.f("fk_activity_follows_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_activity_owner_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_activity_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_follows_id"), ["follows_id"], unique=False)
        batch_op.create_index("ix_activity_owner_planned", ["owner_id", "ended_at", "at"], unique=False)
        batch_op.create_index("ix_activity_remind", ["remind_at"], unique=False)

    op.create_table(
        "agenda",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("mails", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("digested_on", sa.Date(), nullable=True),
        sa.Column("feed_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("feed_made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_agenda_created_by_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_agenda_owner_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_agenda_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda")),
    )
    with op.batch_alter_table("agenda", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_feed_digest"), ["feed_digest"], unique=False)
        batch_op.create_index(
            "uq_agenda_owner",
            ["owner_id"],
            unique=True,
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )

    op.create_table(
        "activity_customer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("phase", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("counts", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=True),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_activity_customer_activity_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_activity_customer_created_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_activity_customer_customer_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_activity_customer_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_customer")),
    )
    with op.batch_alter_table("activity_customer", schema=None) as batch_op:
        batch_op.create_index("ix_activity_customer_counts", ["customer_id", "counts", "at"], unique=False)
        batch_op.create_index(
            "ix_activity_customer_stream", ["customer_id", "phase", "at", "id", "activity_id", "kind"], unique=False
        )
        batch_op.create_index(
            "uq_activity_customer_pair",
            ["activity_id", "customer_id"],
            unique=True,
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )

    op.create_table(
        "post",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(length=5000), nullable=False),
        sa.Column("mentioned", JSON, nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_post_created_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_post_customer_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_post_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index("ix_post_stream", ["customer_id", "created_at", "id"], unique=False)

    op.create_table(
        "post_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(length=5000), nullable=False),
        sa.Column("mentioned", JSON, nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_post_comment_created_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_post_comment_customer_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_comment_post_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_post_comment_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_comment")),
    )
    with op.batch_alter_table("post_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_comment_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_comment_post_id"), ["post_id"], unique=False)

    op.create_table(
        "post_like",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_post_like_created_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_post_like_customer_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_like_post_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_post_like_updated_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_post_like_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_like")),
    )
    with op.batch_alter_table("post_like", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_like_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_like_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_post_like_pair",
            ["post_id", "user_id"],
            unique=True,
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )

    with op.batch_alter_table("change_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_row_customer_id"))
        batch_op.create_index("ix_change_row_customer", ["customer_id", "id"], unique=False)

    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_contact_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("last_in_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("last_out_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("contacts_in", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("contacts_out", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("contacts_total", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("next_step_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    _rights(
        lambda rights: (
            rights | {key: KEPT if key == "activity" and _keeps(rights) else verbs for key, verbs in ADDED.items()}
        )
    )


def _keeps(rights: dict[str, Any]) -> bool:
    """Tell whether a role keeps the settings: then every verb reaches everything."""
    return rights.get("setting", {}).get("update") == "all"


def _rights(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Give the roles there are the rights new ones begin with."""
    role = sa.table("role", sa.column("id", sa.Uuid()), sa.column("rights", JSON))
    connection = op.get_bind()
    for role_id, rights in connection.execute(sa.select(role.c.id, role.c.rights)).all():
        if "*" not in rights:
            connection.execute(role.update().where(role.c.id == role_id).values(rights=change(rights)))


def downgrade() -> None:
    _rights(lambda rights: {key: verbs for key, verbs in rights.items() if key not in ADDED})
    for name in FIGURES:
        op.drop_column("customer", name)
    with op.batch_alter_table("change_row", schema=None) as batch_op:
        batch_op.drop_index("ix_change_row_customer")
        batch_op.create_index(batch_op.f("ix_change_row_customer_id"), ["customer_id"], unique=False)

    with op.batch_alter_table("post_like", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_post_like_pair",
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_post_like_user_id"))
        batch_op.drop_index(batch_op.f("ix_post_like_customer_id"))

    op.drop_table("post_like")
    with op.batch_alter_table("post_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_comment_post_id"))
        batch_op.drop_index(batch_op.f("ix_post_comment_customer_id"))

    op.drop_table("post_comment")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index("ix_post_stream")

    op.drop_table("post")
    with op.batch_alter_table("activity_customer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_activity_customer_pair",
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )
        batch_op.drop_index("ix_activity_customer_stream")
        batch_op.drop_index("ix_activity_customer_counts")

    op.drop_table("activity_customer")
    with op.batch_alter_table("agenda", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_agenda_owner",
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_agenda_feed_digest"))

    op.drop_table("agenda")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_remind")
        batch_op.drop_index("ix_activity_owner_planned")
        batch_op.drop_index(batch_op.f("ix_activity_follows_id"))

    op.drop_table("activity")
