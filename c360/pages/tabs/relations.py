"""The Relations tab of a profile: who is tied to the customer, and how."""

from c360.components.kit import E
from c360.components.relations_tab import relations_tab
from c360.components.tabs import Tab
from c360.components.tie_dialog import tie_dialog
from c360.state.relations import RelationsTab
from c360.state.tie_form import TieForm

TAB = Tab("relations", lambda: E.div(relations_tab(RelationsTab, TieForm), tie_dialog(TieForm)), RelationsTab.load)
