"""The compact profile: a customer in a few lines, for the panel of a list, a preview, a card."""

from typing import Any

import reflex as rx

from c360.components.kit import E, icon
from c360.components.related_table import chip, face, fact_list
from c360.components.wraps.i18n import tr
from c360.services.profiles import Action

MEDIA = {"email": "mail", "phone": "phone", "web": "globe"}


def compact_profile(shown: Any) -> rx.Component:
    """Return the card of a customer."""
    header = shown.header
    return E.div(
        E.div(
            rx.cond(
                header.photo != "",
                E.img(src=header.photo, alt="", class_name="av", style={"--s": "40px"}),
                face(header.initials, header.hue, header.square, 40),
            ),
            E.div(
                rx.link(
                    header.name, href=f"/{header.entity}/{header.id}/summary", underline="hover", class_name="cname"
                ),
                E.div(rx.foreach(header.dots, chip), class_name="chips"),
                class_name="col grow",
            ),
            class_name="row chead",
        ),
        actions_of(header.actions),
        rx.cond(header.inactive != "", E.div(icon("moon", 14), header.inactive, class_name="note")),
        fact_list(shown.facts, header.currency),
        rx.cond(shown.has_notes, notes_marker(f"/{header.entity}/{header.id}/general")),
        class_name="compact",
    )


def actions_of(actions: Any) -> rx.Component:
    """Return the ways to get in touch; a forbidden one is disabled and says why."""

    def one(action: Action) -> rx.Component:
        symbol = rx.match(action.medium, *[(key, icon(name)) for key, name in MEDIA.items()], icon("circle"))
        live = E.a(
            symbol,
            action.label,
            rx.cond(action.preferred, icon("star", 11)),
            href=action.href,
            target=rx.cond(action.medium == "web", "_blank", "_self"),
            rel="noreferrer",
            class_name="btn",
        )
        shut = E.button(
            symbol, action.label, type="button", disabled=True, title=action.reason, class_name="btn",
            aria_label=f"{action.label}: {action.reason}",
        )  # fmt: skip
        return E.span(rx.cond(action.reason == "", live, shut), key=action.medium, title=action.reason)

    return E.div(rx.foreach(actions, one), class_name="row cacts")


def notes_marker(href: Any) -> rx.Component:
    """Return the marker that notes exist."""
    return rx.link(icon("notebook-pen", 13), tr("profile.notes.there"), href=href, underline="none", class_name="tag")
