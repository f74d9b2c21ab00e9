"""Charts drawn by plotly: only its bars, lines and pies, in a chunk that is loaded when a chart is shown."""

from typing import Any

import reflex as rx
from reflex.event import passthrough_event_spec

from c360.components.wraps import shared, theme

THEME = theme.THEME


class Plot(rx.NoSSRComponent):
    """Draw traces (``reporting.figures``); ``label`` says what a reader who sees no picture is told.

    ``on_pick`` gets what the trace keeps beside the point that was clicked: two texts.
    """

    library = shared(__name__, "plot.jsx").importable_path
    tag = "Plot"
    lib_dependencies: list[str] = ["plotly.js-basic-dist-min@3.7.0"]

    data: rx.Var[list[Any]]
    layout: rx.Var[dict[str, Any]]
    height: rx.Var[int]
    label: rx.Var[str]
    on_pick: rx.EventHandler[passthrough_event_spec(str, str)]


plot = Plot.create
