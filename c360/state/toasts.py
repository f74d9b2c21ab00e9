"""Short messages that come and go, with Undo where the act can be undone."""

from typing import Any

from reflex_base.event import Event

from c360.state import browser

LONG = 8000
"""How long bad news stays, in milliseconds."""
LONGER = 12000
"""How long a message stays that leads on or back."""


def done(text: str, undo: Any = None, undo_label: str = "Undo") -> Event:
    """Say that something was done; ``undo`` is the handler that takes it back."""
    return _toast("success", text) if undo is None else _toast("success", text, undo, undo_label)


def told(text: str) -> Event:
    """Say how something stands."""
    return _toast("info", text)


def failed(text: str, way: Any = None, way_label: str = "") -> Event:
    """Say that something could not be done, and why; ``way`` leads to where it can be helped."""
    return _toast("error", text, way, way_label, duration=LONG)


def _toast(level: str, text: str, act: Any = None, label: str = "", **options: Any) -> Event:
    if act is not None:
        options |= {"action": {"label": label, "event": browser.plain(act)}, "duration": LONGER}
    return browser.ask("toast", level=level, text=text, **options)
