"""The dialog that asks whom to merge a customer with."""

from typing import Any

import reflex as rx

from c360.components.kit import E, button, field
from c360.components.wraps.i18n import tr
from c360.components.wraps.picker import picker


def merge_with_dialog(state: Any) -> rx.Component:
    """Return the dialog, given its state."""
    others = picker(
        input_id="merge-with",
        label=tr("wizard.with.whom"),
        placeholder=tr("form.search"),
        search_url=f"/api/lookup/{state.entity}",
        value=state.chosen,
        multiple=True,
        on_value_change=state.choose,
        key=state.entity,
    )
    end = E.div(
        button(tr("list.cancel"), on_click=state.close),
        button(tr("wizard.go_on"), kind="pri", disabled=state.chosen.length() == 0, on_click=state.go),
        class_name="row end dialog-end",
    )
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(tr("wizard.with.title"), size="3"),
            rx.dialog.description(tr("wizard.with.lead"), size="2", class_name="mut"),
            E.div(field(tr("wizard.with.whom"), others, id="merge-with"), class_name="dialog-body"),
            end,
            size="2",
            max_width="480px",
        ),
        open=state.entity != "",
        on_open_change=state.close,
    )
