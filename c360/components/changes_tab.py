"""The body of the Changes tab, given its values and handlers."""

from typing import Any

import reflex as rx

from c360.components.asof_view import asof_form, asof_view
from c360.components.change_list import change_list, day_field, picker, waiting
from c360.components.decided import decided
from c360.components.kit import E, button, empty_state, icon
from c360.components.wraps.i18n import tr


def changes_tab(state: Any) -> rx.Component:
    """Return the tab: time frame and field, the changes, the question before an undo and what became of it."""
    filters = E.form(
        picker(tr("history.field_name"), "name", state.fields, state.name, tr("history.all")),
        day_field(tr("history.since"), "since", state.since),
        day_field(tr("history.until"), "until", state.until),
        button(tr("history.show"), type="submit"),
        on_submit=state.narrow,
        class_name="change-filters",
        aria_label=tr("history.filters"),
    )
    question = rx.cond(
        state.asked != "",
        E.div(
            icon("undo-2", 15),
            E.div(tr("history.sure"), class_name="grow"),
            button(tr("history.undo.yes"), kind="pri", on_click=state.undo, auto_focus=True),
            button(tr("history.undo.no"), on_click=state.ask_undo("")),
            class_name="note info",
            role="alertdialog",
            aria_label=tr("history.sure"),
        ),
    )
    result = rx.cond(
        state.result != "", E.div(E.p(state.result), left_alone(state.left), class_name="note info", role="status")
    )
    nothing = empty_state("history", tr("history.none"), tr("history.none.text"))
    listed = change_list(
        state.entries, on_undo=state.ask_undo, on_restore=state.restore, on_tell=state.tell, opened=state.opened,
        told=decided(state.decided),
    )  # fmt: skip
    found = rx.cond(state.entries.length() > 0, listed, nothing)
    more = rx.cond(state.more, button(tr("history.more"), on_click=state.show_more))
    back = "/" + state.key + "/" + state.record + "/changes"
    body = rx.cond(
        state.at != "",
        asof_view(state.then, state.at, back),
        E.div(asof_form(state), filters, question, result, found, more, class_name="col"),
    )
    return E.section(
        rx.cond(state.ready, body, waiting()), class_name="card changes-page", aria_label=tr("history.title")
    )


def left_alone(left: Any) -> rx.Component:
    """Return the rows an undo left alone, each with why; nothing where there are none."""

    def one(item: Any) -> rx.Component:
        lines: Any = rx.foreach(
            item["lines"].to(list[dict[str, Any]]),
            lambda line: E.li(
                line["label"], ": ", tr("history.both", now=line["old"], former=line["new"]), key=line["field"].to(str)
            ),
        )
        return E.li(E.b(item["label"]), " – ", item["reason"], E.ul(lines), key=item["key"])

    return rx.cond(left.length() > 0, E.div(E.p(tr("history.left")), E.ul(rx.foreach(left, one))))
