"""The form that takes a page's place while one edits, given its state."""

from typing import Any

import reflex as rx

from c360.components import record_form
from c360.components.duplicates import enquiry_dialog, likely_panel
from c360.components.kit import E, button
from c360.components.wraps.i18n import tr


def edit_form(state: Any) -> rx.Component:
    """Return the form with its bar, its questions and, after a clash, the screen that solves it."""
    bar = E.div(
        E.h2(state.title, class_name="h2 trunc grow"),
        rx.cond(state.dirty, E.span(tr("form.dirty"), class_name="tag")),
        button(tr("form.cancel"), on_click=state.cancel),
        button(tr("form.save"), kind="pri", type="submit"),
        class_name="fbar",
    )
    question = record_form.question(state.question, on_yes=state.confirm, on_no=state.cancel)
    form = record_form.record_form(
        state.sections,
        state.errors,
        state.holders,
        stamp=state.stamp,
        on_submit=state.save,
        on_dirty=state.mark,
        on_typed=state.look_for,
        head=(
            bar,
            record_form.form_error(state.error),
            question,
            likely_panel(state),
        ),
    )
    clash = record_form.clash_screen(
        state.clashes,
        state.kept,
        who=state.who,
        at=state.at,
        on_keep=state.keep,
        on_resolve=state.resolve,
        on_cancel=state.cancel,
    )
    return E.div(clash, form, enquiry_dialog(state))
