"""Where a page receives what handlers ask of it (``state/browser.py``)."""

import reflex as rx

from c360.components.wraps import shared


class Inbox(rx.Component):
    """Show nothing; act on what the server sends."""

    library = shared(__name__, "inbox.jsx").importable_path
    tag = "Inbox"


inbox = Inbox.create
