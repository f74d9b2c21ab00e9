"""What administration pages are made of: their own navigation, rows that move, dialogs."""

from typing import Any

import reflex as rx

from c360.components.kit import E, button, empty_state, icon, link_button, menu, skeleton
from c360.components.wraps.i18n import tr
from c360.components.wraps.tab_strip import tab_strip

COLOURS = ("gray", "indigo", "teal", "orange", "plum", "grass", "ruby", "cyan", "amber", "red", "green")


def sheet(state: Any, nav: rx.Component, *body: rx.Component, name: str) -> rx.Component:
    """Return an administration page: navigation, then its body once loaded, or why there is none."""
    denied = empty_state(
        "lock", tr("admin.denied.title"), tr("admin.denied.text"), link_button(tr("admin.home"), href="/")
    )
    waiting = E.div(skeleton("30%", "80%", "70%", "75%", height=16), class_name="card", aria_busy=True)
    shown = rx.cond(
        state.ready,
        rx.cond(state.denied, E.div(denied, class_name="card"), E.div(*body, class_name="col gap12")),
        waiting,
    )
    return E.div(nav, E.section(shown, class_name="adm-body", aria_label=tr(name)), class_name="page pad adm")


def navigation(places: tuple[tuple[str, str, str], ...], active: str) -> rx.Component:
    """Return the links between administration pages: a column, on phones a row that scrolls."""

    def link(key: str, href: str, ic: str) -> rx.Component:
        current: dict[str, Any] = {"aria_current": "page"} if key == active else {}
        return rx.link(
            icon(ic, 15), E.span(tr(f"admin.{key}")), href=href, underline="none", class_name="nav", **current
        )

    return tab_strip(*[link(*place) for place in places], current=active, label=tr("shell.admin"), class_name="adm-nav")


def kinds(which: rx.Var[str], path: str) -> rx.Component:
    """Return the switch between contacts and accounts, as links."""

    def link(key: str, label: str) -> rx.Component:
        current = rx.cond(which == key, "page", "false")
        return rx.link(tr(label), href=f"{path}/{key}", underline="none", class_name="tab", aria_current=current)

    return E.nav(
        link("contact", "shell.contacts"),
        link("account", "shell.accounts"),
        class_name="tabs",
        aria_label=tr("admin.kinds"),
    )


def movers(label: Any, on_move: Any, key: Any, index: Any, count: Any) -> rx.Component:
    """Return the two buttons that move a row up and down."""
    up = button(
        ic="chevron-up", kind="gh", aria=tr("admin.up", name=label), disabled=index == 0, on_click=on_move(key, -1)
    )
    down = button(
        ic="chevron-down",
        kind="gh",
        aria=tr("admin.down", name=label),
        disabled=index == count - 1,
        on_click=on_move(key, 1),
    )
    return E.span(up, down, class_name="adm-move")


def entry_menu(state: Any, key: Any, name: Any, retired: Any, *, deletes: bool = False) -> rx.Component:
    """Return what can be done to an entry: edit, retire or offer it again, and delete it where that can be."""
    item = rx.dropdown_menu.item
    delete = item(icon("trash-2"), tr("admin.list.delete"), color="red", on_select=state.act("delete", key))
    return menu(
        button(ic="ellipsis", kind="gh", aria=tr("admin.more", name=name)),
        item(icon("pencil"), tr("admin.edit"), on_select=state.ask_for(key)),
        rx.cond(
            retired,
            item(icon("rotate-ccw"), tr("admin.list.offer"), on_select=state.act("offer", key)),
            item(icon("archive"), tr("admin.list.retire"), on_select=state.act("retire", key)),
        ),
        *([delete] if deletes else []),
        label=tr("admin.more", name=name),
    )


def dialog(
    title: Any,
    lead: Any,
    *body: rx.Component,
    open: rx.Var[bool],
    on_submit: Any,
    on_close: Any,
    wide: bool = False,
    save: Any = None,
) -> rx.Component:
    """Return a dialog with a form, its Cancel and its Save."""
    end = E.div(
        button(tr("admin.cancel"), on_click=on_close),
        button(tr("admin.save") if save is None else save, kind="pri", type="submit"),
        class_name="row end dialog-end",
    )
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(title, size="3"),
            rx.dialog.description(lead, class_name="sr"),
            E.form(E.div(*body, class_name="col gap12"), end, on_submit=on_submit, no_validate=True),
            size="2",
            max_width="640px" if wide else "460px",
        ),
        open=open,
        on_open_change=on_close,
    )


def text_input(id: str, value: Any, error: Any = None, **props: Any) -> rx.Component:
    """Return a text box whose error, if any, is told beside it."""
    told: dict[str, Any] = {"aria_invalid": error != "", "aria_describedby": f"{id}-error"} if error is not None else {}
    return E.input(id=id, name=props.pop("name", id), default_value=value, class_name="inp", **told, **props)


def colours(name: str, chosen: rx.Var[str]) -> rx.Component:
    """Return the colours to choose from, each a round radio button with its name."""

    def one(color: str) -> rx.Component:
        radio = E.input(
            type="radio",
            name=name,
            value=color,
            default_checked=chosen == color,
            aria_label=tr(f"option.color.{color}"),
            class_name="swatch",
            style={"--d": f"var(--{color}-9)"},
            title=tr(f"option.color.{color}"),
        )
        return radio

    return E.fieldset(
        E.legend(tr("admin.color"), class_name="lbl"),
        E.div(*[one(c) for c in COLOURS], class_name="row wrap gap8"),
        class_name="group",
    )


def tick(name: str, label: Any, checked: Any) -> rx.Component:
    """Return a check box with its label."""
    return E.label(E.input(type="checkbox", name=name, default_checked=checked), label, class_name="tick")


def error_of(state: Any, name: str) -> rx.Var[str]:
    """Return a field's error, empty when there is none."""
    return rx.cond(state.errors.contains(name), state.errors[name], "")
