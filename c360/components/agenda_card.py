"""The cards of the account page on reminders and the calendar address."""

from typing import Any

import reflex as rx

from c360.components.kit import E, button, card, notice
from c360.components.wraps.i18n import moment, tr


def agenda_card(state: Any) -> rx.Component:
    """Return both cards."""

    def box(name: str, value: Any, label: str) -> rx.Component:
        ticked = E.input(type="checkbox", name=name, value="yes", default_checked=value, class_name="chk",
                         key=f"{name}-{value}")  # fmt: skip
        return E.label(ticked, tr(label), class_name="row gap8")

    chosen = E.form(
        box("mails", state.mails, "field.mails"),
        box("digest", state.digest, "field.digest"),
        rx.cond(state.mail_on, E.span(), E.p(tr("agenda.no_mail"), class_name="mut")),
        E.div(button(tr("people.save"), kind="pri", type="submit"), class_name="row end"),
        on_submit=state.save,
        class_name="col gap12",
    )
    shown = E.div(
        notice(tr("agenda.feed.once"), kind="info", ic="info"),
        E.input(value=state.address, read_only=True, class_name="inp", aria_label=tr("agenda.feed")),
        class_name="col gap8",
    )
    feed = E.div(
        E.p(tr("agenda.feed.text"), class_name="mut"),
        rx.cond(state.address != "", shown),
        rx.cond(state.since != "", E.p(tr("agenda.feed.since"), " ", moment(state.since))),
        E.div(
            rx.cond(state.since != "", button(tr("agenda.feed.revoke"), kind="red", on_click=state.revoke)),
            button(
                rx.cond(state.since != "", tr("agenda.feed.renew"), tr("agenda.feed.make")),
                ic="calendar",
                on_click=state.make,
            ),
            class_name="row end",
        ),
        class_name="col gap12",
    )
    return rx.fragment(card(chosen, title=tr("agenda.reminders")), card(feed, title=tr("agenda.feed")))
