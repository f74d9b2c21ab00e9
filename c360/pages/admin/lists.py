"""Pick lists: their entries, in order, coloured; what is in use is retired, not deleted."""

from typing import Any

import reflex as rx

from c360.components.admin import colours, dialog, entry_menu, error_of, movers, text_input, tick
from c360.components.kit import E, badge, button, card, empty_state, field, tag
from c360.components.wraps.i18n import tr
from c360.pages.admin.places import admin_page
from c360.pages.frame import LOADS
from c360.pages.route import Route
from c360.state.admin_lists import PickLists

STATE: Any = PickLists

FAMILIES = ("email", "phone", "fax", "web", "social", "messenger")


def _list(one: Any) -> rx.Component:
    return rx.link(
        E.span(one["label"], class_name="trunc grow"),
        E.span(one["n"], class_name="num mut"),
        href=f"/admin/lists/{one['key']}",
        underline="none",
        class_name="nav",
        aria_current=rx.cond(STATE.which == one["key"], "page", "false"),
        key=one["key"],
    )


def _entry(row: Any, index: rx.Var[int]) -> rx.Component:
    used = rx.cond(
        row["href"] != "", rx.link(tr("admin.used", n=row["used"]), href=row["href"]), tr("admin.used", n=row["used"])
    )
    return E.li(
        movers(row["name"], STATE.move, row["id"], index, STATE.rows.length()),
        E.div(
            E.div(
                badge(row["name"], row["color"]),
                rx.cond(row["is_default"], tag(tr("admin.default"))),
                rx.cond(row["retired"], tag(tr("admin.retired"))),
                rx.cond(row["family"] != "", tag(tr("option.family." + row["family"].to(str)))),
                class_name="row wrap gap8",
            ),
            rx.cond(row["comment"] != "", E.div(row["comment"], class_name="mut trunc")),
            class_name="grow adm-what",
        ),
        E.span(rx.cond(row["used"] == 0, tr("admin.unused"), used), class_name="mut adm-used"),
        button(
            ic="pencil", kind="gh", aria=tr("admin.edit_named", name=row["name"]), on_click=STATE.ask_for(row["id"])
        ),
        entry_menu(STATE, row["id"], row["name"], row["retired"], deletes=True),
        class_name=rx.cond(row["retired"], "adm-row off", "adm-row"),
        key=row["id"],
    )


def _dialog() -> rx.Component:
    draft: Any = STATE.draft
    family = E.select(
        *[E.option(tr(f"option.family.{one}"), value=one) for one in FAMILIES],
        id="family",
        name="family",
        default_value=draft["family"],
        class_name="inp",
    )
    return dialog(
        rx.cond(draft["id"] == "", tr("admin.list.new", name=STATE.title), tr("admin.list.change")),
        tr("admin.list.lead"),
        field(
            tr("admin.name"),
            text_input("name", draft["name"], error_of(STATE, "name"), max_length=200, required=True, auto_focus=True),
            id="name",
            error=error_of(STATE, "name"),
            needed=True,
        ),
        rx.cond(
            STATE.which == "communication_type",
            field(tr("admin.family"), family, id="family", error=error_of(STATE, "family"), needed=True),
        ),
        colours("color", draft["color"]),
        field(tr("admin.comment"), text_input("comment", draft["comment"]), id="comment"),
        tick("is_default", tr("admin.list.is_default"), draft["is_default"]),
        rx.cond(
            error_of(STATE, "is_default") != "",
            E.span(error_of(STATE, "is_default"), class_name="err", role="alert"),
        ),
        open=STATE.dialog == "entry",
        on_submit=STATE.save,
        on_close=STATE.close,
    )


def lists() -> rx.Component:
    """Return the page."""
    add = button(tr("admin.list.add"), ic="plus", kind="pri", on_click=STATE.ask_for(""))
    nothing = empty_state("list", tr("admin.list.empty.title"), tr("admin.list.empty.text"))
    entries = rx.cond(
        STATE.rows.length() == 0,
        nothing,
        E.ol(rx.foreach(STATE.rows, _entry), class_name="adm-rows"),
    )
    body = E.div(
        E.nav(rx.foreach(STATE.lists, _list), class_name="adm-lists", aria_label=tr("admin.lists")),
        card(entries, title=STATE.title, actions=[add]),
        class_name="adm-two",
    )
    return admin_page(STATE, "lists", body, _dialog())


ROUTES = [
    Route("/admin/lists", lists, "admin.lists", [*LOADS, STATE.load]),
    Route("/admin/lists/[pick_list]", lists, "admin.lists", [*LOADS, STATE.load]),
]
