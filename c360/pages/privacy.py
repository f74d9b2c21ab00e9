"""The page of data protection: what people asked of us, by when, and what is done about it."""

from typing import Any

import reflex as rx

from c360.components import privacy as parts
from c360.components.kit import E, button, card, empty_state, link_button, skeleton
from c360.components.unused import unused_card
from c360.components.wraps.i18n import tr
from c360.pages.frame import LOADS, frame
from c360.pages.route import Route
from c360.state.privacy import PrivacyPage
from c360.state.unused import UnusedRecords

STATE: Any = PrivacyPage
UNUSED: Any = UnusedRecords


def privacy() -> rx.Component:
    """Return the page."""
    refused = empty_state(
        "lock", tr("privacy.denied"), tr("privacy.denied.text"), link_button(tr("admin.home"), href="/")
    )
    nothing = empty_state("shield-check", tr("privacy.none"), tr("privacy.none.text"))
    rows: Any = rx.foreach(STATE.rows, lambda row: parts.request(row, STATE))
    table = card(
        rx.cond(STATE.rows.length() > 0, E.ol(rx.fragment(rows), class_name="lines requests"), nothing),
        title=tr("privacy.requests"),
        actions=[
            E.label(
                E.input(type="checkbox", checked=STATE.closed, on_change=STATE.show_closed), tr("privacy.closed_too"),
                class_name="tick",
            ),
            button(tr("privacy.new"), ic="plus", kind="pri", on_click=STATE.ask_for("new", "")),
        ],
    )  # fmt: skip
    waiting = E.div(skeleton("30%", "80%", "70%", height=16), class_name="card", aria_busy=True)
    shown = rx.cond(
        STATE.denied, card(refused), E.div(table, unused_card(UNUSED), parts.dialogs(STATE), class_name="col gap12")
    )
    return frame(
        E.div(rx.cond(STATE.ready, shown, waiting), class_name="page pad privacy"),
        active="privacy",
        title=tr("shell.privacy"),
    )


ROUTES = [Route("/privacy", privacy, "shell.privacy", [*LOADS, STATE.load, UNUSED.load])]
