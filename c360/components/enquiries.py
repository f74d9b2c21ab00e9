"""Questions about customers who asked may not open: a card each."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from c360.components.kit import E, button, icon, tag
from c360.components.wraps.i18n import ago, tr
from c360.services.duplicates.enquiring import EnquiryLine

COLOURS = {"open": "amber", "answered": "green", "declined": "gray"}
SHARED = ("email", "phone", "identity_number", "tax_number", "registration_number")


def enquiry_card(
    line: EnquiryLine, *, on_answer: Callable[[Any], Any], on_decline: Callable[[Any], Any]
) -> rx.Component:
    """Return a question: about whom and why for who answers, what became of it for who asked."""
    states = [(name, tag(tr(f"enquiries.state.{name}"), colour)) for name, colour in COLOURS.items()]
    reasons = [(name, tr(f"enquiries.shared.{name}")) for name in SHARED]
    head = E.div(
        rx.cond(
            line.mine,
            E.b(tr("enquiries.mine"), class_name="grow"),
            rx.link(E.b(line.name), href=line.href, underline="hover", size="2", class_name="grow trunc"),
        ),
        rx.match(line.state, *states, tag(line.state)),
        class_name="row gap8",
    )
    about = E.p(
        rx.cond(line.mine, tr("enquiries.by_me"), tr("enquiries.by", who=line.who)), " · ", ago(line.at),
        class_name="mut",
    )  # fmt: skip
    why = rx.cond(line.mine, rx.fragment(), E.p(icon("key-round", 13), rx.match(line.shared, *reasons, ""),
                                                class_name="row gap8 mut"))  # fmt: skip
    acts = E.div(
        button(tr("enquiries.answer"), ic="message-circle", kind="pri", on_click=on_answer(line.id)),
        button(tr("enquiries.decline"), ic="x", on_click=on_decline(line.id)),
        class_name="row wrap gap8",
    )
    return E.li(
        head,
        about,
        why,
        rx.cond(
            line.words != "", E.p(icon("message-circle-question", 13), line.words, class_name="row gap8 dup-words")
        ),
        rx.cond(line.by != "", E.p(icon("message-circle", 13), _said(line), class_name="row gap8 dup-words")),
        rx.cond(line.mine, rx.fragment(), acts),
        key=line.id,
        class_name="card dup-group col gap8",
    )


def _said(line: EnquiryLine) -> rx.Component:
    return E.span(line.by, rx.cond(line.answer != "", E.span(": ", line.answer)))
