"""Tabs, components, sections, fields and activities of contacts and accounts: shown or not, in what order."""

from typing import Any

import reflex as rx

from c360.components.admin import kinds, movers
from c360.components.kit import E, card, notice
from c360.components.wraps.i18n import tr
from c360.pages.admin.places import admin_page
from c360.pages.frame import LOADS
from c360.pages.route import Route
from c360.state.admin_settings import PartRow, Sections

STATE: Any = Sections


def _rows(parts: Any, *, fixed: bool = False) -> rx.Component:
    def row(one: Any, index: rx.Var[int]) -> rx.Component:
        shown = rx.switch(
            checked=one["on"].to(bool),
            disabled=one["fixed"].to(bool),
            on_change=lambda on: STATE.switch(one["part"].to(str), on),
            aria_label=tr("admin.sections.show", name=one["label"]),
        )
        return E.li(
            *([] if fixed else [movers(one["label"].to(str), STATE.move, one["part"].to(str), index, parts.length())]),
            E.span(one["label"], class_name="grow"),
            rx.cond(one["fixed"], E.span(tr("admin.sections.fixed"), class_name="mut adm-used")),
            shown,
            class_name=rx.cond(one["on"], "adm-row", "adm-row off"),
            key=one["part"],
        )

    return E.ol(rx.foreach(parts, row), class_name="adm-rows")


def _fields(group: Any) -> rx.Component:
    """Return the fields of one section, folded away: there are many."""
    return E.details(
        E.summary(group["label"], " ", E.span(group["rows"].to(list[PartRow]).length(), class_name="mut num")),
        _rows(group["rows"].to(list[PartRow])),
        key=group["label"],
    )


def sections() -> rx.Component:
    """Return the page."""
    return admin_page(
        STATE,
        "sections",
        kinds(STATE.which, "/admin/sections"),
        card(_rows(STATE.tabs), title=tr("admin.sections.tabs")),
        card(_rows(STATE.cards), title=tr("admin.sections.cards")),
        card(_rows(STATE.sections), title=tr("admin.sections.forms")),
        card(E.div(rx.foreach(STATE.fields, _fields), class_name="adm-groups"), title=tr("admin.sections.fields")),
        card(_rows(STATE.activities, fixed=True), title=tr("admin.sections.activities")),
        notice(tr("admin.sections.note"), kind="info", ic="info"),
    )


ROUTES = [
    Route("/admin/sections", sections, "admin.sections", [*LOADS, STATE.load]),
    Route("/admin/sections/[kind_of]", sections, "admin.sections", [*LOADS, STATE.load]),
]
