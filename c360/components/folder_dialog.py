"""The dialog that makes, changes or deletes a folder."""

from typing import Any

import reflex as rx

from c360.components.kit import E, field
from c360.components.view_dialog import keeping_dialog, sharing_field
from c360.components.wraps.i18n import tr

ACTS = ("folder_new", "folder_edit", "folder_delete")


def folder_dialog(
    *,
    act: rx.Var[str],
    name: rx.Var[str],
    sharing: rx.Var[str],
    mode: rx.Var[str],
    parent: rx.Var[str],
    parents: Any,
    by_hand: bool,
    error: rx.Var[str],
    on_submit: Any,
    on_close: Any,
) -> rx.Component:
    """Return the dialog; it is closed unless ``act`` is one of its own."""
    title = rx.match(
        act,
        ("folder_edit", tr("list.folder.edit_title")),
        ("folder_delete", tr("list.folder.delete_title", name=name)),
        tr("list.folder.new_title"),
    )
    box = E.input(id="folder-name", name="name", default_value=name, class_name="inp", max_length=200, auto_focus=True)
    kinds = E.select(
        E.option(tr("list.folder.dynamic"), value="dynamic"),
        *([E.option(tr("list.folder.static"), value="static")] if by_hand else []),
        id="folder-mode",
        name="mode",
        default_value=mode,
        class_name="inp",
    )
    above = E.select(
        E.option(tr("list.folder.top"), value=""),
        rx.foreach(parents, lambda one: E.option(one["label"], value=one["value"])),
        id="folder-parent",
        name="parent",
        default_value=parent,
        class_name="inp",
    )
    asked = E.div(
        field(tr("list.folder.name"), box, id="folder-name", error=error, needed=True),
        rx.cond(act == "folder_new", field(tr("list.folder.kind"), kinds, id="folder-mode")),
        field(tr("list.folder.inside"), above, id="folder-parent"),
        sharing_field(sharing, id="folder-sharing"),
        class_name="col gap12",
    )
    gone = E.p(tr("list.folder.delete_text"), class_name="mut")
    deletes = act == "folder_delete"
    return keeping_dialog(
        title=title, lead=tr("list.folder.lead"), asked=asked, gone=gone, deletes=deletes,
        asks=(act == "folder_new") | (act == "folder_edit") | deletes, on_submit=on_submit, on_close=on_close,
    )  # fmt: skip
