"""The roles an account should have, each with who is in it, or missing with the way to fill it."""

from typing import Any

import reflex as rx

from c360.components.kit import E, button, icon
from c360.components.wraps.i18n import tr
from c360.services.facts import Line
from c360.services.relationships.roles import Need


def required_roles(needs: Any, on_fill: Any) -> rx.Component:
    """Return the roles as a list, nothing when none is required; ``on_fill`` gets the id of a missing one."""

    def person(one: Line) -> rx.Component:
        return rx.cond(
            one.href != "",
            rx.link(one.title, href=one.href, underline="hover"),
            E.span(icon("lock", 12), one.title, class_name="row gap4 mut"),
        )

    def row(need: Need) -> rx.Component:
        fill = button(tr("roles.add"), ic="plus", aria=tr("roles.fill", role=need.label), on_click=on_fill(need.id))
        missing = rx.fragment(
            E.span(tr("roles.missing"), class_name="dot grow", style={"--d": "var(--amber-9)"}),
            rx.cond(need.may_fill, fill),
        )
        people = E.span(rx.foreach(need.people, person), class_name="row wrap gap8 grow")
        return E.li(
            E.span(need.label, class_name="dot role", style={"--d": f"var(--{need.color}-9)"}),
            rx.cond(need.people.length() == 0, missing, people),  # pyright: ignore[reportAttributeAccessIssue]
            key=need.id,
        )

    return rx.cond(
        needs.length() > 0,
        E.section(
            E.h2(tr("profile.roles"), class_name="h2"),
            E.ul(rx.foreach(needs, row), class_name="rel-roles"),
            class_name="col gap8",
            aria_label=tr("profile.roles"),
        ),
    )
