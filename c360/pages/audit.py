"""The audit page: who changed what, over everything."""

from typing import Any

import reflex as rx

from c360.components.change_list import change_list, day_field, picker, waiting
from c360.components.kit import E, button, empty_state, icon
from c360.components.wraps.i18n import tr
from c360.pages.frame import LOADS, frame
from c360.pages.route import Route
from c360.state.audit import AuditPage


def switch(active: str) -> rx.Component:
    """Return the switch between what was changed and what was read."""

    def link(key: str, label: str, href: str) -> rx.Component:
        current: dict[str, Any] = {"aria_current": "page"} if key == active else {}
        return rx.link(tr(label), href=href, underline="none", class_name="tab", **current)

    return E.nav(
        link("audit", "access.changes", "/audit"),
        link("access", "access.reads", "/audit/access"),
        class_name="tabs",
        aria_label=tr("access.switch"),
    )


def audit() -> rx.Component:
    """Return the page."""
    everything = tr("history.all")
    filters = E.form(
        picker(tr("history.user"), "user", AuditPage.people, AuditPage.user, everything),
        picker(tr("history.entity"), "entity", AuditPage.kinds, AuditPage.entity, everything),
        picker(tr("history.action"), "action", AuditPage.acts, AuditPage.action, everything),
        day_field(tr("history.since"), "since", AuditPage.since),
        day_field(tr("history.until"), "until", AuditPage.until),
        button(tr("history.show"), kind="pri", type="submit"),
        E.a(icon("download"), tr("history.export"), href=AuditPage.file, class_name="btn", download=True),
        on_submit=AuditPage.narrow,
        class_name="change-filters",
        aria_label=tr("history.filters"),
    )
    nothing = empty_state("history", tr("history.none"), tr("history.none.text"))
    found = rx.cond(AuditPage.found, change_list(AuditPage.entries), nothing)
    more = rx.cond(AuditPage.more, button(tr("history.more"), on_click=AuditPage.show_more))
    refused = empty_state("lock", tr("history.refused"), AuditPage.problem)
    shown = rx.cond(AuditPage.problem != "", refused, E.div(filters, found, more, class_name="col"))
    return frame(
        E.div(switch("audit"), rx.cond(AuditPage.ready, shown, waiting()), class_name="page pad changes-page"),
        active="audit",
        title=tr("shell.audit"),
    )


ROUTES = [Route("/audit", audit, "shell.audit", [*LOADS, AuditPage.load])]
"""The page's address."""
