"""Where administration pages are, and the frame each stands in."""

from typing import Any

import reflex as rx

from c360.components.admin import navigation, sheet
from c360.components.wraps.i18n import tr
from c360.pages.frame import frame

PLACES = (
    ("overview", "/admin", "layout-grid"),
    ("lists", "/admin/lists", "list"),
    ("relations", "/admin/relations", "waypoints"),
    ("required", "/admin/required-roles", "user-round-check"),
    ("merging", "/admin/merging", "git-merge"),
    ("purposes", "/admin/purposes", "target"),
    ("privacy", "/admin/privacy", "shield-check"),
    ("fields", "/admin/fields", "text-cursor-input"),
    ("sections", "/admin/sections", "panels-top-left"),
    ("weights", "/admin/completeness", "gauge"),
    ("dups", "/admin/duplicates", "copy-check"),
    ("users", "/admin/users", "user-cog"),
    ("roles", "/admin/roles", "shield"),
    ("teams", "/admin/teams", "users"),
    ("keys", "/admin/api-keys", "key-round"),
    ("access", "/audit/access", "eye"),
    ("general", "/admin/general", "settings-2"),
)


def admin_page(state: Any, key: str, *body: rx.Component) -> rx.Component:
    """Return one administration page."""
    return frame(
        sheet(state, navigation(PLACES, key), *body, name=f"admin.{key}"), active="admin", title=tr(f"admin.{key}")
    )
