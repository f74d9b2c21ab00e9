"""The Relations tab of a profile: who is tied to the customer, and how."""

import reflex as rx

from c360.components.group_dialog import group_dialog
from c360.components.kit import E
from c360.components.relations_tab import relations_tab
from c360.components.tabs import Tab
from c360.components.tie_dialog import tie_dialog
from c360.state.group_form import GroupForm
from c360.state.relations import RelationsTab
from c360.state.tie_form import TieForm


def _body() -> rx.Component:
    return E.div(relations_tab(RelationsTab, TieForm, GroupForm), tie_dialog(TieForm), group_dialog(GroupForm))


TAB = Tab("relations", _body, RelationsTab.load)
