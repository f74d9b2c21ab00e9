"""The overview of administration: what can be set, in a sentence each."""

from typing import Any

import reflex as rx

from c360.components.kit import E, icon
from c360.components.wraps.i18n import tr
from c360.pages.admin.places import PLACES, admin_page
from c360.pages.frame import LOADS
from c360.pages.route import Route
from c360.state.admin_settings import General

STATE: Any = General


def _place(key: str, href: str, ic: str) -> rx.Component:
    return rx.link(
        E.span(icon(ic, 18), class_name="ico"),
        E.span(tr(f"admin.{key}"), class_name="h2"),
        E.span(tr(f"admin.{key}.text"), class_name="mut"),
        href=href,
        underline="none",
        class_name="card adm-tile",
    )


def overview() -> rx.Component:
    """Return the page."""
    tiles = E.div(*[_place(*place) for place in PLACES if place[0] != "overview"], class_name="adm-tiles")
    return admin_page(STATE, "overview", tiles)


ROUTES = [Route("/admin", overview, "admin.overview", [*LOADS, STATE.load])]
