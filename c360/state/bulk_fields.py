"""What a dialog for many records offers: the fields that can be set, the reasons to choose from."""

from typing import TypedDict

from c360.services import listing
from c360.services.listing import ColumnInfo
from c360.services.uow import UnitOfWork

TYPED = ("text", "textarea", "email", "tel", "url", "number", "decimal", "percent", "money", "date")
"""Editors of plain text a dialog can show as an input."""


class FieldRow(TypedDict):
    """A field that can be set on many records."""

    name: str
    label: str
    widget: str
    target: str
    options: list[dict[str, str]]


def can_set(column: ColumnInfo) -> bool:
    """Tell whether a field can be set on many records at once."""
    known = (*TYPED, "picker", "options", "lookup", "country", "language", "pickers", "checks", "switch")
    return column.editable and column.widget in known and column.name != "name"


def row(column: ColumnInfo) -> FieldRow:
    """Return a field as the dialog offers it."""
    options = [{"value": one.id, "label": one.label, "color": one.color} for one in column.options]
    return {
        "name": column.name, "label": column.label, "widget": column.widget, "target": column.target,
        "options": options,
    }  # fmt: skip


def reasons(uow: UnitOfWork) -> list[dict[str, str]]:
    """Return the reasons for which a customer becomes inactive."""
    columns = listing.columns(uow, "customer")
    found = next((one for one in columns if one.name == "inactive_reason_id"), None)
    return [{"value": one.id, "label": one.label, "color": one.color} for one in found.options] if found else []
