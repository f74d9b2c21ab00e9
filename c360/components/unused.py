"""The card of unused records: the rule in words, a look at what it would do, the deed, and the latest runs."""

from typing import Any

import reflex as rx

from c360.components.kit import E, button, card, notice, tag
from c360.components.wraps.i18n import day, moment, tr
from c360.services.privacy.unused import Run


def unused_card(state: Any) -> rx.Component:
    """Return the card; it takes the whole state, whose runs it shows and whose handlers it calls."""
    off = notice(tr("privacy.unused.off"), kind="info", ic="info")
    busy = state.job != ""
    acts = E.div(
        button(tr("privacy.unused.look"), ic="search", disabled=busy, on_click=state.begin(True)),
        button(tr("privacy.unused.do"), ic="eraser", kind="red", disabled=busy, on_click=state.ask(True)),
        rx.cond(busy, button(tr("list.bulk.stop"), on_click=state.stop)),
        class_name="row wrap gap8",
    )
    rule = E.div(E.p(tr("privacy.unused.rule", n=state.months)), acts, class_name="col gap12")
    runs: Any = rx.foreach(state.runs, _run)
    return E.div(
        card(
            E.div(
                rx.cond(state.months > 0, rule, off),
                rx.cond(state.runs.length() > 0, E.ol(runs, class_name="lines requests")),
                class_name="col gap12",
            ),
            title=tr("privacy.unused"),
        ),
        _sure(state),
    )


def _run(run: Run) -> rx.Component:
    state = rx.match(
        run.state,
        ("done", tag(tr("privacy.unused.state.done"), "green")),
        ("failed", tag(tr("privacy.unused.state.failed"), "red")),
        ("cancelled", tag(tr("privacy.unused.state.cancelled"), "amber")),
        tag(tr("privacy.unused.state.running", n=run.percent), "gray"),
    )
    sample: Any = rx.foreach(run.sample, lambda name: E.li(name))
    return E.li(
        E.div(
            E.div(
                E.b(rx.cond(run.dry, tr("privacy.unused.dry"), tr("privacy.unused.real"))), state,
                class_name="row wrap gap8",
            ),
            E.div(
                E.span(tr(rx.cond(run.dry, "privacy.unused.erase", "privacy.unused.erased"), n=run.erase)),
                E.span(tr(rx.cond(run.dry, "privacy.unused.anonymise", "privacy.unused.anonymised"), n=run.anonymise)),
                E.span(tr("privacy.unused.held", n=run.held)),
                class_name="lfs",
            ),
            E.div(
                E.span(tr("privacy.unused.before", when=day(run.before))),
                E.span(moment(run.at)),
                rx.cond(run.who != "", E.span(run.who)),
                class_name="lfs mut",
            ),
            rx.cond(run.error != "", E.p(run.error, class_name="err")),
            rx.cond(
                run.sample.length() > 0,  # pyright: ignore[reportAttributeAccessIssue]
                E.details(E.summary(tr("privacy.unused.sample")), E.ul(sample, class_name="mut")),
            ),
            class_name="col grow",
        ),
        class_name="line",
        key=run.id,
    )  # fmt: skip


def _sure(state: Any) -> rx.Component:
    return rx.alert_dialog.root(
        rx.alert_dialog.content(
            rx.alert_dialog.title(tr("privacy.unused.sure"), size="3"),
            rx.alert_dialog.description(tr("privacy.unused.sure.text", n=state.months), size="2"),
            E.div(
                button(tr("form.cancel"), on_click=state.ask(False), auto_focus=True),
                button(tr("privacy.unused.do"), kind="red", on_click=state.begin(False)),
                class_name="row end dialog-end",
            ),
            max_width="460px",
        ),
        open=state.sure,
        on_open_change=state.ask,
    )
