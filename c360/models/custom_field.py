"""Fields an administrator adds to an entity."""

from typing import Annotated, Any

from sqlmodel import Field

from c360.registry.entity import Entity, register
from c360.registry.kinds import JSON, Flag, LongText, Text, Whole
from c360.registry.marks import SYSTEM_SET, Options, Privacy
from c360.registry.record import JSON_TYPE, Record, unique_index

CUSTOM_KINDS = (
    "text", "long_text", "number", "integer", "money", "percent", "date", "choice", "choices", "boolean", "reference",
    "file", "email", "phone", "url",
)  # fmt: skip


class CustomField(Record, table=True):
    """A field an administrator added; its values live in the record's ``custom`` JSON under ``key``."""

    __tablename__ = "custom_field"

    entity: Annotated[Text, Options("custom_entity", ("contact", "account"))] = Field(max_length=40, title="For")
    key: Annotated[Text, SYSTEM_SET] = Field(default="", max_length=60, title="Key")
    label: Text = Field(max_length=200, title="Label")
    help: LongText | None = Field(default=None, title="Help")
    kind: Annotated[Text, Options("custom_kind", CUSTOM_KINDS)] = Field(max_length=20, title="Kind")
    position: Whole = Field(default=0, title="Order")
    required: Flag = Field(default=False, title="Required")
    is_unique: Flag = Field(default=False, title="Unique")
    default: Text | None = Field(default=None, max_length=500, title="Default")
    choices: Annotated[list[dict[str, Any]], JSON, SYSTEM_SET, Privacy.PLAIN] = Field(
        default_factory=list, sa_type=JSON_TYPE, title="Choices"
    )
    target: Annotated[Text | None, Options("custom_target", ("contact", "account", "user"))] = Field(
        default=None, max_length=40, title="Points at"
    )
    privacy: Annotated[Text, Options("privacy", ("plain", "personal", "sensitive"))] = Field(
        default="personal", max_length=20, title="Holds"
    )
    in_list: Flag = Field(default=True, title="In lists")
    in_form: Flag = Field(default=True, title="In forms")
    in_import: Flag = Field(default=True, title="In import and export")
    in_merge: Flag = Field(default=True, title="In merge")
    in_history: Flag = Field(default=True, title="In history")

    __table_args__ = (unique_index("uq_custom_field_key", "entity", "key"),)
    """A key means one live field of an entity."""


CUSTOM_FIELD = register(
    Entity("custom_field", CustomField, "Custom field", "Custom fields", icon="text-cursor-input", title=("label",),
           columns=("label", "entity", "kind", "required", "in_list", "in_form"), sort="position")
)  # fmt: skip
