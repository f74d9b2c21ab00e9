"""The first page: where the user's work is."""

import json
from typing import Any
from urllib.parse import quote

import reflex as rx

from c360.components.kit import E, badge, button, card, empty_state, icon, link_button, skeleton
from c360.components.places import view_mark
from c360.components.tour import tour
from c360.components.wraps.i18n import ago, num, tr
from c360.pages.frame import LOADS, frame
from c360.pages.route import Route
from c360.state.demo import DemoState
from c360.state.home import HomeState
from c360.state.places import PlacesState
from c360.state.tour import TourState

LOAD = "demo.load"
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
        tour(TourState.steps),
        E.div(
            card(E.ul(rx.foreach(state.recent, _recent), class_name="plain recent"), title=tr("home.recent")),
            _views(),
            class_name="g2",
        ),
        _made_up(),
        class_name="col gap12",
    )
    waiting = card(skeleton("40%", "80%", "60%", "70%"))
    body = rx.cond(state.loaded, rx.cond(state.recent.length() > 0, filled, _first()), waiting)
    return frame(E.div(body, _sure(), class_name="page pad"), active="home", title=tr("shell.home"))


def _first() -> rx.Component:
    demo: Any = DemoState
    busy = E.div(
        empty_state("users-round", rx.cond(demo.busy == LOAD, tr("home.demo.loading"), tr("home.demo.removing")),
                    tr("home.demo.waiting")),
        _progress(),
        class_name="col",
        aria_busy=True,
    )  # fmt: skip
    load = button(tr("home.demo.load"), ic="sparkles", kind="pri", on_click=demo.load)
    offer = empty_state(
        "users-round",
        tr("home.first.title"),
        rx.cond(demo.may, tr("home.first.demo_text"), tr("home.first.text")),
        rx.cond(demo.may, rx.cond(demo.there, _rid(), load)),
        rx.cond(HomeState.may_import, link_button(tr("home.first.import"), href="/imports", ic="file-up")),
        rx.cond(HomeState.may_add, link_button(tr("home.first.add"), href="/contacts/new", ic="plus")),
    )
    return card(rx.cond(demo.busy != "", busy, offer))


def _progress() -> rx.Component:
    """Return how far the demo is; a removal, one step, only says that it goes on."""
    demo: Any = DemoState
    label = rx.cond(demo.busy == LOAD, tr("home.demo.loading"), tr("home.demo.removing"))
    bar = rx.cond(
        demo.percent > 0, E.progress(value=demo.percent.to(str), max="100", aria_label=label),
        E.progress(aria_label=label),
    )  # fmt: skip
    told = rx.cond(demo.percent > 0, E.span(num(demo.percent), " %", class_name="mut num"))
    return E.div(bar, told, class_name="row gap8 demo-progress")


def _rid() -> rx.Component:
    demo: Any = DemoState
    return button(tr("home.demo.remove"), ic="trash-2", on_click=demo.ask(True))


def _made_up() -> rx.Component:
    """Return what says that these customers are made up, and the way to be rid of them."""
    demo: Any = DemoState
    way = rx.cond(demo.busy != "", _progress(), _rid())
    said = rx.cond(demo.busy == LOAD, tr("home.demo.loading"), tr("home.demo.there"))
    note = E.div(
        icon("sparkles", 15), E.div(said, class_name="grow"), way, class_name="note info demo-note", role="note"
    )
    return rx.cond(demo.may & (demo.there | (demo.busy != "")), note)


def _sure() -> rx.Component:
    demo: Any = DemoState
    return rx.alert_dialog.root(
        rx.alert_dialog.content(
            rx.alert_dialog.title(tr("home.demo.sure"), size="3"),
            rx.alert_dialog.description(tr("home.demo.sure.text"), size="2"),
            E.div(
                button(tr("form.cancel"), on_click=demo.ask(False), auto_focus=True),
                button(tr("home.demo.remove"), kind="red", on_click=demo.remove),
                class_name="row end dialog-end",
            ),
            max_width="460px",
        ),
        open=demo.sure,
        on_open_change=demo.ask,
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
            rx.cond(one["square"], icon("building-2"), icon("user-round")),
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
        name = E.span(one["name"], class_name="trunc grow")
        return E.li(rx.link(view_mark(one), name, count, href=one["href"], underline="none", class_name="lst"))

    views: Any = PlacesState.views
    listed = E.ul(rx.foreach(views, line), class_name="plain")
    hint = E.p(tr("home.views.none"), class_name="mut")
    return card(rx.cond(views.length() > 0, listed, hint), title=tr("shell.views"))


ROUTES = [Route("/", home, "shell.home", [*LOADS, HomeState.load, DemoState.look, TourState.look])]
