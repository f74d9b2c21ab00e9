"""The body of the Consents tab: the switch, the matrix, and under it the cell that is open."""

from typing import Any

import reflex as rx

from c360.components.change_list import waiting
from c360.components.consent_form import consent_form
from c360.components.kit import E, button, card, empty_state, icon, link_button, tag
from c360.components.wraps.i18n import day, moment, tr
from c360.services.consents.matrix import Cell, Line, Place, Told

ICONS = {"yes": "check", "no": "x", "pending": "hourglass", "expired": "timer-off", "shut": "ban", "none": "minus"}
COLOURS = {"yes": "green", "no": "red", "pending": "amber", "expired": "amber", "shut": "gray", "none": "gray"}


def consents_tab(state: Any) -> rx.Component:
    """Return the tab, given its values and handlers."""
    nothing = empty_state("shield-check", tr("consent.none"), tr("consent.none.text"))
    table = rx.cond(state.matrix.lines.length() > 0, _matrix(state), nothing)
    body = E.div(_switch(state), card(table, title=tr("consent.title")), _detail(state), class_name="col gap12")
    return E.section(rx.cond(state.ready, body, waiting()), class_name="consents", aria_label=tr("consent.title"))


def _switch(state: Any) -> rx.Component:
    found = state.matrix
    told = rx.cond(
        found.waiting,
        tr("consent.switch.waiting", when=day(found.promoted_since)),
        rx.cond(
            found.promoted_since != "",
            rx.cond(
                found.promoted,
                tr("consent.switch.since", when=day(found.promoted_since)),
                tr("consent.switch.off", when=day(found.promoted_since)),
            ),
            tr("consent.switch.never"),
        ),
    )
    control = rx.switch(
        checked=found.promoted,
        on_change=state.switch,
        disabled=~found.may_edit,
        custom_attrs={"aria-label": tr("consent.switch")},
    )
    sure = E.div(
        icon("triangle-alert", 15),
        E.div(tr("consent.all.sure"), class_name="grow"),
        button(tr("consent.all.yes"), kind="red", on_click=state.withdraw_all, auto_focus=True),
        button(tr("form.cancel"), on_click=state.ask_all(False)),
        class_name="note",
        role="alertdialog",
        aria_label=tr("consent.all.sure"),
    )
    return E.div(
        E.div(
            control,
            E.div(E.b(tr("consent.switch")), E.div(told, class_name="mut"), class_name="grow"),
            rx.cond(
                found.may_edit,
                rx.fragment(
                    button(tr("preferences.link"), ic="link", on_click=state.make_link("")),
                    button(tr("consent.all"), ic="shield-off", on_click=state.ask_all(True)),
                ),
            ),
            class_name="row wrap gap12",
        ),
        rx.cond(state.sure, sure),
        rx.cond(state.link != "", _link(state)),
        class_name="card col gap12",
    )


def _link(state: Any) -> rx.Component:
    told = rx.cond(state.confirms, tr("preferences.confirm_link.text", n=7), tr("preferences.link.text", n=90))
    copied = [rx.set_clipboard(state.link), rx.toast.success(tr("preferences.copied"))]
    return E.div(
        E.div(told, E.div(state.link, class_name="secret"), class_name="col grow gap8"),
        button(tr("preferences.copy"), ic="copy", on_click=copied, auto_focus=True),
        button(ic="x", kind="gh", aria=tr("consent.close"), on_click=state.hide_link),
        class_name="note info",
        role="status",
    )


def _matrix(state: Any) -> rx.Component:
    heads: Any = rx.foreach(state.matrix.media, lambda pair: E.th(pair[1], scope="col", key=pair[0]))
    rows: Any = rx.foreach(state.matrix.lines, lambda line: _line(line, state))
    head = E.thead(E.tr(E.th(tr("consent.purpose"), scope="col"), heads))
    return E.div(E.table(head, E.tbody(rows), class_name="matrix"), class_name="scroll", tab_index=0, role="region",
                 aria_label=tr("consent.title"))  # fmt: skip


def _line(line: Line, state: Any) -> rx.Component:
    about = E.div(E.div(line.name, class_name="lt"), tag(line.nature), class_name="col")
    cells: Any = rx.foreach(line.cells, lambda cell: _cell(line, cell, state))
    return E.tr(E.th(about, scope="row", title=line.about), cells, key=line.id)


