"""Completeness: how much each field counts, a hundred in all."""

from typing import Any

import reflex as rx

from c360.components.admin import kinds
from c360.components.kit import E, button, card
from c360.components.wraps.i18n import tr
from c360.pages.admin.places import admin_page
from c360.pages.frame import LOADS
from c360.pages.route import Route
from c360.state.admin_settings import Weights

STATE: Any = Weights


def _row(row: Any) -> rx.Component:
    name = "w-" + row["name"].to(str)
    box = E.input(
        id=name,
        type="number",
        min=0,
        max=100,
        step=1,
        default_value=row["weight"].to(str),
        class_name="inp adm-weight",
        on_change=lambda value: STATE.weigh(row["name"].to(str), value),
    )
    bar = E.span(E.i(style={"width": row["weight"].to(str) + "%"}), class_name="adm-bar", aria_hidden=True)
    return E.li(
        E.label(row["label"], html_for=name, class_name="grow"), bar, box, class_name="adm-row", key=row["name"]
    )


def weights() -> rx.Component:
    """Return the page."""
    total = E.span(
        tr("admin.weights.total", total=STATE.total),
        class_name=rx.cond(STATE.total == 100, "mut", "err"),
        role="status",
    )
    save = button(tr("admin.save"), kind="pri", disabled=STATE.total != 100, on_click=STATE.save)
    return admin_page(
        STATE,
        "weights",
        kinds(STATE.which, "/admin/completeness"),
        card(
            E.p(tr("admin.weights.lead"), class_name="mut"),
            E.ol(rx.foreach(STATE.rows, _row), class_name="adm-rows"),
            title=tr("admin.weights"),
            actions=[E.span(total, save, class_name="row gap8 end")],
        ),
    )


ROUTES = [
    Route("/admin/completeness", weights, "admin.weights", [*LOADS, STATE.load]),
    Route("/admin/completeness/[kind_of]", weights, "admin.weights", [*LOADS, STATE.load]),
]
