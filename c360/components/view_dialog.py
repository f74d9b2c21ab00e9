"""The dialog that asks for a view's name, or whether to delete it."""

from typing import Any

import reflex as rx

from c360.components.kit import E, button, field
from c360.components.wraps.i18n import tr

SHARING = ("private", "team", "everyone")


def view_dialog(
    *, act: rx.Var[str], name: rx.Var[str], sharing: rx.Var[str], error: rx.Var[str], on_submit: Any, on_close: Any
) -> rx.Component:
    """Return the dialog; ``act`` is save_as, rename or delete, and empty while it is closed."""
    asks = (act == "save_as") | (act == "rename") | (act == "delete")
    title = rx.match(
        act,
        ("rename", tr("list.view.rename_title")),
        ("delete", tr("list.view.delete_title", name=name)),
        tr("list.view.save_title"),
    )
    box = E.input(
        id="view-name",
        name="name",
        default_value=name,
        class_name="inp",
        max_length=200,
        required=True,
        auto_focus=True,
        aria_invalid=error != "",
        aria_describedby="view-name-error",
    )
    shared = E.select(
        *[E.option(tr(f"list.sharing.{one}"), value=one) for one in SHARING],
        id="view-sharing",
        name="sharing",
        default_value=sharing,
        class_name="inp",
    )
    asked = E.div(
        field(tr("list.view.name"), box, id="view-name", error=error, needed=True),
        field(tr("list.view.sharing"), shared, id="view-sharing"),
        class_name="col gap12",
    )
    gone = E.p(tr("list.view.delete_text"), class_name="mut")
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(title, size="3"),
            rx.dialog.description(tr("list.view.lead"), class_name="sr"),
            E.form(
                rx.cond(act == "delete", gone, asked),
                E.div(
                    button(tr("list.cancel"), on_click=on_close),
                    rx.cond(
                        act == "delete",
                        button(tr("list.view.delete"), kind="red", type="submit"),
                        button(tr("list.save"), kind="pri", type="submit"),
                    ),
                    class_name="row end dialog-end",
                ),
                on_submit=on_submit,
                no_validate=True,
            ),
            size="2",
            max_width="420px",
        ),
        open=asks,
        on_open_change=on_close,
    )
