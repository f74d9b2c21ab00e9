"""Everybody's own account: the name and the sessions."""

from typing import Any

import reflex as rx

from c360.components.admin import error_of
from c360.components.agenda_card import agenda_card
from c360.components.keys_card import keys_card
from c360.components.kit import E, button, card, field, icon, link_button, tag
from c360.components.wraps.i18n import moment, tr
from c360.pages.frame import LOADS, frame
from c360.pages.route import Route
from c360.state.account import AccountPage
from c360.state.agenda import AgendaCard
from c360.state.api_keys import KeysCard
from c360.state.session import SessionState

ACCOUNT: Any = AccountPage
AGENDA: Any = AgendaCard
KEYS: Any = KeysCard
SESSION: Any = SessionState


def account() -> rx.Component:
    """Return the page of one's own account."""

    def seat(one: Any) -> rx.Component:
        ending = rx.cond(
            one["current"],
            tag(tr("people.seat.this"), "green"),
            button(tr("people.seat.end"), on_click=ACCOUNT.end(one["id"])),
        )
        return E.li(
            icon("monitor", 15),
            E.div(
                E.div(one["agent"], class_name="trunc"),
                E.div(
                    rx.cond(one["ip"] != "", one["ip"].to(str) + " · ", ""),
                    tr("people.seat.since"),
                    " ",
                    moment(one["since"]),
                    class_name="mut",
                ),
                class_name="grow",
            ),
            ending,
            class_name="row gap8 people-seat",
            key=one["id"],
        )

    name = E.input(id="name", name="name", default_value=SESSION.name, class_name="inp", key=SESSION.name)
    profile = E.form(
        field(tr("people.name"), name, id="name", error=error_of(ACCOUNT, "name"), needed=True),
        E.p(SESSION.login, class_name="mut"),
        E.div(
            E.a(tr("people.password"), href="/account/password", class_name="btn"),
            button(tr("people.save"), kind="pri", type="submit"),
            class_name="row end",
        ),
        on_submit=ACCOUNT.save,
        no_validate=True,
        class_name="col gap12",
    )
    return frame(
        E.div(
            card(profile, title=tr("people.account")),
            card(E.ul(rx.foreach(ACCOUNT.seats, seat), class_name="people-seats"), title=tr("people.seats")),
            agenda_card(AGENDA),
            keys_card(KEYS),
            link_button(tr("people.back"), href="/", kind="gh"),
            class_name="page pad col gap12 people-narrow",
        ),
        active="",
        title=tr("people.account"),
    )


ROUTES = [Route("/account", account, "people.account", [*LOADS, AccountPage.load, AgendaCard.load, KeysCard.load])]
