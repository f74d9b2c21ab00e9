"""Relationships drawn: the chart, the tree and the slider of time, each a chunk of its own.

Positions live in the browser, facts on the server; a node is a ``graph.Node``, an edge a ``graph.Edge``.
"""

import json
from typing import Any, Literal

import reflex as rx
from reflex.event import passthrough_event_spec

from c360.components.wraps import i18n, shared, theme

I18N = i18n.LIBRARY
THEME = theme.THEME
PARTS = [shared(__name__, name) for name in ("layout.js", "panel.jsx", "panning.js", "parts.jsx", "picture.js")]
"""The files ``chart.jsx`` is made of."""


class Ties(rx.NoSSRComponent):
    """What can be done to customers and their ties, however they are drawn.

    ``on_relate`` gets one node and perhaps another, ``on_group`` nodes, the others the id of a node or of an edge.
    """

    on_open: rx.EventHandler[passthrough_event_spec(str)]
    on_expand: rx.EventHandler[passthrough_event_spec(str)]
    on_relate: rx.EventHandler[passthrough_event_spec(str, str)]
    on_edit: rx.EventHandler[passthrough_event_spec(str)]
    on_end: rx.EventHandler[passthrough_event_spec(str)]
    on_remove: rx.EventHandler[passthrough_event_spec(str)]
    on_group: rx.EventHandler[passthrough_event_spec(list[str])]


class RelationChart(Ties):
    """Draw customers and their ties; dragging from one node to another asks to tie them."""

    library = shared(__name__, "chart.jsx").importable_path
    tag = "RelationChart"
    lib_dependencies: list[str] = ["@xyflow/react@12.12.1", "@dagrejs/dagre@3.1.3", "d3-force@3.0.1"]

    nodes: rx.Var[list[Any]]
    edges: rx.Var[list[Any]]
    center: rx.Var[str]
    layout: rx.Var[Literal["network", "tree"]]


class RelationTree(Ties):
    """Show the same customers as a tree one walks with the arrow keys; ``branches`` are each a ``lines.Branch``."""

    library = shared(__name__, "tree.jsx").importable_path
    tag = "RelationTree"

    branches: rx.Var[list[Any]]


class TimeSlider(rx.NoSSRComponent):
    """Choose a month between the earliest day and today; gives its last day, nothing for now."""

    library = shared(__name__, "time.jsx").importable_path
    tag = "TimeSlider"

    earliest: rx.Var[str]
    day: rx.Var[str]
    on_day: rx.EventHandler[passthrough_event_spec(str)]


relation_chart = RelationChart.create
relation_tree = RelationTree.create
time_slider = TimeSlider.create


def chart_do(op: Literal["fit", "png", "svg"]) -> rx.event.EventSpec:
    """Tell the chart to show all of itself, or to save itself as a picture."""
    return rx.run_script(f"dispatchEvent(new CustomEvent('c360:chart', {{detail: {json.dumps(op)}}}))")
