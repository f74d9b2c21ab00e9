"""The dialog that puts customers of the chart together under a name."""

from typing import Any

import reflex as rx

from c360.components.admin import dialog, error_of, text_input
from c360.components.kit import E, field
from c360.components.wraps.i18n import tr


def group_dialog(state: Any) -> rx.Component:
    """Return the dialog, given the state of its form."""
    known = E.datalist(rx.foreach(state.known, lambda name: E.option(value=name)), id="group-known")
    return dialog(
        tr("relations.group.title"),
        tr("relations.group.lead"),
        E.div(
            E.span(tr("relations.group.members", n=state.members.length()), class_name="lbl"),
            E.ul(rx.foreach(state.members, lambda name: E.li(name, class_name="tag")), class_name="rel-members"),
            class_name="fld",
        ),
        field(
            tr("relations.group.field"),
            text_input(
                "group-name", state.name, error_of(state, "name"), name="name", max_length=60, auto_focus=True,
                list="group-known", auto_complete="off", key=state.members.to_string(),
            ),
            id="group-name",
            error=error_of(state, "name"),
            hint=tr("relations.group.hint"),
        ),
        known,
        open=state.dialog,
        on_submit=state.save,
        on_close=state.close,
    )  # fmt: skip
