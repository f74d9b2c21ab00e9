"""Required roles: which people an account of each type should have."""

from typing import Any

import reflex as rx

from c360.components.kit import E, badge, card, empty_state, link_button
from c360.components.wraps.i18n import tr
from c360.components.wraps.picker import Option, picker
from c360.pages.admin.places import admin_page
from c360.pages.frame import LOADS
from c360.pages.route import Route
from c360.services.relationships.roles import TypeNeeds
from c360.state.admin_required import RequiredRoles

STATE: Any = RequiredRoles


def _entry(row: TypeNeeds) -> rx.Component:
    roles = picker(
        input_id=f"roles-{row.id}",
        items=STATE.options.to(list[Option]),
        value=row.role_ids,
        multiple=True,
        label=tr("admin.required.of", name=row.name),
        placeholder=tr("admin.required.none"),
        on_value_change=lambda ids: STATE.choose(row.id, ids),
    )
    return E.li(
        E.div(badge(row.name, row.color), class_name="adm-what"),
        E.div(roles, class_name="adm-pick"),
        class_name="adm-row",
        key=row.id,
    )


def required() -> rx.Component:
    """Return the page."""
    nothing = empty_state("user-round-check", tr("admin.required.empty.title"), tr("admin.required.empty.text"))
    entries = rx.cond(STATE.rows.length() == 0, nothing, E.ul(rx.foreach(STATE.rows, _entry), class_name="adm-rows"))
    known = link_button(tr("admin.required.roles"), href="/admin/lists/contact_role", ic="list", kind="gh")
    lead = E.p(tr("admin.required.lead"), class_name="mut")
    return admin_page(STATE, "required", card(lead, entries, title=tr("admin.required"), actions=[known]))


ROUTES = [Route("/admin/required-roles", required, "admin.required", [*LOADS, STATE.load])]
