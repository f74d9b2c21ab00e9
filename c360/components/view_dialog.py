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
    asked = E.div(
        field(tr("list.view.name"), box, id="view-name", error=error, needed=True),
        sharing_field(sharing, id="view-sharing"),
        class_name="col gap12",
    )
    gone = E.p(tr("list.view.delete_text"), class_name="mut")
    return keeping_dialog(
        title=title, lead=tr("list.view.lead"), asked=asked, gone=gone, deletes=act == "delete", asks=asks,
        on_submit=on_submit, on_close=on_close,
    )  # fmt: skip


def sharing_field(sharing: rx.Var[str], *, id: str) -> rx.Component:
    """Return the field that asks who else has it."""
    choice = E.select(
        *sharing_options(),
        id=id,
        name="sharing",
        default_value=sharing,
        class_name="inp",
    )
    return field(tr("list.view.sharing"), choice, id=id)


def sharing_options() -> list[rx.Component]:
    """Return with whom one can share, as the options of a menu."""
    return [E.option(tr(f"list.sharing.{one}"), value=one) for one in SHARING]


def keeping_dialog(
    *, title: Any, lead: Any, asked: rx.Component, gone: rx.Component, deletes: Any, asks: Any, on_submit: Any,
    on_close: Any,
) -> rx.Component:  # fmt: skip
    """Return a dialog that keeps what is asked or, where it ``deletes``, says what is gone then."""
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(title, size="3"),
            rx.dialog.description(lead, class_name="sr"),
            E.form(
                rx.cond(deletes, gone, asked),
                E.div(
                    button(tr("list.cancel"), on_click=on_close),
                    rx.cond(
                        deletes,
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
