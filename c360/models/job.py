"""Work for later, what it read and what it said: jobs, import batches, mapping templates, notifications, settings."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, col

from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.registry.entity import Entity, register
from c360.registry.kinds import Flag, Json, Moment, PersonalText, Text, Whole
from c360.registry.marks import SYSTEM_SET, OnErase, OnMerge, Options, Privacy, Target
from c360.registry.record import JSON_TYPE, Owned, Record, Table, UserId

Plain = Privacy.PLAIN
JOB_STATES = Options("job_state", ("queued", "running", "done", "failed", "cancelled"))


class Job(Table, table=True):
    """One piece of durable work; its id is the workflow's id, so starting it twice is harmless."""

    id: Annotated[UUID, Plain] = Field(default_factory=new_id, primary_key=True)
    kind: Annotated[str, Plain] = Field(max_length=60, index=True)
    arguments: Annotated[dict[str, Any], Plain] = Field(default_factory=dict, sa_type=JSON_TYPE)
    user_id: UserId | None = Field(default=None, foreign_key="user.id", index=True)
    state: Annotated[str, JOB_STATES, Plain] = Field(default="queued", max_length=20, index=True)
    cursor: Annotated[int, Plain] = Field(default=0)
    done: Annotated[int, Plain] = Field(default=0)
    total: Annotated[int, Plain] = Field(default=0)
    cancel_asked: Annotated[bool, Plain] = Field(default=False)
    result: Annotated[dict[str, Any] | None, Plain] = Field(default=None, sa_type=JSON_TYPE)
    error: Annotated[str | None, Plain] = None
    created_at: Annotated[datetime, Plain] = Field(default_factory=utc_now, index=True)
    started_at: Annotated[datetime | None, Plain] = None
    finished_at: Annotated[datetime | None, Plain] = None


class ImportRow(Table, table=True):
    """One row of a file: its verdict and, where a person must decide or mend, its cells in the original columns."""

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_batch_verdict", "batch_id", "verdict", "number"),)

    batch_id: Annotated[UUID, Plain] = Field(foreign_key="import_batch.id", primary_key=True)
    number: Annotated[int, Plain] = Field(primary_key=True)
    verdict: Annotated[str, Plain] = Field(max_length=20)
    reasons: Annotated[list[dict[str, Any]], Plain] = Field(default_factory=list, sa_type=JSON_TYPE)
    cells: Annotated[list[str] | None, Privacy.PERSONAL] = Field(default=None, sa_type=JSON_TYPE)
    record_id: Annotated[UUID | None, OnMerge.KEEP, Plain] = Field(default=None)


class ImportBatch(Owned, table=True):
    """One file on its way in: its mapping, its policy, its counts."""

    __tablename__ = "import_batch"

    entity: Text = Field(max_length=40, title="Into")
    file_name: PersonalText = Field(max_length=300, title="File")
    file_key: Annotated[str, SYSTEM_SET, Plain] = Field(default="", max_length=80)
    state: Annotated[Text, SYSTEM_SET] = Field(default="mapping", max_length=20, title="State")
    options: Json = Field(default_factory=dict, sa_type=JSON_TYPE)
    counts: Json = Field(default_factory=dict, sa_type=JSON_TYPE)
    job_id: Annotated[UUID | None, SYSTEM_SET, Plain] = Field(default=None)
    undone_at: Annotated[Moment | None, SYSTEM_SET] = Field(default=None, title="Undone")


class ImportTemplate(Owned, table=True):
    """A mapping of columns to fields, kept for the next file of the same shape."""

    __tablename__ = "import_template"

    entity: Text = Field(max_length=40, title="Into")
    name: Text = Field(max_length=200, title="Name")
    options: Json = Field(default_factory=dict, sa_type=JSON_TYPE)


class Notification(Owned, table=True):
    """Something a user should know; it leads somewhere."""

    message: Annotated[Text, SYSTEM_SET] = Field(max_length=200, title="Message")
    params: Json = Field(default_factory=dict, sa_type=JSON_TYPE)
    href: Text = Field(default="", max_length=300, title="Leads to")
    read_at: Annotated[Moment | None, SYSTEM_SET] = Field(default=None, title="Read")


class Setting(Record, table=True):
    """One setting an administrator keeps in the app; its value is JSON."""

    key: Text = Field(max_length=80, unique=True, title="Key")
    value: Json = Field(default_factory=dict, sa_type=JSON_TYPE)


class StoredFile(Owned, table=True):
    """A file kept under its content's digest, never under its name."""

    __tablename__ = "stored_file"

    name: PersonalText = Field(max_length=300, title="Name")
    sha256: Annotated[str, SYSTEM_SET, Plain] = Field(max_length=64, index=True)
    media_type: Annotated[Text, SYSTEM_SET] = Field(max_length=120, title="Type")
    size: Annotated[Whole, SYSTEM_SET] = Field(sa_type=BigInteger, title="Size")
    customer_id: Annotated[UUID | None, Target("customer"), OnMerge.MOVE, OnErase.DELETE, SYSTEM_SET, Plain] = Field(
        default=None, foreign_key="customer.id", index=True
    )
    redrawn: Annotated[Flag, SYSTEM_SET] = Field(default=False, title="Drawn anew")
    """Whether the picture was drawn anew by the app: such a one alone is shown inside a page."""


def _own(model: type[Owned]) -> Any:
    return lambda actor: col(model.owner_id) == actor.user_id


IMPORT_BATCH = register(
    Entity("import_batch", ImportBatch, "Import", "Imports", icon="upload", title=("file_name",),
           columns=("file_name", "entity", "state", "created_at", "owner_id"), sort="-created_at")
)  # fmt: skip
IMPORT_TEMPLATE = register(
    Entity("import_template", ImportTemplate, "Mapping", "Mappings", title=("name",), columns=("name", "entity"))
)
NOTIFICATION = register(
    Entity("notification", Notification, "Notification", "Notifications", icon="bell", title=("message",),
           columns=("message", "created_at"), scope=_own(Notification), sort="-created_at")
)  # fmt: skip
SETTING = register(Entity("setting", Setting, "Setting", "Settings", title=("key",), columns=("key",), sort="key"))
STORED_FILE = register(
    Entity("stored_file", StoredFile, "File", "Files", icon="file", title=("name",), columns=("name", "size"))
)
