"""The Timeline tab of a profile: everything about the customer in one stream."""

from c360.components.tabs import Tab
from c360.components.timeline_tab import timeline_tab
from c360.state.timeline import TimelineTab

TAB = Tab("timeline", lambda: timeline_tab(TimelineTab), TimelineTab.load)
