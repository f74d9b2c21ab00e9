"""The tour on the first page: what to try with the demo, step by step."""

from typing import Any

import reflex as rx

from c360.components.kit import E, card, icon
from c360.components.wraps.i18n import tr
from c360.services.tour import Step


def tour(steps: Any) -> rx.Component:
    """Return the steps as a numbered list, each a way to where it is done; nothing when there are none."""

    def line(step: Step, place: Any) -> rx.Component:
        done = E.span(icon("check", 14), class_name="ico", role="img", aria_label=tr("tour.done"))
        told = E.span(
            E.b(tr(f"tour.{step.key}.title")), E.span(tr(f"tour.{step.key}.text"), class_name="mut"),
            class_name="col grow",
        )  # fmt: skip
        inside = [rx.cond(step.done, done, E.span(place + 1, class_name="ico num")), told]
        way = rx.link(*inside, icon("chevron-right", 14), href=step.href, underline="none", class_name="lst")
        return E.li(rx.cond(step.href != "", way, E.div(*inside, class_name="lst")), key=step.key)

    listed = E.ol(rx.foreach(steps, line), class_name="plain tour")
    return rx.cond(steps.length() > 0, card(listed, title=tr("tour.title")))
