"""The fields of a merge: a grid worked by mouse or by keyboard, a column a record, the outcome last."""

from typing import Any, TypedDict

import reflex as rx
from reflex.event import passthrough_event_spec

from c360.components.wraps import i18n, shared

I18N = i18n.LIBRARY


class Side(TypedDict):
    """A record that takes part."""

    id: str
    name: str
    initials: str
    hue: str
    square: bool


class MergeField(TypedDict):
    """A field: what each record holds (``cells``, in their order) and what each strategy would give (``results``).

    ``group`` is ``conflict``, ``filled`` (one record has a value) or ``equal``. ``editor`` says how the outcome is
    typed over, empty where it is not; ``locked`` is the sentence that says why nobody picks.
    """

    name: str
    label: str
    group: str
    cells: list[str]
    results: dict[str, str]
    editor: str
    options: list[dict[str, str]]
    locked: str


class MergeGrid(rx.NoSSRComponent):
    """Show what each record holds and what comes of it.

    ``picks`` tells by field ``of:<record id>``, ``by:<strategy>`` or ``typed:<text>``; so does ``on_pick``.
    """

    library = shared(__name__, "merge_grid.jsx").importable_path
    tag = "MergeGrid"

    records: rx.Var[list[Any]]
    survivor: rx.Var[str]
    fields: rx.Var[list[Any]]
    picks: rx.Var[dict[str, str]]

    on_pick: rx.EventHandler[passthrough_event_spec(str, str)]
    on_column: rx.EventHandler[passthrough_event_spec(str)]
    on_survivor: rx.EventHandler[passthrough_event_spec(str)]


merge_grid = MergeGrid.create
