"""A profile as it stood on a day: a banner that says so, its fields, and the rows that hung on it. Nothing to press."""

from typing import Any

import reflex as rx

from c360.components.change_list import day_field
from c360.components.kit import E, button, card, icon, key_value, link_button
from c360.components.wraps.i18n import day, tr
from c360.services.asof import Item, Said, Shelf


def asof_form(state: Any) -> rx.Component:
    """Return the question for which day the profile shall be shown."""
    return E.form(
        day_field(tr("asof.day"), "at", state.at),
        button(tr("asof.show"), type="submit", ic="history"),
        rx.cond(state.unborn != "", E.p(state.unborn, class_name="mut", role="alert")),
        on_submit=state.look_back,
        class_name="change-filters",
        aria_label=tr("asof.day"),
    )


def asof_view(then: Any, at: Any, back: Any) -> rx.Component:
    """Return the profile as it stood; ``back`` is the address of the changes."""
    banner = E.div(
        icon("history", 15),
        E.div(
            E.b(tr("asof.banner", name=then.name, when=day(at))),
            " ",
            tr("asof.read_only"),
            rx.cond(then.emptied, E.p(tr("asof.emptied"))),
            class_name="grow",
        ),
        link_button(tr("asof.back"), href=back),
        class_name="note info",
        role="status",
    )
    facts = E.dl(rx.foreach(then.facts, _said), class_name="facts")
    shelves: Any = rx.foreach(then.shelves, _shelf)
    return E.div(banner, card(facts, title=tr("asof.fields")), shelves, class_name="col gap12")


def _said(one: Said) -> rx.Component:
    return key_value(one.label, one.text)


def _shelf(shelf: Shelf) -> rx.Component:
    def item(one: Item) -> rx.Component:
        return E.li(E.dl(rx.foreach(one.fields, _said), class_name="facts"), class_name="change", key=one.id)

    more = rx.cond(shelf.more > 0, E.p(tr("history.rest", n=shelf.more), class_name="mut"))
    return card(E.ol(rx.foreach(shelf.rows, item), class_name="changes"), more, title=shelf.label)