def _cell(line: Line, cell: Cell, state: Any) -> rx.Component:
    chosen = (state.detail.purpose_id == line.id) & (state.detail.medium == cell.medium)
    shown = E.button(
        mark(cell.state),
        rx.cond(cell.since != "", E.span(day(cell.since), class_name="num mut")),
        rx.cond(cell.before != "", E.span(icon("history", 12), class_name="was", title=cell.before)),
        rx.foreach(cell.parties, lambda party: E.span(party, class_name="mut party", key=party)),
        type="button",
        class_name="mcell",
        title=cell.why,
        on_click=state.open_cell(line.id, cell.medium),
        aria_label=tr(
            "consent.cell",
            purpose=line.name,
            medium=cell.label,
            state=tr("consent.state." + cell.state.to(str)),  # pyright: ignore[reportAttributeAccessIssue]
        ),
        aria_expanded=chosen,
    )
    return E.td(rx.cond(cell.state == "off", E.span("–", class_name="dim"), shown), key=cell.medium)


def mark(state: Any) -> rx.Component:
    """Return the word and the symbol of a state."""
    symbol: Any = rx.match(state, *[(key, icon(name, 13)) for key, name in ICONS.items()], icon("minus", 13))
    color: Any = rx.match(state, *[(key, f"var(--{name}-a3)") for key, name in COLOURS.items()], "transparent")
    return E.span(symbol, tr("consent.state." + state.to(str)), class_name="state", style={"background": color})


def _detail(state: Any) -> rx.Component:
    found = state.detail
    acts = [
        button(tr("consent.record.given"), ic="check", on_click=state.ask_for("given"), auto_focus=True),
        rx.cond(
            (found.state == "yes") | (found.state == "expired"),
            button(tr("consent.record.renewed"), ic="rotate-cw", on_click=state.ask_for("renewed")),
        ),
        button(tr("consent.record.refused"), ic="x", on_click=state.ask_for("refused")),
        button(tr("consent.record.withdrawn"), ic="undo-2", on_click=state.ask_for("withdrawn")),
        button(tr("consent.record.objected"), ic="hand", on_click=state.ask_for("objected")),
    ]
    can = state.matrix.may_edit & (found.state != "shut") & (state.asked == "")
    told: Any = rx.foreach(found.history, _told)
    places: Any = rx.foreach(found.places, _place)
    body = card(
        E.div(mark(found.state), E.span(found.why, class_name="grow"), class_name="row wrap gap8"),
        rx.cond(found.places.length() > 1, E.ul(places, class_name="lines")),
        rx.cond(
            can & (found.question != ""),
            button(tr("preferences.confirm_link"), ic="link", on_click=state.make_link(found.question)),
        ),
        rx.cond(can, E.div(*acts, class_name="row wrap gap8 cell-acts")),
        rx.cond(state.asked != "", consent_form(state)),
        E.h3(tr("consent.history"), class_name="h3"),
        rx.cond(
            found.history.length() > 0,
            E.ol(told, class_name="lines"),
            E.p(tr("consent.history.none"), class_name="mut"),
        ),
        title=E.span(found.purpose, " · ", found.label),
        actions=[button(ic="x", kind="gh", aria=tr("consent.close"), on_click=state.close)],
        id="cell",
        role="region",
        aria_label=tr("consent.open", purpose=found.purpose, medium=found.label),
    )
    return rx.cond(found.purpose_id != "", body)


def _place(place: Place) -> rx.Component:
    return E.li(
        E.span(place.value, class_name="grow"),
        mark(place.state),
        E.span(place.why, class_name="mut"),
        class_name="line",
        key=place.id,
    )


def _told(told: Told) -> rx.Component:
    def part(label: str, value: Any) -> rx.Component:
        return rx.cond(value != "", E.span(E.span(tr(label), ": ", class_name="mut"), value))

    saved = E.a(told.file, href=told.file_href, download=True)
    return E.li(
        mark(told.state),
        E.div(
            E.div(E.b(told.event), E.time(day(told.at), date_time=told.at, class_name="num"), class_name="row gap8"),
            E.div(
                part("consent.source", told.source),
                part("consent.scope", told.scope),
                part("consent.party", told.party),
                part("consent.basis", told.basis),
                rx.cond(told.until != "", part("consent.until.label", day(told.until))),
                part("consent.text", told.text),
                rx.cond(told.file != "", E.span(tr("consent.file"), ": ", saved)),
                part("consent.note", told.note),
                E.span(tr("consent.recorded", who=told.who, when=moment(told.recorded_at)), class_name="mut"),
                class_name="lfs",
            ),
            class_name="col grow",
        ),
        link_button(
            tr("consent.receipt"), href="/api/consents/" + told.id + "/receipt", ic="receipt-text", kind="gh",
            is_external=True,
        ),
        class_name="line",
        key=told.id,
    )  # fmt: skip
