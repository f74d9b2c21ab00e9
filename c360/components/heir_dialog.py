"""The dialog that asks who is the primary relay when the one so far leaves."""

from typing import Any

import reflex as rx

from c360.components.admin import dialog
from c360.components.kit import E
from c360.components.wraps.i18n import tr


def heir_dialog(state: Any) -> rx.Component:
    """Return the dialog, given the state of the Relations tab."""

    def choice(value: Any, label: Any, **props: Any) -> rx.Component:
        return E.label(E.input(type="radio", name="heir", value=value, **props), label, class_name="tick", key=value)

    return dialog(
        tr("relations.heir.title"),
        tr("relations.heir.lead"),
        E.fieldset(
            E.legend(tr("relations.heir.lead"), class_name="lbl"),
            choice("nobody", tr("relations.heir.nobody"), default_checked=True, auto_focus=True),
            rx.foreach(state.heirs, lambda one: choice(one["value"], one["label"])),
            class_name="group col gap8",
        ),
        open=state.heirs.length() > 0,
        on_submit=state.hand_on,
        on_close=state.stay,
    )
