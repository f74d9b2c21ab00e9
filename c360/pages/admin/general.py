"""STATE settings: the mask of account codes, the base currency, the home country."""

from typing import Any

import reflex as rx

from c360.components.admin import error_of, text_input
from c360.components.kit import E, button, card, field
from c360.components.wraps.i18n import tr
from c360.pages.admin.places import admin_page
from c360.pages.frame import LOADS
from c360.pages.route import Route
from c360.state.admin_settings import General

STATE: Any = General


def _chosen(id: str, options: Any, value: Any) -> rx.Component:
    each = rx.foreach(options, lambda one: E.option(one[1], value=one[0], key=one[0]))
    return E.select(each, id=id, name=id, default_value=value, class_name="inp")


def general() -> rx.Component:
    """Return the page."""
    shown = rx.cond(STATE.example != "", tr("admin.general.example", code=STATE.example), tr("admin.general.none"))
    mask = text_input(
        "code_mask", STATE.code_mask, error_of(STATE, "code_mask"), max_length=40, on_change=STATE.show_mask
    )
    form = E.form(
        field(tr("admin.general.code_mask"), mask, id="code_mask", error=error_of(STATE, "code_mask"), hint=shown),
        field(
            tr("admin.general.currency"),
            _chosen("currency", STATE.currencies, STATE.currency),
            id="currency",
            hint=tr("admin.general.currency.hint"),
        ),
        field(
            tr("admin.general.country"),
            _chosen("country", STATE.countries, STATE.country),
            id="country",
            hint=tr("admin.general.country.hint"),
        ),
        E.div(button(tr("admin.save"), kind="pri", type="submit"), class_name="row end"),
        on_submit=STATE.save,
        class_name="col gap12 adm-form",
    )
    return admin_page(STATE, "general", card(form, title=tr("admin.general")))


ROUTES = [Route("/admin/general", general, "admin.general", [*LOADS, STATE.load])]
