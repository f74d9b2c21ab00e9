"""Saved views and folders in the sidebar."""

from typing import Any

import reflex as rx

from c360.components.kit import E, icon
from c360.components.shell import LISTS
from c360.components.wraps.i18n import num, tr


def places(views: Any, folders: Any) -> rx.Component:
    """Return the lists of views and folders; nothing where there are none."""
    return E.div(
        rx.cond(views.length() > 0, _group(tr("shell.views"), rx.foreach(views, _view))),
        rx.cond(folders.length() > 0, _group(tr("shell.folders"), rx.foreach(folders, _folder))),
        class_name="places",
    )


def _group(title: Any, entries: rx.Component) -> rx.Component:
    return E.nav(E.div(title, class_name="lab", aria_hidden=True), entries, aria_label=title, class_name="col navs")


def _count(place: Any) -> rx.Component:
    more = rx.cond(place["exact"], "", "+")
    return rx.cond(place["count"] >= 0, E.span(num(place["count"]), more, class_name="cnt num"))


def _star(place: Any) -> rx.Component:
    return rx.cond(place["star"], E.span(icon("star", 11), class_name="star-on"))


def view_mark(place: Any) -> rx.Component:
    """Return the sign of the list a view is of, in the view's colour: views of two lists may have one name."""
    marks = [(key, E.span(icon(ic), title=tr(label))) for key, label, _, ic in LISTS]
    return E.span(
        rx.match(place["entity"], *marks, icon("list")), class_name="mark", style={"--d": f"var(--{place['color']}-9)"}
    )


def _view(place: Any) -> rx.Component:
    name = E.span(place["name"], class_name="trunc")
    return rx.link(
        view_mark(place), name, _star(place), _count(place), href=place["href"], underline="none", class_name="nav"
    )


def _folder(place: Any) -> rx.Component:
    mark = rx.cond(place["mode"] == "dynamic", icon("folder-cog", 14), icon("folder", 14))
    name = E.span(place["name"], class_name="trunc")
    indent = {"paddingLeft": f"calc(8px + {place['depth']} * 14px)"}
    return rx.link(
        mark, name, _star(place), _count(place), href=place["href"], underline="none", class_name="nav", style=indent
    )
