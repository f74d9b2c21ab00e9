"""Merges that wait for a second person: a card each."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from c360.components.kit import E, button, icon, link_button, tag
from c360.components.wraps.i18n import ago, tr
from c360.services.merging.requests import RequestLine

COLOURS = {"waiting": "amber", "approved": "green", "declined": "red", "outdated": "gray", "withdrawn": "gray"}


def request_card(
    line: RequestLine, chosen: Any, plan: rx.Component, *, on_look: Callable[[Any], Any],
    on_approve: Callable[[Any], Any], on_decline: Callable[[Any], Any], on_withdraw: Callable[[Any], Any],
) -> rx.Component:  # fmt: skip
    """Return a request: who asks for what and why it takes two, the plan where it is looked at, and what to do."""
    waits, open_ = line.state == "waiting", chosen == line.id
    states = [(name, tag(tr(f"requests.state.{name}"), colour)) for name, colour in COLOURS.items()]
    head = E.div(
        E.b(line.names, class_name="grow trunc"),
        rx.match(line.state, *states, tag(line.state)),
        class_name="row gap8",
    )
    said = rx.cond(
        line.answer != "", E.p(icon("message-circle", 13), line.by, ": ", line.answer, class_name="row gap8")
    )
    acts = rx.cond(
        line.mine,
        rx.cond(
            waits,
            button(tr("requests.withdraw"), ic="undo-2", on_click=on_withdraw(line.id)),
            rx.cond(
                (line.state == "declined") | (line.state == "outdated"),
                link_button(tr("requests.anew"), href=line.href, ic="git-merge"),
            ),
        ),
        E.div(
            button(
                rx.cond(open_, tr("requests.close"), tr("requests.look")),
                aria_expanded=open_,
                on_click=on_look(line.id),
            ),
            button(tr("requests.approve"), ic="check", kind="pri", on_click=on_approve(line.id)),
            button(tr("requests.decline"), ic="x", on_click=on_decline(line.id)),
            class_name="row wrap gap8",
        ),
    )
    return E.li(
        head,
        E.p(tr("requests.by", who=line.who), " · ", ago(line.at), class_name="mut"),
        E.p(icon("users-round", 13), line.why, class_name="row gap8 mut"),
        said,
        rx.cond(open_, E.div(plan, class_name="col gap12")),
        acts,
        key=line.id,
        class_name="card dup-group col gap8",
    )
