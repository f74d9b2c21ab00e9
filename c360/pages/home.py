"""The first page: where the user's work is."""

import json
from typing import Any
from urllib.parse import quote

import reflex as rx

from c360.components.kit import E, badge, card, empty_state, icon, link_button, skeleton
from c360.components.wraps.i18n import ago, num, tr
from c360.pages.frame import LOADS, frame
from c360.pages.route import Route
from c360.state.home import HomeState
from c360.state.places import PlacesState

MINE = quote(json.dumps({"join": "all", "of": [{"field": "owner_id", "op": "is", "value": "@me"}]}))


def home() -> rx.Component:
    """Return the page."""
    state: Any = HomeState
    filled = E.div(
        E.div(
            _figure("user-round", tr("shell.contacts"), state.contacts, "/contacts"),
            _figure("building-2", tr("shell.accounts"), state.accounts, "/accounts"),
            _figure("circle-user-round", tr("home.mine"), state.mine, f"/customers?view=all&f={MINE}"),
            class_name="figures",
        ),
        E.div(
            card(E.ul(rx.foreach(state.recent, _recent), class_name="plain recent"), title=tr("home.recent")),
            _views(),
            class_name="g2",
        ),
        class_name="col gap12",
    )
    waiting = card(skeleton("40%", "80%", "60%", "70%"))
    body = rx.cond(state.loaded, rx.cond(state.recent.length() > 0, filled, _first()), waiting)
    return frame(E.div(body, class_name="page pad"), active="home", title=tr("shell.home"))


def _first() -> rx.Component:
    return card(
        empty_state(
            "users-round",
            tr("home.first.title"),
            tr("home.first.text"),
            rx.cond(
                HomeState.may_import,
                link_button(tr("home.first.import"), href="/imports", ic="file-up", kind="pri"),
            ),
            rx.cond(HomeState.may_add, link_button(tr("home.first.add"), href="/contacts/new", ic="plus")),
        )
    )


def _figure(ic: str, label: Any, value: Any, href: str) -> rx.Component:
    return rx.link(
        E.span(icon(ic, 16), class_name="ico"),
        E.span(E.span(label, class_name="mut"), E.b(num(value), class_name="num"), class_name="col"),
        href=href,
        underline="none",
        class_name="figure",
    )


def _recent(one: Any) -> rx.Component:
    return E.li(
        rx.link(
            icon("chevron-right", 12),
            E.span(one["name"], class_name="trunc grow"),
            badge(one["status"], one["color"]),
            E.span(ago(one["when"]), class_name="mut num when"),
            href=one["href"],
            underline="none",
            class_name="lst",
        )
    )


def _views() -> rx.Component:
    def line(one: Any) -> rx.Component:
        count = rx.cond(one["count"] >= 0, E.span(num(one["count"]), class_name="mut num"))
        return E.li(rx.link(badge(one["name"], one["color"]), E.span(class_name="grow"), count, href=one["href"],
                            underline="none", class_name="lst"))  # fmt: skip

    views: Any = PlacesState.views
    listed = E.ul(rx.foreach(views, line), class_name="plain")
    hint = E.p(tr("home.views.none"), class_name="mut")
    return card(rx.cond(views.length() > 0, listed, hint), title=tr("shell.views"))


ROUTES = [Route("/", home, "shell.home", [*LOADS, HomeState.load])]
