"""The Relations tab of a profile: who is tied to the customer, and how."""

from typing import Any

import reflex as rx

from c360.components.group_dialog import group_dialog
from c360.components.heir_dialog import heir_dialog
from c360.components.kit import E
from c360.components.relations_tab import relations_tab
from c360.components.tabs import Tab
from c360.components.tie_dialog import tie_dialog
from c360.state.form import FormState
from c360.state.group_form import GroupForm
from c360.state.profile import ProfileState
from c360.state.relations import RelationsTab
from c360.state.tie_form import TieForm


def _body() -> rx.Component:
    dialogs = tie_dialog(TieForm), group_dialog(GroupForm), heir_dialog(RelationsTab)

    def fill(role_id: rx.Var[str]) -> Any:
        return FormState.add("contact_person", ProfileState.header.id, role_id)

    return E.div(relations_tab(RelationsTab, TieForm, GroupForm, fill), *dialogs)


TAB = Tab("relations", _body, RelationsTab.load)
