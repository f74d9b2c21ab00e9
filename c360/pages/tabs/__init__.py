"""The tabs of a profile that are more than cards."""

from c360.components.tabs import Tab
from c360.pages.tabs import attachments, changes, consents, future, history, relations, timeline

TABS: tuple[Tab, ...] = (
    timeline.TAB, history.TAB, future.TAB, relations.TAB, attachments.TAB, consents.TAB, changes.TAB,
)  # fmt: skip
