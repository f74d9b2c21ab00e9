"""A new contact or account: one form, saved and opened, or saved and the next one begun."""

import reflex as rx

from c360.components import record_form
from c360.components.duplicates import enquiry_dialog, likely_panel
from c360.components.kit import E, breadcrumb, button, skeleton
from c360.components.wraps.i18n import tr
from c360.pages.frame import LOADS, frame
from c360.pages.route import Route
from c360.state.form import FormState

NEXT = (
    "(() => { const f = document.getElementById('record-form'), i = document.createElement('input');"
    "i.type = 'hidden'; i.name = '_next'; i.value = 'another'; f.append(i); f.requestSubmit(); i.remove(); })()"
)
"""Submit the form with the wish to add another record after it."""


def new(entity: str) -> rx.Component:
    """Return the page."""
    bar = E.div(
        E.h1(tr(f"new.{entity}"), class_name="h1 grow"),
        rx.cond(FormState.dirty, E.span(tr("form.dirty"), class_name="tag hide-s")),
        button(tr("new.another"), on_click=rx.run_script(NEXT)),
        button(tr("new.open"), kind="pri", type="submit"),
        class_name="fbar",
    )
    form = record_form.record_form(
        FormState.sections,
        FormState.errors,
        FormState.holders,
        stamp=FormState.stamp,
        on_submit=FormState.create,
        on_dirty=FormState.mark,
        on_typed=FormState.look_for,
        head=(
            bar,
            record_form.form_error(FormState.error),
            likely_panel(FormState),
        ),
    )
    body = rx.cond(FormState.open, form, skeleton("40%", "70%", "60%", height=16))
    return frame(
        E.div(E.div(body, class_name="fpage"), enquiry_dialog(FormState), class_name="pbody"),
        active=entity,
        title=breadcrumb((tr(f"shell.{entity}s"), f"/{entity}s"), (tr(f"new.{entity}"), None)),
    )


ROUTES = [
    Route(f"/{key}s/new", lambda key=key: new(key), f"new.{key}", [*LOADS, FormState.start])
    for key in ("contact", "account")
]
