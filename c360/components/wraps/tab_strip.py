"""A row of tabs that scrolls sideways when it is too long for the page."""

import reflex as rx

from c360.components.wraps import shared


class TabStrip(rx.Component):
    """Keep the tab marked ``aria-current`` in view; ``label`` names the navigation."""

    library = shared(__name__, "tab_strip.jsx").importable_path
    tag = "TabStrip"

    current: rx.Var[str]
    label: rx.Var[str]


tab_strip = TabStrip.create
