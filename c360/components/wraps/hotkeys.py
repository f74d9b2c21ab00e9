"""Keyboard shortcuts of a page."""

from typing import Any, NotRequired, TypedDict

import reflex as rx
from reflex.event import passthrough_event_spec

from c360.components.wraps import i18n, shared

I18N = i18n.LIBRARY


class Hotkey(TypedDict):
    """A shortcut: it opens a page, focuses an element, sends a browser event, or calls the handler with its id.

    Those with a label stand in the help that "?" opens.
    """

    id: str
    keys: str
    label: NotRequired[str | rx.Var[str]]
    href: NotRequired[str]
    focus: NotRequired[str]
    emit: NotRequired[str]


class Hotkeys(rx.NoSSRComponent):
    """Listen for shortcuts; those typed into a field are left to it."""

    library = shared(__name__, "hotkeys.jsx").importable_path
    tag = "Hotkeys"

    keys: rx.Var[list[Any]]
    on_hotkey: rx.EventHandler[passthrough_event_spec(str)]


hotkeys = Hotkeys.create
