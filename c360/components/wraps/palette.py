"""The command palette, opened by Ctrl/Cmd+K or the search box."""

from typing import Any, NotRequired, TypedDict

import reflex as rx
from reflex.event import passthrough_event_spec

from c360.components.wraps import i18n, shared

I18N = i18n.LIBRARY


class Action(TypedDict):
    """A command of every page: it opens a page or sends a browser event."""

    id: str
    label: str | rx.Var[str]
    group: str | rx.Var[str]
    keys: NotRequired[str]
    href: NotRequired[str]
    emit: NotRequired[str]


class CommandPalette(rx.NoSSRComponent):
    """Find a record (it asks ``/api/search`` itself) or run a command; ``actions`` are each an ``Action``.

    ``places`` are lists of views and folders to open. ``commands`` act on the ``scope`` that is open: the list hears
    them as the browser event ``c360:command``, a record through ``on_run``.
    """

    library = shared(__name__, "palette.jsx").importable_path
    tag = "CommandPalette"
    lib_dependencies: list[str] = ["cmdk@1.1.1"]

    actions: rx.Var[list[Any]]
    places: rx.Var[list[list[Any]]]
    scope: rx.Var[str]
    commands: rx.Var[list[str]]
    on_run: rx.EventHandler[passthrough_event_spec(str)]


command_palette = CommandPalette.create


def open_palette() -> rx.event.EventSpec:
    """Open the palette."""
    return rx.run_script("dispatchEvent(new CustomEvent('c360:palette'))")
