"""The Changes tab of a profile: what happened to the record, in a time frame."""

from c360.components.changes_tab import changes_tab
from c360.components.tabs import Tab
from c360.state.changes import ChangesTab

TAB = Tab("changes", lambda: changes_tab(ChangesTab), ChangesTab.load)
