"""The tabs of a profile that are more than cards."""

from c360.components.tabs import Tab
from c360.pages.tabs import changes

TABS: tuple[Tab, ...] = (changes.TAB,)
