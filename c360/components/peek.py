"""The panel beside a list that shows one record."""

from typing import Any

import reflex as rx

from c360.components.kit import E, button, link_button
from c360.components.shell import side_panel
from c360.components.wraps.i18n import tr

CLOSE = "dispatchEvent(new CustomEvent('c360:peek-close'))"
"""The list closes the panel itself: the address says which record is open."""


def peek_panel(address: Any, *body: rx.Component) -> rx.Component:
    """Return the panel: ``address`` is where the whole profile is."""
    return side_panel(
        E.div(
            button(ic="x", kind="gh", aria=tr("shell.close"), on_click=rx.run_script(CLOSE)),
            link_button(ic="maximize-2", kind="gh", href=address, aria_label=tr("list.open_profile")),
            class_name="row peek-head",
        ),
        E.div(*body, class_name="scroll"),
        label=tr("list.peek"),
    )
