"""The merges that wait for a second person."""

from typing import Any

import reflex as rx

from c360.components import merge_plan
from c360.components.admin import dialog
from c360.components.change_list import waiting
from c360.components.kit import E, empty_state, field, link_button
from c360.components.merge_requests import request_card
from c360.components.wraps.i18n import tr
from c360.pages.frame import LOADS, frame
from c360.pages.route import Route
from c360.services.merging.requests import PLACE, RequestLine
from c360.state.merge_requests import MergeRequests

STATE: Any = MergeRequests


def requests() -> rx.Component:
    """Return the page."""
    nothing = empty_state("users-round", tr("requests.none"), tr("requests.none.text"))
    plan = rx.fragment(
        merge_plan.permissions(STATE.permissions), merge_plan.plan(STATE.moved, STATE.outcome, STATE.touched)
    )

    def card(line: RequestLine) -> rx.Component:
        return request_card(
            line, STATE.chosen, plan, on_look=STATE.look, on_approve=STATE.approve, on_decline=STATE.doubt,
            on_withdraw=STATE.withdraw,
        )  # fmt: skip

    listed = E.ol(rx.foreach(STATE.lines, card), class_name="dup-groups", aria_label=tr("requests.title"))
    body = E.div(
        E.div(link_button(tr("requests.queue"), href="/duplicates", ic="arrow-left"), class_name="row"),
        rx.cond(STATE.lines.length() > 0, listed, nothing),
        class_name="col gap12",
    )
    return frame(
        E.div(rx.cond(STATE.ready, body, waiting()), _dialog(), class_name="page pad dups"),
        active="duplicates",
        title=tr("requests.title"),
    )


def _dialog() -> rx.Component:
    words = field(
        tr("requests.decline.words"),
        E.input(name="words", max_length=500, class_name="inp", auto_focus=True, auto_complete="off",
                custom_attrs={"id": "request-words"}, aria_invalid=STATE.error != "",
                aria_describedby="request-words-error"),
        id="request-words",
        error=STATE.error,
    )  # fmt: skip
    return dialog(
        tr("requests.decline"), tr("requests.decline.text"), words, open=STATE.declining != "",
        on_submit=STATE.decline, on_close=STATE.close,
    )  # fmt: skip


ROUTES = [Route(PLACE, requests, "requests.title", [*LOADS, STATE.load])]
"""The page's address."""
