"""Contacts by month: a chart and its table, split by kind or by direction; a click on either narrows the stream."""

from typing import Any

import reflex as rx

from c360.components.kit import E, button, icon
from c360.components.wraps.i18n import num, tr
from c360.components.wraps.plot import plot
from c360.services.activity_counts import Column, Line


def contact_chart(state: Any) -> rx.Component:
    """Return the fold that holds both; the chart's library is fetched when it is opened."""
    counts = state.counts
    split: Any = rx.cond(state.by == "way", counts.ways, counts.kinds)
    shown = E.div(
        E.div(
            _by(state, "kind"), _by(state, "way"), role="group", aria_label=tr("timeline.chart.by"), class_name="seg"
        ),
        plot(data=split.traces, label=tr("timeline.chart.label", n=counts.total), on_pick=state.pick, height=240),
        E.details(E.summary(tr("timeline.chart.table")), _months(state, split), class_name="tl-fold"),
        _kinds(state),
        class_name="tl-chart",
    )
    return E.details(
        E.summary(icon("chart-column", 14), tr("timeline.chart"), on_click=state.chart),
        rx.cond(state.charted, rx.cond(counts.total > 0, shown, E.p(tr("timeline.chart.none"), class_name="mut"))),
        class_name="tl-fold",
    )


def _by(state: Any, key: str) -> rx.Component:
    return button(tr(f"timeline.chart.by.{key}"), aria_pressed=state.by == key, on_click=state.split(key))


def _months(state: Any, split: Any) -> rx.Component:
    def head(one: Column) -> rx.Component:
        return E.th(_link(one.label, state.pick("", one.key)), scope="col", key=one.key)

    def line(one: Line) -> rx.Component:
        return E.tr(E.th(_link(one.label, state.pick(one.key, "")), scope="row"), _numbers(one), key=one.key)

    heads = E.tr(E.th(tr("timeline.chart.month"), scope="col"), rx.foreach(split.columns, head), _all())
    return _table(heads, rx.foreach(split.lines, line))


def _kinds(state: Any) -> rx.Component:
    def line(one: Line) -> rx.Component:
        return E.tr(E.th(_link(one.label, state.pick_kind(one.key)), scope="row"), _numbers(one), key=one.key)

    ways = rx.foreach(state.counts.ways.columns, lambda one: E.th(one.label, scope="col", key=one.key))
    return _table(E.tr(E.th(tr("field.kind"), scope="col"), ways, _all()), rx.foreach(state.counts.rows, line))


def _table(heads: rx.Component, lines: Any) -> rx.Component:
    return E.div(E.table(E.thead(heads), E.tbody(lines), class_name="tl-counts"))


def _all() -> rx.Component:
    return E.th(tr("timeline.chart.all"), scope="col")


def _numbers(line: Line) -> Any:
    return rx.foreach(line.numbers, lambda number: E.td(num(number), class_name="num"))


def _link(label: Any, on_click: Any) -> rx.Component:
    return E.button(label, type="button", class_name="linkish", on_click=on_click)
