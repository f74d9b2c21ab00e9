"""My day: mine overdue, today and upcoming, and what I was told."""

from typing import Any

import reflex as rx

from c360.components.activity_list import activity_list
from c360.components.change_list import waiting
from c360.components.kit import E, button, card, empty_state, icon
from c360.components.wraps.i18n import ago, num, tr
from c360.pages.frame import LOADS, frame
from c360.pages.route import Route
from c360.state.day import DayPage

STATE: Any = DayPage


def day() -> rx.Component:
    """Return the page."""
    free = (STATE.overdue.length() == 0) & (STATE.today.length() == 0) & (STATE.upcoming.length() == 0)
    nothing = card(empty_state("calendar-check", tr("day.free"), tr("day.free.text")))
    lists = E.div(*[_part(name) for name in ("overdue", "today", "upcoming")], class_name="col gap12")
    body = E.div(
        rx.cond(free, nothing, lists),
        _notices(),
        class_name="day",
    )
    return frame(
        E.div(rx.cond(STATE.ready, body, waiting()), class_name="page pad"), active="day", title=tr("shell.day")
    )


def _part(name: str) -> rx.Component:
    lines = getattr(STATE, name)
    title = E.div(E.h2(tr(f"day.{name}"), class_name="h2"), E.span(num(lines.length()), class_name="mut num"),
                  class_name="cardh")  # fmt: skip
    listed = activity_list(lines, STATE, label=tr(f"day.{name}"), nothing=E.span())
    return rx.cond(lines.length() > 0, E.section(title, listed, class_name="card", aria_label=tr(f"day.{name}")))


def _notices() -> rx.Component:
    def one(notice: Any) -> rx.Component:
        shown = rx.cond(
            notice["href"] != "",
            rx.link(notice["text"], href=notice["href"], underline="hover", size="2"),
            E.span(notice["text"]),
        )
        return E.li(
            icon("bell", 13),
            E.div(shown, E.div(ago(notice["at"]), class_name="mut"), class_name="grow"),
            class_name=rx.cond(notice["read"], "row day-note", "row day-note new"),
            key=notice["id"],
        )

    listed = E.ul(rx.foreach(STATE.notices, one), class_name="day-notes")
    none = E.p(tr("day.notices.none"), class_name="mut")
    read = button(tr("day.notices.read"), kind="gh", on_click=STATE.read_all)
    return E.section(
        E.div(E.h2(tr("day.notices"), class_name="h2 grow"), read, class_name="cardh"),
        rx.cond(STATE.notices.length() > 0, listed, none),
        class_name="card day-side",
        aria_label=tr("day.notices"),
    )


ROUTES = [Route("/day", day, "shell.day", [*LOADS, DayPage.load])]
