"""The tabs of a profile: each is an address, so that links, the back button and bookmarks work."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from c360.components.kit import icon
from c360.components.wraps.i18n import tr
from c360.components.wraps.tab_strip import tab_strip
from c360.services.opening import TabLink

ICONS = (
    ("summary", "layout-dashboard"), ("timeline", "activity"), ("history", "clock"), ("future", "calendar"),
    ("general", "notebook-pen"), ("details", "id-card"), ("marketing", "target"),
    ("contacts", "contact-round"), ("locations", "map-pin"), ("attachments", "paperclip"),
    ("additional", "list-plus"), ("consents", "shield-check"), ("changes", "history"),
    ("relations", "waypoints"),
)  # fmt: skip


def tab_bar(tabs: Any, current: Any) -> rx.Component:
    """Link to every tab of the record; mark the one shown."""

    def link(tab: TabLink) -> rx.Component:
        symbol = rx.match(tab.key, *[(key, icon(name)) for key, name in ICONS], icon("circle"))
        chosen = rx.cond(tab.key == current, "page", "false")
        return rx.link(
            symbol,
            tab.label,
            href=tab.href,
            underline="none",
            class_name="ptab",
            custom_attrs={"aria-current": chosen},
            key=tab.key,
        )

    return tab_strip(rx.foreach(tabs, link), current=current, label=tr("profile.tabs"))


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab with a body of its own; the others are cards.

    ``load`` runs with every profile page, so it looks at the address first and does nothing on another tab.
    """

    key: str
    body: Callable[[], rx.Component]
    load: Any
