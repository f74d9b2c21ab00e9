"""The Attachments tab of a profile: the customer's files, with their versions and comments."""

from c360.components.attachments_tab import attachments_tab
from c360.components.tabs import Tab
from c360.state.attachments import AttachmentsTab

TAB = Tab("attachments", lambda: attachments_tab(AttachmentsTab), AttachmentsTab.load)
