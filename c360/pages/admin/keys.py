"""Everybody's API keys: whose they are, what they may do, and the button that ends one."""

from typing import Any

import reflex as rx

from c360.components.keys_card import keys_list
from c360.components.kit import E, card
from c360.components.wraps.i18n import tr
from c360.pages.admin.places import admin_page
from c360.pages.frame import LOADS
from c360.pages.route import Route
from c360.state.api_keys import KeysAdmin

STATE: Any = KeysAdmin


def every_key() -> rx.Component:
    """Return the page."""
    body = E.div(E.p(tr("admin.keys.lead"), class_name="mut"), keys_list(STATE, owners=True), class_name="col gap12")
    return admin_page(STATE, "keys", card(body, title=tr("admin.keys")))


ROUTES = [Route("/admin/api-keys", every_key, "admin.keys", [*LOADS, STATE.load])]
