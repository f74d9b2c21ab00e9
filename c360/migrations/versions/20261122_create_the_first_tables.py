"""Create the first tables.

Long because it makes every table of the first version at once; cut in two, one half could not be applied without the
other. It is written by the generator, in the order of the foreign keys.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("change_set", "change_row", "access_log")
ERASED = (
    "NEW.before IS NULL AND NEW.after IS NULL AND NEW.salt IS NULL AND NEW.digest = OLD.digest AND NEW.id = OLD.id "
    "AND NEW.set_id = OLD.set_id AND NEW.position = OLD.position AND NEW.entity = OLD.entity "
    "AND NEW.record_id = OLD.record_id AND NEW.op = OLD.op AND NEW.version = OLD.version"
)
"""The one change a journal row may see: an erasure empties its values and its salt."""
SQLITE = (
    "CREATE VIRTUAL TABLE search_fts USING fts5(name, email, phone, address, people, content='search_document', "
    "content_rowid='number', tokenize='trigram case_sensitive 1')",
    "CREATE TRIGGER search_document_added AFTER INSERT ON search_document BEGIN "
    "INSERT INTO search_fts(rowid, name, email, phone, address, people) "
    "VALUES (new.number, new.name, new.email, new.phone, new.address, new.people); END",
    "CREATE TRIGGER search_document_removed AFTER DELETE ON search_document BEGIN "
    "INSERT INTO search_fts(search_fts, rowid, name, email, phone, address, people) "
    "VALUES ('delete', old.number, old.name, old.email, old.phone, old.address, old.people); END",
    *(
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        for table in APPEND_ONLY
    ),
    *(
        f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        for table in ("change_set", "access_log")
    ),
    f"CREATE TRIGGER change_row_fixed BEFORE UPDATE ON change_row WHEN NOT ({ERASED}) "
    "BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    # INSERT OR REPLACE would drop the old row without a DELETE trigger.
    *(
        f"CREATE TRIGGER {table}_once BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id{' OR seq = NEW.seq' if table == 'change_set' else ''}) "
        "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        for table in APPEND_ONLY
    ),
)
POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE FUNCTION c360_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS "
    "$$ SELECT replace(lower(regexp_replace(normalize(value, NFKD), '[\u0300-\u036f]', '', 'g') "
    "COLLATE \"und-x-icu\"), 'ς', 'σ') COLLATE \"C\" $$",
    "CREATE FUNCTION c360_json_length(value jsonb) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS "
    "$$ SELECT CASE jsonb_typeof(value) WHEN 'array' THEN jsonb_array_length(value) ELSE 0 END $$",
    "CREATE INDEX ix_search_document_gin ON search_document USING gin (name gin_trgm_ops, email gin_trgm_ops, "
    "phone gin_trgm_ops, address gin_trgm_ops, people gin_trgm_ops)",
    # A descending list still ends with what is empty: SQLite reads its index that way, PostgreSQL needs one of its own.
    *(
        f"CREATE INDEX ix_customer_desc_{name} ON customer (kind, {name} DESC NULLS LAST, id DESC, owner_id) "
        "WHERE archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"
        for name in ("email", "phone", "city")
    ),
    "CREATE FUNCTION c360_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append-only'; END $$",
    *(
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION c360_refuse()"
        for table in APPEND_ONLY
    ),
    *(
        f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION c360_refuse()"
        for table in ("change_set", "access_log")
    ),
    *(
        f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} EXECUTE FUNCTION c360_refuse()"
        for table in APPEND_ONLY
    ),
    f"CREATE TRIGGER change_row_fixed BEFORE UPDATE ON change_row FOR EACH ROW WHEN (NOT ({ERASED})) "
    "EXECUTE FUNCTION c360_refuse()",
)


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("act", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("entity", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column(
            "details",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_log_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_log_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_log_record_id"), ["record_id"], unique=False)

    op.create_table(
        "change_set",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("idempotency_key", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column(
            "result",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "details",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("prev_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_set")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_change_set_idempotency_key")),
        sa.UniqueConstraint("seq", name=op.f("uq_change_set_seq")),
    )
    with op.batch_alter_table("change_set", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_set_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_set_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_set_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_set_cause_id"), ["cause_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_set_reverses_id"), ["reverses_id"], unique=True)

    op.create_table(
        "user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("login", sqlmodel.sql.sqltypes.AutoString(length=320), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("password_hash", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=True),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("disabled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("last_seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_user_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_user_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
    )
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.create_index(
            "uq_user_login",
            ["login"],
            unique=True,
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )

    op.create_table(
        "change_row",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("set_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("entity", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("op", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column(
            "before",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "after",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("salt", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(["set_id"], ["change_set.id"], name=op.f("fk_change_row_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_row")),
    )
    with op.batch_alter_table("change_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_row_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_row_record_id"), ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_row_set_id"), ["set_id"], unique=False)

    op.create_table(
        "choice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("pick_list", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("color", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("family", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("retired_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_choice_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_choice_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice")),
    )
    with op.batch_alter_table("choice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_choice_pick_list"), ["pick_list"], unique=False)
        batch_op.create_index(
            "uq_choice_name",
            ["pick_list", "name"],
            unique=True,
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )

    op.create_table(
        "custom_field",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("entity", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("help", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("is_unique", sa.Boolean(), nullable=False),
        sa.Column("default", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column(
            "choices",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("target", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("privacy", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("in_list", sa.Boolean(), nullable=False),
        sa.Column("in_form", sa.Boolean(), nullable=False),
        sa.Column("in_import", sa.Boolean(), nullable=False),
        sa.Column("in_merge", sa.Boolean(), nullable=False),
        sa.Column("in_history", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_custom_field_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_custom_field_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_field")),
    )
    with op.batch_alter_table("custom_field", schema=None) as batch_op:
        batch_op.create_index(
            "uq_custom_field_key",
            ["entity", "key"],
            unique=True,
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )

    op.create_table(
        "folder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("entity", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("mode", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("sharing", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_favourite", sa.Boolean(), nullable=False),
        sa.Column(
            "criteria",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_folder_created_by_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_folder_owner_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["folder.id"], name=op.f("fk_folder_parent_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_folder_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_folder")),
    )
    with op.batch_alter_table("folder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_folder_entity"), ["entity"], unique=False)
        batch_op.create_index(batch_op.f("ix_folder_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "import_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("entity", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("file_key", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column(
            "options",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "counts",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_import_batch_created_by_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_import_batch_owner_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_import_batch_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_table(
        "import_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("entity", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "options",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_import_template_created_by_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_import_template_owner_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_import_template_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_template")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column(
            "arguments",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column(
            "result",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("error", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("finished_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_job_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_user_id"), ["user_id"], unique=False)

    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("message", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "params",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("href", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("read_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_notification_created_by_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_notification_owner_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_notification_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
    )
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("purpose", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_one_time_link_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_one_time_link_digest")),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column(
            "rights",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "hidden",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "locked",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_role_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_role_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("key", name=op.f("uq_role_key")),
    )
    op.create_table(
        "session",
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("ip", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("agent", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_session_user_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_session")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "setting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column(
            "value",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_setting_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_setting_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
        sa.UniqueConstraint("key", name=op.f("uq_setting_key")),
    )
    op.create_table(
        "tag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("folded", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("color", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("visibility", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_tag_created_by_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_tag_owner_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_tag_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
    )
    with op.batch_alter_table("tag", schema=None) as batch_op:
        batch_op.create_index(
            "uq_tag_private",
            ["owner_id", "folded"],
            unique=True,
            sqlite_where=sa.text("archived_at IS NULL AND visibility = 'private'"),
            postgresql_where=sa.text("archived_at IS NULL AND visibility = 'private'"),
        )
        batch_op.create_index(
            "uq_tag_shared",
            ["folded"],
            unique=True,
            sqlite_where=sa.text("archived_at IS NULL AND visibility <> 'private'"),
            postgresql_where=sa.text("archived_at IS NULL AND visibility <> 'private'"),
        )

    op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_team_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_team_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("name", name=op.f("uq_team_name")),
    )
    op.create_table(
        "view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("entity", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("sharing", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("color", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column(
            "query",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_view_created_by_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_view_owner_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_view_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_view")),
    )
    with op.batch_alter_table("view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_view_entity"), ["entity"], unique=False)

    op.create_table(
        "customer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=True),
        sa.Column("alternative_names", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=True),
        sa.Column("account_type_id", sa.Uuid(), nullable=True),
        sa.Column(
            "category_ids",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("industry_id", sa.Uuid(), nullable=True),
        sa.Column("legal_form_id", sa.Uuid(), nullable=True),
        sa.Column("ownership_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("employees", sa.Integer(), nullable=True),
        sa.Column("employee_range_id", sa.Uuid(), nullable=True),
        sa.Column("revenue", sa.BigInteger(), nullable=True),
        sa.Column("revenue_range_id", sa.Uuid(), nullable=True),
        sa.Column("tax_number", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=True),
        sa.Column("registration_number", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("salutation_id", sa.Uuid(), nullable=True),
        sa.Column("academic_title", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=True),
        sa.Column("given_name", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("middle_name", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("family_name", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("name_suffix", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=True),
        sa.Column("gender_id", sa.Uuid(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("contact_type_id", sa.Uuid(), nullable=True),
        sa.Column("job_title", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("department", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("marital_status_id", sa.Uuid(), nullable=True),
        sa.Column("household_size", sa.Integer(), nullable=True),
        sa.Column("children", sa.Integer(), nullable=True),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column(
            "sort_name",
            sa.String(length=1000).with_variant(sa.String(length=1000, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=320), nullable=True),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=True),
        sa.Column("website", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("city", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=True),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=True),
        sa.Column("timezone", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=True),
        sa.Column("segment_id", sa.Uuid(), nullable=True),
        sa.Column("status_id", sa.Uuid(), nullable=True),
        sa.Column("channel_id", sa.Uuid(), nullable=True),
        sa.Column("responsible_id", sa.Uuid(), nullable=True),
        sa.Column("service_manager_id", sa.Uuid(), nullable=True),
        sa.Column("notes", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column(
            "preferred_media",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "forbidden_media",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("forbidden_reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("inactive_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("inactive_reason_id", sa.Uuid(), nullable=True),
        sa.Column("inactive_note", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("photo", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column(
            "custom",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["account_type_id"], ["choice.id"], name=op.f("fk_customer_account_type_id")),
        sa.ForeignKeyConstraint(["channel_id"], ["choice.id"], name=op.f("fk_customer_channel_id")),
        sa.ForeignKeyConstraint(["contact_type_id"], ["choice.id"], name=op.f("fk_customer_contact_type_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_customer_created_by_id")),
        sa.ForeignKeyConstraint(["employee_range_id"], ["choice.id"], name=op.f("fk_customer_employee_range_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["customer.id"], name=op.f("fk_customer_employer_id")),
        sa.ForeignKeyConstraint(["gender_id"], ["choice.id"], name=op.f("fk_customer_gender_id")),
        sa.ForeignKeyConstraint(["inactive_reason_id"], ["choice.id"], name=op.f("fk_customer_inactive_reason_id")),
        sa.ForeignKeyConstraint(["industry_id"], ["choice.id"], name=op.f("fk_customer_industry_id")),
        sa.ForeignKeyConstraint(["legal_form_id"], ["choice.id"], name=op.f("fk_customer_legal_form_id")),
        sa.ForeignKeyConstraint(["marital_status_id"], ["choice.id"], name=op.f("fk_customer_marital_status_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["customer.id"], name=op.f("fk_customer_merged_into_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_customer_owner_id")),
        sa.ForeignKeyConstraint(["ownership_id"], ["choice.id"], name=op.f("fk_customer_ownership_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["customer.id"], name=op.f("fk_customer_parent_id")),
        sa.ForeignKeyConstraint(["responsible_id"], ["user.id"], name=op.f("fk_customer_responsible_id")),
        sa.ForeignKeyConstraint(["revenue_range_id"], ["choice.id"], name=op.f("fk_customer_revenue_range_id")),
        sa.ForeignKeyConstraint(["salutation_id"], ["choice.id"], name=op.f("fk_customer_salutation_id")),
        sa.ForeignKeyConstraint(["segment_id"], ["choice.id"], name=op.f("fk_customer_segment_id")),
        sa.ForeignKeyConstraint(["service_manager_id"], ["user.id"], name=op.f("fk_customer_service_manager_id")),
        sa.ForeignKeyConstraint(["status_id"], ["choice.id"], name=op.f("fk_customer_status_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_customer_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
    )
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_employer_id"), ["employer_id"], unique=False)
        batch_op.create_index(
            "ix_customer_live_channel_id_sort_name",
            ["channel_id", "sort_name", "id", "owner_id", "kind", "archived_at", "merged_into_id", "inactive_at"],
            unique=False,
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.create_index(
            "ix_customer_live_created_at",
            ["created_at", "id", "owner_id", "kind", "archived_at", "merged_into_id", "inactive_at"],
            unique=False,
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.create_index(
            "ix_customer_live_kind_city",
            ["kind", "city", "id", "owner_id", "archived_at", "merged_into_id", "inactive_at"],
            unique=False,
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.create_index(
            "ix_customer_live_kind_created_at",
            ["kind", "created_at", "id", "owner_id", "archived_at", "merged_into_id", "inactive_at"],
            unique=False,
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.create_index(
            "ix_customer_live_kind_email",
            ["kind", "email", "id", "owner_id", "archived_at", "merged_into_id", "inactive_at"],
            unique=False,
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.create_index(
            "ix_customer_live_kind_phone",
            ["kind", "phone", "id", "owner_id", "archived_at", "merged_into_id", "inactive_at"],
            unique=False,
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.create_index(
            "ix_customer_live_kind_sort_name",
            ["kind", "sort_name", "id", "owner_id", "archived_at", "merged_into_id", "inactive_at"],
            unique=False,
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.create_index(
            "ix_customer_live_kind_updated_at",
            ["kind", "updated_at", "id", "owner_id", "archived_at", "merged_into_id", "inactive_at"],
            unique=False,
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.create_index(
            "ix_customer_live_owner_id_sort_name",
            ["owner_id", "sort_name", "id", "kind", "archived_at", "merged_into_id", "inactive_at"],
            unique=False,
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.create_index(
            "ix_customer_live_responsible_id_sort_name",
            ["responsible_id", "sort_name", "id", "owner_id", "kind", "archived_at", "merged_into_id", "inactive_at"],
            unique=False,
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.create_index(
            "ix_customer_live_segment_id_status_id_sort_name",
            [
                "segment_id",
                "status_id",
                "sort_name",
                "id",
                "owner_id",
                "kind",
                "archived_at",
                "merged_into_id",
                "inactive_at",
            ],
            unique=False,
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.create_index(
            "ix_customer_live_sort_name",
            ["sort_name", "id", "owner_id", "kind", "archived_at", "merged_into_id", "inactive_at"],
            unique=False,
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.create_index(
            "ix_customer_live_status_id_sort_name",
            ["status_id", "sort_name", "id", "owner_id", "kind", "archived_at", "merged_into_id", "inactive_at"],
            unique=False,
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.create_index(
            "ix_customer_live_updated_at",
            ["updated_at", "id", "owner_id", "kind", "archived_at", "merged_into_id", "inactive_at"],
            unique=False,
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_customer_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_customer_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(
            "uq_customer_code",
            ["code"],
            unique=True,
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL"),
        )

    op.create_table(
        "import_row",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verdict", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column(
            "reasons",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "cells",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_import_row")),
    )
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.create_index("ix_import_row_batch_verdict", ["batch_id", "verdict", "number"], unique=False)

    op.create_table(
        "team_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_team_member_created_by_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_member_team_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_team_member_updated_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_team_member_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
        sa.UniqueConstraint("team_id", "user_id", name=op.f("uq_team_member_team_id_user_id")),
    )
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_member_user_id"), ["user_id"], unique=False)

    op.create_table(
        "user_role",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_user_role_created_by_id")),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("fk_user_role_role_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_user_role_updated_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_role_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_role")),
        sa.UniqueConstraint("user_id", "role_id", name=op.f("uq_user_role_user_id_role_id")),
    )
    op.create_table(
        "view_preference",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("entity", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("view_id", sa.Uuid(), nullable=True),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("is_favourite", sa.Boolean(), nullable=False),
        sa.Column(
            "draft",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_view_preference_created_by_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_view_preference_owner_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_view_preference_updated_by_id")),
        sa.ForeignKeyConstraint(["view_id"], ["view.id"], name=op.f("fk_view_preference_view_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_view_preference")),
    )
    op.create_table(
        "address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("street", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("extra", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("postal_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("city", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=True),
        sa.Column("timezone", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=True),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=True),
        sa.Column("opening_hours", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("notes", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("is_working_place", sa.Boolean(), nullable=False),
        sa.Column("verified_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_address_created_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_address_customer_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_address_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
    )
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_address_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "bank_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("bank", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("iban", sqlmodel.sql.sqltypes.AutoString(length=34), nullable=True),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=True),
        sa.Column("bic", sqlmodel.sql.sqltypes.AutoString(length=11), nullable=True),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=True),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_bank_account_created_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_bank_account_customer_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_bank_account_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_account")),
    )
    with op.batch_alter_table("bank_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_account_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "communication",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("family", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("type_id", sa.Uuid(), nullable=True),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("normalised", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("do_not_use", sa.Boolean(), nullable=False),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("verified_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("bounced_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_communication_created_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_communication_customer_id")),
        sa.ForeignKeyConstraint(["type_id"], ["choice.id"], name=op.f("fk_communication_type_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_communication_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communication")),
    )
    with op.batch_alter_table("communication", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_communication_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_communication_normalised"), ["normalised"], unique=False)

    op.create_table(
        "contact_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=True),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["customer.id"], name=op.f("fk_contact_person_account_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["customer.id"], name=op.f("fk_contact_person_contact_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_contact_person_created_by_id")),
        sa.ForeignKeyConstraint(["role_id"], ["choice.id"], name=op.f("fk_contact_person_role_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_contact_person_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_person")),
    )
    with op.batch_alter_table("contact_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_person_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(
            "uq_contact_person_pair",
            ["account_id", "contact_id"],
            unique=True,
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )

    op.create_table(
        "employment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("organisation", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("job_title", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("department", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["customer.id"], name=op.f("fk_employment_account_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["customer.id"], name=op.f("fk_employment_contact_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_employment_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_employment_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment")),
    )
    with op.batch_alter_table("employment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employment_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_employment_contact_id"), ["contact_id"], unique=False)

    op.create_table(
        "external_reference",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("external_id", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("refreshed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_external_reference_created_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_external_reference_customer_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_external_reference_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_reference")),
    )
    with op.batch_alter_table("external_reference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_external_reference_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(
            "uq_external_reference_pair",
            ["source", "external_id"],
            unique=True,
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )

    op.create_table(
        "folder_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("folder_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_folder_member_created_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_folder_member_customer_id")),
        sa.ForeignKeyConstraint(["folder_id"], ["folder.id"], name=op.f("fk_folder_member_folder_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_folder_member_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_folder_member")),
    )
    with op.batch_alter_table("folder_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_folder_member_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_folder_member_folder_id"), ["folder_id"], unique=False)
        batch_op.create_index(
            "uq_folder_member_pair",
            ["folder_id", "customer_id"],
            unique=True,
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )

    op.create_table(
        "search_document",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("people", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_search_document_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_document")),
        sa.UniqueConstraint("customer_id", name=op.f("uq_search_document_customer_id")),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("redrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_stored_file_created_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_stored_file_customer_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_stored_file_owner_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_stored_file_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_file_sha256"), ["sha256"], unique=False)

    op.create_table(
        "tagging",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("tag_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_tagging_created_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_tagging_customer_id")),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_tagging_tag_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_tagging_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tagging")),
    )
    with op.batch_alter_table("tagging", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tagging_tag_id"), ["tag_id"], unique=False)
        batch_op.create_index(
            "uq_tagging_pair",
            ["customer_id", "tag_id"],
            unique=True,
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_fts")
    else:
        op.execute("DROP FUNCTION c360_refuse CASCADE")
    with op.batch_alter_table("tagging", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_tagging_pair",
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_tagging_tag_id"))

    op.drop_table("tagging")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_sha256"))
        batch_op.drop_index(batch_op.f("ix_stored_file_customer_id"))

    op.drop_table("stored_file")
    op.drop_table("search_document")
    with op.batch_alter_table("folder_member", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_folder_member_pair",
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_folder_member_folder_id"))
        batch_op.drop_index(batch_op.f("ix_folder_member_customer_id"))

    op.drop_table("folder_member")
    with op.batch_alter_table("external_reference", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_external_reference_pair",
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_external_reference_customer_id"))

    op.drop_table("external_reference")
    with op.batch_alter_table("employment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employment_contact_id"))
        batch_op.drop_index(batch_op.f("ix_employment_account_id"))

    op.drop_table("employment")
    with op.batch_alter_table("contact_person", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_contact_person_pair",
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_contact_person_contact_id"))

    op.drop_table("contact_person")
    with op.batch_alter_table("communication", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_communication_normalised"))
        batch_op.drop_index(batch_op.f("ix_communication_customer_id"))

    op.drop_table("communication")
    with op.batch_alter_table("bank_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bank_account_customer_id"))

    op.drop_table("bank_account")
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_address_customer_id"))

    op.drop_table("address")
    op.drop_table("view_preference")
    op.drop_table("user_role")
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_member_user_id"))

    op.drop_table("team_member")
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_index("ix_import_row_batch_verdict")

    op.drop_table("import_row")
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_customer_code",
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_customer_parent_id"))
        batch_op.drop_index(batch_op.f("ix_customer_merged_into_id"))
        batch_op.drop_index(
            "ix_customer_live_updated_at",
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_customer_live_status_id_sort_name",
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_customer_live_sort_name",
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_customer_live_segment_id_status_id_sort_name",
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_customer_live_responsible_id_sort_name",
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_customer_live_owner_id_sort_name",
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_customer_live_kind_updated_at",
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_customer_live_kind_sort_name",
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_customer_live_kind_phone",
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_customer_live_kind_email",
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_customer_live_kind_created_at",
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_customer_live_kind_city",
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_customer_live_created_at",
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_customer_live_channel_id_sort_name",
            sqlite_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_customer_employer_id"))

    op.drop_table("customer")
    with op.batch_alter_table("view", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_view_entity"))

    op.drop_table("view")
    op.drop_table("team")
    with op.batch_alter_table("tag", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_tag_shared",
            sqlite_where=sa.text("archived_at IS NULL AND visibility <> 'private'"),
            postgresql_where=sa.text("archived_at IS NULL AND visibility <> 'private'"),
        )
        batch_op.drop_index(
            "uq_tag_private",
            sqlite_where=sa.text("archived_at IS NULL AND visibility = 'private'"),
            postgresql_where=sa.text("archived_at IS NULL AND visibility = 'private'"),
        )

    op.drop_table("tag")
    op.drop_table("setting")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_user_id"))

    op.drop_table("session")
    op.drop_table("role")
    op.drop_table("one_time_link")
    op.drop_table("notification")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_user_id"))
        batch_op.drop_index(batch_op.f("ix_job_state"))
        batch_op.drop_index(batch_op.f("ix_job_kind"))
        batch_op.drop_index(batch_op.f("ix_job_created_at"))

    op.drop_table("job")
    op.drop_table("import_template")
    op.drop_table("import_batch")
    with op.batch_alter_table("folder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_folder_parent_id"))
        batch_op.drop_index(batch_op.f("ix_folder_entity"))

    op.drop_table("folder")
    with op.batch_alter_table("custom_field", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_custom_field_key",
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )

    op.drop_table("custom_field")
    with op.batch_alter_table("choice", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_choice_name",
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_choice_pick_list"))

    op.drop_table("choice")
    with op.batch_alter_table("change_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_row_set_id"))
        batch_op.drop_index(batch_op.f("ix_change_row_record_id"))
        batch_op.drop_index(batch_op.f("ix_change_row_customer_id"))

    op.drop_table("change_row")
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_user_login",
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )

    op.drop_table("user")
    with op.batch_alter_table("change_set", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_set_reverses_id"))
        batch_op.drop_index(batch_op.f("ix_change_set_cause_id"))
        batch_op.drop_index(batch_op.f("ix_change_set_at"))
        batch_op.drop_index(batch_op.f("ix_change_set_actor_id"))
        batch_op.drop_index(batch_op.f("ix_change_set_action"))

    op.drop_table("change_set")
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_log_record_id"))
        batch_op.drop_index(batch_op.f("ix_access_log_at"))
        batch_op.drop_index(batch_op.f("ix_access_log_actor_id"))

    op.drop_table("access_log")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION c360_fold")
        op.execute("DROP FUNCTION c360_json_length")
