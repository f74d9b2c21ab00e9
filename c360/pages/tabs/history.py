"""The History tab of a profile: everything done with the customer."""

from c360.components.activities_tab import activities_tab
from c360.components.tabs import Tab
from c360.state.activities import ActivitiesTab

TAB = Tab("history", lambda: activities_tab(ActivitiesTab, "past"), ActivitiesTab.load)
