"""The Consents tab of a profile: what the customer allows, and the proof."""

from c360.components.consents_tab import consents_tab
from c360.components.tabs import Tab
from c360.state.consents import ConsentsTab

TAB = Tab("consents", lambda: consents_tab(ConsentsTab), ConsentsTab.load)
