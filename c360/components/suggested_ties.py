"""Who might belong to a customer, each with the reason: to relate, or to dismiss for good."""

from typing import Any

import reflex as rx

from c360.components.kit import E, button
from c360.components.wraps.i18n import tr
from c360.services.relationships.suggestions import Suggestion


def suggested_ties(state: Any, form: Any) -> rx.Component:
    """Return the suggestions, nothing when there is none."""

    def row(one: Suggestion) -> rx.Component:
        face = E.span(
            one.initials, aria_hidden=True, class_name=rx.cond(one.kind == "account", "av sq", "av"),
            style={"--s": "28px", "--b": f"var(--{one.hue}-4)", "--f": f"var(--{one.hue}-12)"},
        )  # fmt: skip
        acts = E.div(
            button(
                tr("relations.suggested.accept"), ic="plus", aria=tr("relations.suggested.accept.name", name=one.label),
                on_click=form.ask_add("", one.id),
            ),
            button(
                tr("relations.suggested.dismiss"), kind="gh",
                aria=tr("relations.suggested.dismiss.name", name=one.label), on_click=state.dismiss(one.id),
            ),
            class_name="row gap4",
        )  # fmt: skip
        return E.li(
            face,
            E.div(
                E.div(
                    rx.link(one.label, href=f"/{one.kind}/{one.id}/relations", underline="hover"),
                    E.small(one.sub, class_name="mut trunc"),
                    class_name="row gap8",
                ),
                rx.foreach(one.reasons, lambda reason: E.small(reason, class_name="mut")),
                class_name="col grow",
            ),
            rx.cond(one.editable, acts),
            key=one.id,
        )

    return rx.cond(
        state.suggested.length() > 0,
        E.section(
            E.h2(tr("relations.suggested"), class_name="h2"),
            E.p(tr("relations.suggested.lead"), class_name="mut"),
            E.ul(rx.foreach(state.suggested, row), class_name="rel-suggested"),
            class_name="col gap8",
            aria_label=tr("relations.suggested"),
        ),
    )
