"""The access log's page: who read what."""

from typing import Any

import reflex as rx

from c360.components.change_list import day_field, picker, waiting
from c360.components.kit import E, button, empty_state, icon
from c360.components.wraps.i18n import moment, tr
from c360.components.wraps.picker import Option
from c360.components.wraps.picker import picker as choose
from c360.pages.audit import switch
from c360.pages.frame import LOADS, frame
from c360.pages.route import Route
from c360.state.access import AccessPage, Named

STATE: Any = AccessPage


def access() -> rx.Component:
    """Return the page."""
    everything = tr("history.all")
    record = choose(
        input_id="f-record",
        name="record",
        label=tr("access.record"),
        items=STATE.record_options.to(list[Option]),
        value=STATE.record,
        search_url="/api/lookup/customer",
        placeholder=tr("access.record.any"),
    )
    filters = E.form(
        picker(tr("history.user"), "user", STATE.people, STATE.user, everything),
        E.div(E.label(tr("access.record"), html_for="f-record"), record, key=STATE.record, class_name="fld"),
        picker(tr("access.act"), "act", STATE.acts, STATE.act, everything),
        day_field(tr("history.since"), "since", STATE.since),
        day_field(tr("history.until"), "until", STATE.until),
        button(tr("history.show"), kind="pri", type="submit"),
        E.a(icon("download"), tr("history.export"), href=STATE.file, class_name="btn", download=True),
        on_submit=STATE.narrow,
        class_name="change-filters",
        aria_label=tr("access.filters"),
    )
    nothing = empty_state("eye", tr("access.none"), tr("access.none.text"))
    listed = E.ol(rx.foreach(STATE.readings, _reading), class_name="changes")
    more = rx.cond(STATE.more, button(tr("access.older"), on_click=STATE.show_more))
    refused = empty_state("lock", tr("history.refused"), STATE.problem)
    shown = E.div(filters, rx.cond(STATE.found, listed, nothing), more, class_name="col")
    return frame(
        E.div(
            switch("access"),
            rx.cond(STATE.ready, rx.cond(STATE.problem != "", refused, shown), waiting()),
            class_name="page pad changes-page",
        ),
        active="audit",
        title=tr("access.title"),
    )


def _reading(one: Any) -> rx.Component:
    def record(named: Any) -> rx.Component:
        link = rx.link(named["name"], href=named["href"], underline="hover", size="2")
        return E.span(rx.cond(named["href"] != "", link, named["name"]), key=named["href"])

    rest = rx.cond(one["more"] > 0, E.span(tr("access.and", n=one["more"]), class_name="mut"))
    return E.li(
        E.div(
            E.div(E.b(one["act"]), E.span(one["what"], class_name="tag"), class_name="row grow"),
            E.span(one["who"], class_name="mut"),
            rx.cond(one["ip"] != "", E.code(one["ip"], class_name="mut")),
            E.time(moment(one["at"]), date_time=one["at"], class_name="mut num"),
            class_name="change-head",
        ),
        E.div(rx.foreach(one["records"].to(list[Named]), record), rest, class_name="row wrap gap8 change-of"),
        key=one["id"],
        class_name="change",
    )


ROUTES = [Route("/audit/access", access, "access.title", [*LOADS, STATE.load])]
"""The page's address."""
