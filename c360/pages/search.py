"""The page of everything a search finds."""

from typing import Any

import reflex as rx

from c360.components.kit import E, button, card, empty_state, icon
from c360.components.wraps.i18n import tr
from c360.pages.frame import LOADS, frame
from c360.pages.route import Route
from c360.state.palette import SearchState


def search() -> rx.Component:
    """Return the page."""
    state: Any = SearchState
    form = E.form(
        E.input(
            id="search-words",
            name="q",
            class_name="inp",
            type="search",
            default_value=state.words,
            key=state.words,
            placeholder=tr("search.placeholder"),
            aria_label=tr("search.placeholder"),
        ),
        button(tr("shell.find"), ic="search", kind="pri", type="submit"),
        on_submit=state.look,
        class_name="row",
        role="search",
    )
    found = card(
        E.ul(rx.foreach(state.hits, _hit), class_name="plain"), title=tr("search.found", n=state.hits.length())
    )
    nothing = rx.cond(
        state.searched,
        card(empty_state("search-x", tr("palette.none"), tr("search.none", words=state.words))),
    )
    body = rx.cond(state.hits.length() > 0, found, nothing)
    return frame(E.div(form, body, class_name="page pad col gap12"), active="search", title=tr("shell.find"))


def _hit(one: Any) -> rx.Component:
    mark = rx.cond(one["account"], icon("building-2", 14), icon("user-round", 14))
    return E.li(
        rx.link(
            mark,
            E.span(one["label"], class_name="trunc"),
            E.span(one["sub"], class_name="mut trunc grow"),
            href=one["href"],
            underline="none",
            class_name="lst",
        )
    )


ROUTES = [Route("/search", search, "shell.find", [*LOADS, SearchState.load])]
