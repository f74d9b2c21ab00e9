"""Merging all sure groups at once: the question before, the bar meanwhile, and a card for each run."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from c360.components.kit import E, button, icon, link_button, menu, tag
from c360.components.wraps.i18n import ago, num, tr
from c360.services.duplicates.runs import Made, Run
from c360.services.duplicates.sure import Left


def left_out(left: Any) -> rx.Component:
    """Return how many groups are left out for which reasons."""
    return E.ul(rx.foreach(left, lambda one: _left(one)), class_name="samples")


def _left(one: Left) -> rx.Component:
    return E.li(E.b(num(one.groups), class_name="num"), " · ", one.why, key=one.why)


def starter(state: Any) -> rx.Component:
    """Return the menu that asks for a run; it takes the state of runs."""
    kinds = [
        rx.dropdown_menu.item(tr(f"duplicates.kind.{kind}"), on_select=state.consider(kind))
        for kind in ("contact", "account")
    ]
    return menu(button(tr("runs.start"), ic="git-merge"), *kinds, label=tr("runs.start"))


def question(state: Any) -> rx.Component:
    """Return the dialog that shows what a run would do before it does."""
    shown = state.preview
    some = E.div(
        E.p(tr("runs.would", n=shown.groups, records=shown.records)),
        E.p(tr("runs.how"), class_name="mut"),
        rx.cond(shown.left.length() > 0, E.div(E.b(tr("runs.left")), left_out(shown.left), class_name="col gap8")),
        class_name="col gap12 dialog-body",
    )
    go = rx.alert_dialog.action(
        button(tr("runs.go", n=shown.groups), kind="pri", disabled=state.looking | (shown.groups == 0),
               on_click=state.merge)
    )  # fmt: skip
    return rx.alert_dialog.root(
        rx.alert_dialog.content(
            rx.alert_dialog.title(tr("runs.title.of", kind=rx.match(
                state.entity, ("account", tr("duplicates.kind.account")), tr("duplicates.kind.contact"))), size="3"),
            rx.alert_dialog.description(tr("runs.text"), size="2", class_name="mut"),
            rx.cond(state.looking, E.p(tr("runs.looking"), role="status", class_name="mut"), some),
            E.div(
                rx.alert_dialog.cancel(button(tr("admin.cancel"), on_click=state.close)), go,
                class_name="row end dialog-end",
            ),
            max_width="520px",
        ),
        open=state.entity != "",
    )  # fmt: skip


def under_way(state: Any) -> rx.Component:
    """Return how far the run or its undo is, and a way to stop it; nothing when there is none."""
    label = rx.cond(state.undoing, tr("runs.undoing"), tr("runs.merging"))
    bar = E.progress(value=state.progress.to(str), max="100", aria_label=label)
    shown = E.div(label, bar, button(tr("duplicates.stop"), on_click=state.stop), class_name="row gap8", role="status")
    return rx.cond(state.running != "", shown)


def run_card(
    run: Run, chosen: Any, made: Any, busy: Any, *, on_show: Callable[[Any], Any], on_undo: Callable[[Any], Any]
) -> rx.Component:
    """Return a run: whose it was, what it merged, what it left out, and its undo."""
    kind = rx.match(run.entity, ("account", tr("duplicates.kind.account")), tr("duplicates.kind.contact"))
    state = rx.cond(
        run.open, tag(tr("runs.open"), "amber"),
        rx.cond((run.groups > 0) & (run.standing == 0), tag(tr("runs.state.undone"), "gray"), rx.fragment()),
    )  # fmt: skip
    one: Any = rx.foreach(made, _made)
    back = button(tr("runs.undo"), ic="undo-2", disabled=busy, on_click=on_undo(run.id))
    some: Any = run.left
    return E.li(
        E.div(
            E.b(kind, ": ", tr("runs.did", n=run.groups, records=run.records), class_name="grow"), state,
            class_name="row gap8",
        ),
        E.p(rx.cond(run.who != "", run.who, tr("runs.alone")), " · ", ago(run.at), class_name="mut"),
        rx.cond(some.length() > 0, left_out(some)),
        rx.cond(
            run.groups > 0,
            E.div(
                button(
                    rx.cond(chosen == run.id, tr("runs.hide"), tr("runs.show")), aria_expanded=chosen == run.id,
                    on_click=on_show(run.id),
                ),
                rx.cond((run.standing > 0) & run.mine, back),
                class_name="row wrap gap8",
            ),
        ),
        rx.cond(chosen == run.id, E.ul(one, class_name="plain col gap8")),
        key=run.id,
        class_name="card dup-group col gap8",
    )  # fmt: skip


def _made(one: Made) -> rx.Component:
    return E.li(
        icon("git-merge", 13),
        E.span(one.name, class_name="grow trunc"),
        E.span(tr("duplicates.members", n=one.records), class_name="mut"),
        rx.cond(one.undone, tag(tr("runs.state.undone"), "gray"), link_button(tr("unmerge.link"), href=one.href)),
        key=one.id,
        class_name="row gap8",
    )
