"""Add consents, requests and suppressions.

One file because they point at each other; the triggers that let the ledger only grow stand beside the table they guard.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003_consents"
down_revision = "0002_attach_files"
branch_labels = None
depends_on = None

FIXED = {
    "consent_event": (
        "id", "purpose_id", "purpose_version", "medium", "party", "event", "at", "valid_until", "basis", "source",
        "text_id", "text_sha256", "file_sha256", "confirmed_at", "answers_id", "proven", "created_at", "created_by_id",
    ),
    "consent_text": (
        "id", "purpose_id", "language", "country", "number", "title", "text", "sha256", "created_at", "created_by_id",
    ),
}  # fmt: skip
"""What never changes once it is written; the customer an event belongs to may, in a merge."""
EMPTIED = {"consent_event": ("point", "source_detail", "file_id", "note", "ip", "agent"), "consent_text": ()}
"""What an erasure may empty, and nothing else may touch."""


def _same(table: str) -> str:
    same = [f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in FIXED[table]]
    same += [f"(NEW.{name} IS NULL OR NEW.{name} IS NOT DISTINCT FROM OLD.{name})" for name in EMPTIED[table]]
    return " AND ".join(same)


DEMO = "EXISTS (SELECT 1 FROM customer WHERE customer.id = OLD.customer_id AND customer.is_demo)"
"""Made-up customers go without a trace, and with them what they made-up agreed to."""
SQLITE = (
    f"CREATE TRIGGER consent_event_kept BEFORE DELETE ON consent_event WHEN NOT {DEMO} "
    "BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "CREATE TRIGGER consent_text_kept BEFORE DELETE ON consent_text BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    *(
        f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} WHEN NOT ({_same(table)}) "
        "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        for table in FIXED
    ),
    *(
        f"CREATE TRIGGER {table}_once BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        for table in FIXED
    ),
)
POSTGRESQL = (
    "CREATE FUNCTION c360_refuse_but_demo() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF {DEMO} THEN RETURN OLD; END IF; RAISE EXCEPTION 'append-only'; END $$",
    "CREATE TRIGGER consent_event_kept BEFORE DELETE ON consent_event FOR EACH ROW "
    "EXECUTE FUNCTION c360_refuse_but_demo()",
    "CREATE TRIGGER consent_text_kept BEFORE DELETE ON consent_text FOR EACH ROW EXECUTE FUNCTION c360_refuse()",
    *(
        f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} FOR EACH ROW WHEN (NOT ({_same(table)})) "
        "EXECUTE FUNCTION c360_refuse()"
        for table in FIXED
    ),
    *(f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} EXECUTE FUNCTION c360_refuse()" for table in FIXED),
)


def upgrade() -> None:
    op.create_table(
        "suppression",
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("medium", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_suppression")),
    )
    op.create_table(
        "purpose",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("nature", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column(
            "media",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("basis", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("double_opt_in", sa.Boolean(), nullable=False),
        sa.Column("lasts_months", sa.Integer(), nullable=True),
        sa.Column("data_categories", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("recipients", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_purpose_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_purpose_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purpose")),
    )
    with op.batch_alter_table("purpose", schema=None) as batch_op:
        batch_op.create_index(
            "uq_purpose_key",
            ["key"],
            unique=True,
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )

    op.create_table(
        "consent_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("purpose_id", sa.Uuid(), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_consent_text_created_by_id")),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_consent_text_purpose_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_consent_text_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_text")),
    )
    with op.batch_alter_table("consent_text", schema=None) as batch_op:
        batch_op.create_index(
            "uq_consent_text_active",
            ["purpose_id", "language", "country"],
            unique=True,
            sqlite_where=sa.text("is_active AND archived_at IS NULL"),
            postgresql_where=sa.text("is_active AND archived_at IS NULL"),
        )
        batch_op.create_index(
            "uq_consent_text_version",
            ["purpose_id", "language", "country", "number"],
            unique=True,
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )

    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("released_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_legal_hold_created_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_legal_hold_customer_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_legal_hold_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legal_hold_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "subject_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("identity", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extended_because", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name=op.f("fk_subject_request_closed_by_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_subject_request_created_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_subject_request_customer_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_subject_request_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_request")),
    )
    with op.batch_alter_table("subject_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subject_request_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_subject_request_state"), ["state"], unique=False)

    op.create_table(
        "consent_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("purpose_id", sa.Uuid(), nullable=True),
        sa.Column("purpose_version", sa.Integer(), nullable=True),
        sa.Column("medium", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("point", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("party", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("event", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("valid_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("basis", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("source_detail", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=True),
        sa.Column("text_id", sa.Uuid(), nullable=True),
        sa.Column("text_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("file_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("ip", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("agent", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=True),
        sa.Column("confirmed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("answers_id", sa.Uuid(), nullable=True),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["answers_id"], ["consent_event.id"], name=op.f("fk_consent_event_answers_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_consent_event_created_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_consent_event_customer_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_consent_event_file_id")),
        sa.ForeignKeyConstraint(["purpose_id"], ["purpose.id"], name=op.f("fk_consent_event_purpose_id")),
        sa.ForeignKeyConstraint(["text_id"], ["consent_text.id"], name=op.f("fk_consent_event_text_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_consent_event_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_event")),
    )
    with op.batch_alter_table("consent_event", schema=None) as batch_op:
        batch_op.create_index("ix_consent_event_customer_at", ["customer_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_event_purpose_id"), ["purpose_id"], unique=False)

    op.create_table(
        "erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("how", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_erasure_customer_id")),
        sa.ForeignKeyConstraint(["request_id"], ["subject_request.id"], name=op.f("fk_erasure_request_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_erasure_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasure_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "preference_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("point", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_preference_link_customer_id")),
        sa.ForeignKeyConstraint(["event_id"], ["consent_event.id"], name=op.f("fk_preference_link_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preference_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_preference_link_digest")),
    )
    with op.batch_alter_table("preference_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_preference_link_customer_id"), ["customer_id"], unique=False)

    # Not in a batch: that would copy the table other tables point at.
    op.add_column("customer", sa.Column("restricted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column("customer", sa.Column("erased_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.create_index("ix_customer_restricted", "customer", ["id"], sqlite_where=sa.text("restricted_at IS NOT NULL"),
                    postgresql_where=sa.text("restricted_at IS NOT NULL"))  # fmt: skip
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_customer_restricted", "customer")
    op.drop_column("customer", "erased_at")
    op.drop_column("customer", "restricted_at")
    with op.batch_alter_table("preference_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_preference_link_customer_id"))

    op.drop_table("preference_link")
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_erasure_customer_id"))

    op.drop_table("erasure")
    with op.batch_alter_table("consent_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_event_purpose_id"))
        batch_op.drop_index("ix_consent_event_customer_at")

    op.drop_table("consent_event")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION c360_refuse_but_demo")
    with op.batch_alter_table("subject_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subject_request_state"))
        batch_op.drop_index(batch_op.f("ix_subject_request_customer_id"))

    op.drop_table("subject_request")
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legal_hold_customer_id"))

    op.drop_table("legal_hold")
    with op.batch_alter_table("consent_text", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_consent_text_version",
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_consent_text_active",
            sqlite_where=sa.text("is_active AND archived_at IS NULL"),
            postgresql_where=sa.text("is_active AND archived_at IS NULL"),
        )

    op.drop_table("consent_text")
    with op.batch_alter_table("purpose", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_purpose_key",
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )

    op.drop_table("purpose")
    op.drop_table("suppression")
