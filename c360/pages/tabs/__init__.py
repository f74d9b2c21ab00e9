"""The tabs of a profile that are more than cards."""

from c360.components.tabs import Tab
from c360.pages.tabs import changes, consents, future, history

TABS: tuple[Tab, ...] = (history.TAB, future.TAB, consents.TAB, changes.TAB)
