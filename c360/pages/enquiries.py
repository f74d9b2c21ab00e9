"""The questions about customers who asked may not open."""

from typing import Any

import reflex as rx

from c360.components.admin import dialog
from c360.components.change_list import waiting
from c360.components.enquiries import enquiry_card
from c360.components.kit import E, empty_state, field, link_button
from c360.components.wraps.i18n import tr
from c360.pages.frame import LOADS, frame
from c360.pages.route import Route
from c360.services.duplicates.enquiring import PLACE, EnquiryLine
from c360.state.enquiries import Enquiries

STATE: Any = Enquiries


def enquiries() -> rx.Component:
    """Return the page."""

    def card(line: EnquiryLine) -> rx.Component:
        return enquiry_card(line, on_answer=STATE.reply, on_decline=STATE.refuse)

    nothing = empty_state("message-circle-question", tr("enquiries.none"), tr("enquiries.none.text"))
    listed = E.ol(rx.foreach(STATE.lines, card), class_name="dup-groups", aria_label=tr("enquiries.title"))
    body = E.div(
        E.div(link_button(tr("requests.queue"), href="/duplicates", ic="arrow-left"), class_name="row"),
        rx.cond(STATE.lines.length() > 0, listed, nothing),
        class_name="col gap12",
    )
    return frame(
        E.div(rx.cond(STATE.ready, body, waiting()), _dialog(), class_name="page pad dups"),
        active="duplicates",
        title=tr("enquiries.title"),
    )


def _dialog() -> rx.Component:
    words = field(
        rx.cond(STATE.declining, tr("enquiries.decline.words"), tr("enquiries.answer.words")),
        E.input(name="words", max_length=500, class_name="inp", auto_focus=True, auto_complete="off",
                custom_attrs={"id": "enquiry-answer"}, aria_invalid=STATE.error != "",
                aria_describedby="enquiry-answer-error"),
        id="enquiry-answer",
        error=STATE.error,
    )  # fmt: skip
    return dialog(
        rx.cond(STATE.declining, tr("enquiries.decline"), tr("enquiries.answer")), tr("enquiries.answer.text"),
        E.p(tr("enquiries.answer.text"), class_name="mut", aria_hidden=True), words, open=STATE.answering != "",
        on_submit=STATE.answer, on_close=STATE.close, save=tr("enquiry.send"),
    )  # fmt: skip


ROUTES = [Route(PLACE, enquiries, "enquiries.title", [*LOADS, STATE.load])]
"""The page's address."""
