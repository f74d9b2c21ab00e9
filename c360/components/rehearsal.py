"""The dialog that shows what merge rules make of groups that were decided or still wait."""

from typing import Any

import reflex as rx

from c360.components.kit import E, button, empty_state, icon, tag
from c360.components.wraps.i18n import day, tr
from c360.services.merging.rehearsing import Case, Rehearsed


def rehearsal(state: Any) -> rx.Component:
    """Return the dialog, given a state that rehearses; nothing in it can be changed."""
    agree = E.p(tr("rehearsal.same", same=state.same, n=state.decided), class_name="mut")
    none = empty_state(
        "flask-conical",
        rx.cond(state.looked > 0, tr("rehearsal.equal", n=state.looked), tr("rehearsal.none")),
        tr("rehearsal.none.text"),
    )
    shown = E.div(
        rx.cond(state.decided > 0, agree),
        rx.cond(state.cases.length() > 0, E.ul(rx.foreach(state.cases, _case), class_name="plain col gap12"), none),
        class_name="col gap12 rehearsal",
    )
    end = E.div(button(tr("rehearsal.close"), on_click=state.end_rehearsal(False)), class_name="row end dialog-end")
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(tr("rehearsal.title"), size="3"),
            rx.dialog.description(tr("rehearsal.lead"), class_name="mut"),
            shown,
            end,
            size="2",
            max_width="860px",
        ),
        open=state.rehearsal,
        on_open_change=state.end_rehearsal,
    )


def rehearse_button(on_click: Any) -> rx.Component:
    """Return the button that tries the rules."""
    return button(tr("rehearsal.try"), ic="flask-conical", on_click=on_click)


def _case(case: Case, at: Any) -> rx.Component:
    heads = [E.th(tr(f"rehearsal.{name}"), scope="col") for name in ("field", "said", "made", "kept")]
    table = E.table(
        E.thead(E.tr(*heads)),
        E.tbody(rx.foreach(case.fields, lambda one, n: _line(one, n, case.at != ""))),
        class_name="plain-table",
    )
    when = rx.cond(case.at != "", E.span(tr("rehearsal.merged"), " ", day(case.at), class_name="mut"),
                   tag(tr("rehearsal.open"), "amber"))  # fmt: skip
    name = E.b(case.name, class_name="mname")
    head = E.div(
        rx.link(name, href=case.href),
        E.span(case.others, class_name="mut mname"),
        when,
        class_name="row wrap gap8",
    )
    wide = E.div(table, class_name="wide", tab_index=0, role="region", aria_label=case.name)
    return E.li(head, wide, key=at.to_string())


def _line(one: Rehearsed, at: Any, decided: Any) -> rx.Component:
    said: Any = rx.foreach(one.said, lambda told, n: E.li(told, key=n.to_string()))
    mark = rx.cond(
        one.same,
        E.span(icon("check", 13), E.span(tr("rehearsal.alike"), class_name="sr"), class_name="ok"),
        E.span(icon("equal-not", 13), E.span(tr("rehearsal.differs"), class_name="sr"), class_name="off"),
    )
    kept = rx.cond(decided, E.span(mark, one.kept, class_name="reh-kept"), E.span("–", class_name="dim"))
    return E.tr(
        E.th(one.label, E.div(one.rule, class_name="mut"), scope="row"),
        E.td(E.ul(said, class_name="plain")),
        E.td(E.b(one.made)),
        E.td(kept),
        key=at.to_string(),
    )
