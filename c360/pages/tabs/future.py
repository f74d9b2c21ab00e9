"""The Future tab of a profile: everything planned with the customer, overdue first."""

from c360.components.activities_tab import activities_tab
from c360.components.tabs import Tab
from c360.state.activities import ActivitiesTab

TAB = Tab("future", lambda: activities_tab(ActivitiesTab, "planned"), ActivitiesTab.load)
