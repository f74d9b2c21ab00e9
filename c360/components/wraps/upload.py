"""A place to drop a file for an import, and a clock that asks how far it is."""

import reflex as rx
from reflex.event import no_args_event_spec, passthrough_event_spec

from c360.components.wraps import shared

LIBRARY = shared(__name__, "upload.jsx").importable_path


class FileDrop(rx.NoSSRComponent):
    """Send a file to our own route with its progress; the handler gets the new import's id."""

    library = LIBRARY
    tag = "FileDrop"

    entity: rx.Var[str]
    on_uploaded: rx.EventHandler[passthrough_event_spec(str)]


class Ticker(rx.NoSSRComponent):
    """Call a handler every so many milliseconds while it is on the page and the page is seen."""

    library = LIBRARY
    tag = "Ticker"

    every: rx.Var[int]
    on_tick: rx.EventHandler[no_args_event_spec]


file_drop = FileDrop.create
ticker = Ticker.create
