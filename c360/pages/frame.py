"""The frame wired to its state: what every page but sign-in stands in."""

from typing import Any, Literal

import reflex as rx

from c360.components.kit import E
from c360.components.places import places
from c360.components.shell import shell, user_items, user_menu
from c360.components.wraps.hotkeys import Hotkey, hotkeys
from c360.components.wraps.i18n import tr
from c360.components.wraps.palette import Action, command_palette
from c360.state.places import PlacesState
from c360.state.shell import ShellState

PLACES = (
    ("home", "shell.home", "/", "g h"),
    ("day", "shell.day", "/day", "g d"),
    ("contacts", "shell.contacts", "/contacts", "g c"),
    ("accounts", "shell.accounts", "/accounts", "g a"),
    ("customers", "shell.customers", "/customers", "g u"),
    ("activities", "shell.activities", "/activities", "g v"),
    ("duplicates", "duplicates.title", "/duplicates", "g x"),
    ("imports", "shell.imports", "/imports", "g i"),
    ("audit", "shell.audit", "/audit", "g j"),
)
LOADS: list[Any] = [ShellState.load, PlacesState.load]
"""What every framed page runs before its own ``on_load`` handlers."""


def frame(
    *body: rx.Component,
    active: str,
    title: Any,
    top: tuple[rx.Component, ...] = (),
    actions: tuple[Action, ...] = (),
    shortcuts: tuple[Hotkey, ...] = (),
    scope: Literal["", "list", "record"] = "",
    on_shortcut: Any = None,
    commands: Any = None,
    on_command: Any = None,
) -> rx.Component:
    """Return a page in its frame.

    ``title`` is text, a Var or a component (a breadcrumb); ``top`` stands beside it. ``actions`` are further pages for
    the palette, ``commands`` what it does to the list or record that is open (its ``scope``), ``shortcuts`` the page's
    keys, ``on_shortcut`` what those without a target call. Add ``LOADS`` to the route's ``on_load``.
    """
    told: dict[str, Any] = {"on_run": on_command} if on_command is not None else {}
    return shell(
        *body,
        active=active,
        title=title,
        top=top,
        may=ShellState.may,
        views=places(PlacesState.views, PlacesState.folders),
        user=user_menu(ShellState.name, ShellState.initials, *user_items(ShellState.speak, ShellState.sign_out)),
        more=user_items(ShellState.speak, ShellState.sign_out),
        extras=(
            hotkeys(keys=[*_places(), *shortcuts], **({"on_hotkey": on_shortcut} if on_shortcut else {})),
            command_palette(
                actions=[*_commands(), *actions],
                places=[PlacesState.views, PlacesState.folders],
                scope=scope,
                commands=[] if commands is None else commands,
                **told,
            ),
        ),
    )


def _places() -> list[Hotkey]:
    known: list[Hotkey] = [
        {"id": key, "keys": pressed, "href": href, "label": tr(label)} for key, label, href, pressed in PLACES
    ]
    return [
        *known,
        {"id": "new", "keys": "c", "href": "/contacts/new", "label": tr("home.first.add")},
        {"id": "find", "keys": "/", "emit": "c360:palette", "label": tr("shell.search")},
        {"id": "shortcuts", "keys": "?", "emit": "c360:shortcuts", "label": tr("shell.shortcuts")},
    ]


def _commands() -> list[Any]:
    group = tr("palette.go")
    return [
        {"id": key, "label": tr(label), "group": group, "keys": pressed, "href": href}
        for key, label, href, pressed in PLACES
    ]


def centred(*body: rx.Component, title: Any) -> rx.Component:
    """Return a plain page without the frame: sign-in, set-up, errors."""
    return E.main(
        E.div(
            E.img(src="/logo.svg", alt="", width="36", height="36"),
            E.h1(title, class_name="h1"),
            *body,
            class_name="sheet",
        ),
        class_name="plain",
        id="main",
    )
