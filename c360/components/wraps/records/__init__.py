"""The list of an entity: views, filters, table and selection in one client component.

It asks ``/api/grid`` for rows by itself; what a person decides comes here as one event each.
"""

import json
from typing import Any, Literal, TypedDict

import reflex as rx
from reflex.event import passthrough_event_spec

from c360.components.wraps import i18n, shared
from c360.components.wraps.eager import EagerClient

I18N = i18n.LIBRARY
PARTS = [
    shared(__name__, name)
    for name in (
        "api.js", "builder.jsx", "cells.jsx", "criteria.js", "editors.jsx", "grid.jsx", "icons.jsx", "panels.jsx",
        "query.js", "quick_filters.jsx", "selection_bar.jsx", "value_input.jsx", "view_tabs.jsx",
    )
]  # fmt: skip
"""The files ``record_list.jsx`` and ``criteria_field.jsx`` are made of."""


class ViewRow(TypedDict):
    """A saved view as the list shows it."""

    id: str
    name: str
    color: str
    query: dict[str, Any]
    mine: bool
    sharing: str
    is_default: bool
    is_favourite: bool


class RecordList(EagerClient):
    """Show the records of an entity; ``acts`` names what may be done to a selection, ``fresh`` asks for rows anew.

    ``on_edit`` gets id, field, the text typed and what the cell showed; ``on_bulk`` an act, the selection and its
    size; ``on_view`` an act, the id of the view (empty for the built-in one) and the state of the list.
    """

    library = shared(__name__, "record_list.jsx").importable_path
    tag = "RecordList"
    lib_dependencies: list[str] = [
        "ag-grid-react@36.2.0",
        "ag-grid-community@36.2.0",
        "@ag-grid-community/locale@36.2.0",
    ]

    ready: rx.Var[bool]
    entity: rx.Var[str]
    path: rx.Var[str]
    views: rx.Var[list[Any]]
    folders: rx.Var[list[Any]]
    fallback: rx.Var[str]
    acts: rx.Var[list[str]]
    may_add: rx.Var[bool]
    may_import: rx.Var[bool]
    currency: rx.Var[str]
    fresh: rx.Var[int]

    on_peek: rx.EventHandler[passthrough_event_spec(str)]
    on_edit: rx.EventHandler[passthrough_event_spec(str, str, str, str)]
    on_bulk: rx.EventHandler[passthrough_event_spec(str, dict[str, Any], int)]
    on_view: rx.EventHandler[passthrough_event_spec(str, str, dict[str, Any])]
    on_folder: rx.EventHandler[passthrough_event_spec(str, str, dict[str, Any])]


record_list = RecordList.create


class CriteriaField(rx.NoSSRComponent):
    """Build a filter of records; ``name`` goes with the form as JSON, fields in ``without`` are not offered.

    ``on_pause`` gets the criteria, half-typed ones too, when the person stops for a moment.
    """

    library = shared(__name__, "criteria_field.jsx").importable_path
    tag = "CriteriaField"
    _is_form_control = True

    name: rx.Var[str]
    entity: rx.Var[str]
    value: rx.Var[dict[str, Any]]
    without: rx.Var[list[str]]

    on_pause: rx.EventHandler[passthrough_event_spec(dict[str, Any])]


criteria_field = CriteriaField.create


def grid_do(op: Literal["refresh", "clear", "restore", "focus"], **detail: Any) -> rx.event.EventSpec:
    """Tell the table to load anew, to drop its selection, to take back a cell, or to take the focus."""
    message = json.dumps({"op": op, **detail})
    return rx.run_script(f"dispatchEvent(new CustomEvent('c360:grid', {{detail: {message}}}))")
