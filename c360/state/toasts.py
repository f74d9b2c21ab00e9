"""Short messages that come and go, with Undo where the act can be undone."""

from typing import Any

import reflex as rx

LONG = 8000
"""How long a message with a way back stays, in milliseconds."""


def done(text: str, undo: Any = None, undo_label: str = "Undo") -> rx.event.EventSpec:
    """Say that something was done; ``undo`` is the handler that takes it back."""
    if undo is None:
        return rx.toast.success(text)
    return rx.toast.success(text, action={"label": undo_label, "on_click": undo}, duration=LONG)  # pyright: ignore[reportArgumentType]


def failed(text: str, description: str = "") -> rx.event.EventSpec:
    """Say that something could not be done, and why."""
    return rx.toast.error(text, description=description, duration=LONG)
