"""Settings of data protection: who answers for the data, words that need care, what becomes of unused records."""

from typing import Any

import reflex as rx

from c360.components.admin import error_of, text_input, tick
from c360.components.kit import E, button, card, field
from c360.components.wraps.i18n import tr
from c360.pages.admin.places import admin_page
from c360.pages.frame import LOADS
from c360.pages.route import Route
from c360.state.admin_privacy import SPOKEN, PrivacySettings

STATE: Any = PrivacySettings


def _form(*parts: Any, on_submit: Any) -> rx.Component:
    save = E.div(button(tr("admin.save"), kind="pri", type="submit"), class_name="row end")
    return E.form(*parts, save, on_submit=on_submit, no_validate=True, class_name="col gap12 adm-form")


def _controller() -> rx.Component:
    wrong = error_of(STATE, "controller")
    box = E.textarea(id="controller", name="controller", default_value=STATE.controller, rows="3", class_name="inp",
                     aria_invalid=wrong != "", aria_describedby="controller-error")  # fmt: skip
    hint = tr("admin.privacy.controller.hint")
    part = field(tr("admin.privacy.controller.who"), box, id="controller", error=wrong, hint=hint)
    return card(_form(part, on_submit=STATE.save_controller), title=tr("admin.privacy.controller"))


def _words() -> rx.Component:
    def one(language: str) -> rx.Component:
        name = f"words-{language}"
        box = E.textarea(id=name, name=name, default_value=STATE.words[language], rows="8", class_name="inp")
        return field(tr(f"admin.privacy.words.{language}"), box, id=name)

    parts = E.div(*[one(language) for language in SPOKEN], class_name="fgrid")
    wrong = error_of(STATE, "sensitive_words")
    told = rx.cond(wrong != "", E.span(wrong, class_name="err", role="alert"))
    lead = E.p(tr("admin.privacy.words.text"), class_name="mut")
    form = _form(parts, told, on_submit=STATE.save_words)
    return card(E.div(lead, form, class_name="col gap12"), title=tr("admin.privacy.words"))


def _rule() -> rx.Component:
    wrong = error_of(STATE, "unused_months")
    months = text_input("unused_months", STATE.months.to_string(), wrong, input_mode="numeric", max_length=3)
    prospects: Any = rx.foreach(
        STATE.statuses,
        lambda one: tick("prospect-" + one["value"], one["label"], STATE.prospects.contains(one["value"])),
    )
    statuses = E.fieldset(
        E.legend(tr("admin.privacy.unused.prospects"), class_name="lbl"),
        E.div(prospects, class_name="row wrap gap12"),
        E.p(tr("admin.privacy.unused.prospects.hint"), class_name="mut"),
        class_name="group",
    )
    hint = tr("admin.privacy.unused.months.hint")
    form = _form(
        field(tr("admin.privacy.unused.months"), months, id="unused_months", error=wrong, hint=hint),
        statuses,
        rx.link(tr("admin.privacy.unused.run"), href="/privacy"),
        on_submit=STATE.save_rule,
    )
    lead = E.p(tr("admin.privacy.unused.text"), class_name="mut")
    return card(E.div(lead, form, class_name="col gap12"), title=tr("admin.privacy.unused"))


def privacy() -> rx.Component:
    """Return the page."""
    return admin_page(STATE, "privacy", _controller(), _rule(), _words())


ROUTES = [Route("/admin/privacy", privacy, "admin.privacy", [*LOADS, STATE.load])]
