"""The values that never count when customers are compared, by field."""

from typing import Any

import reflex as rx

from c360.components.kit import E, card, tag
from c360.components.wraps.i18n import num, tr
from c360.services.duplicates.rule_book import Never
from c360.state.admin_duplicates import DuplicateRules

STATE: Any = DuplicateRules


def never() -> rx.Component:
    """Return the fields, each with a box of its values."""
    return card(
        E.p(tr("admin.dups.never.lead"), class_name="mut"),
        E.div(rx.foreach(STATE.generics, _field), class_name="adm-rows"),
        title=tr("admin.dups.never"),
    )


def _field(one: Never) -> rx.Component:
    box = E.textarea(
        key=f"{STATE.stamp}-{STATE.which}-{one.name}", default_value=one.typed, rows="6", class_name="inp", dir="auto",
        aria_label=tr("admin.dups.never.of", field=one.label), on_blur=lambda typed: STATE.never(one.name, typed),
        placeholder=rx.cond(one.name == "email", "info@\n@example.com", ""),
    )  # fmt: skip
    unread = E.div(tr("admin.dups.never.unread", values=one.unread), class_name="err", role="alert")
    return E.details(
        E.summary(
            E.strong(one.label),
            rx.cond(one.count > 0, tag(num(one.count)), E.span(tr("admin.dups.never.none"), class_name="mut")),
        ),
        box,
        rx.cond(one.unread != "", unread),
        class_name="dup-never",
        key=one.name,
    )
