"""What a person is told when a handler fails, and what the log learns of it."""

import logging
import time
from collections import deque

import reflex as rx
from reflex_base.event.context import EventContext

from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.state.guard import language_of

log = logging.getLogger("c360.failures")
LONGEST = 500
STAYS = 8000
PER_MINUTE = 20

_reports: deque[float] = deque(maxlen=PER_MINUTE)


def tell(exception: Exception) -> rx.event.EventSpec | None:
    """Turn an expected failure into a message in the user's language; log the place of any other."""
    try:
        language = language_of(EventContext.get().token)
    except LookupError:
        language = "en"
    if isinstance(exception, C360Error):
        return rx.toast.error(exception.text(language), duration=STAYS)
    log.error("a handler failed", exc_info=exception)
    return rx.toast.error(text(language, "error.unexpected"), duration=STAYS)


def note(exception: Exception) -> None:
    """Log what a browser reports of its own failures: short, and not more often than a person could read."""
    now = time.monotonic()
    if len(_reports) == PER_MINUTE and now - _reports[0] < 60:
        return
    _reports.append(now)
    log.error("a browser reports: %s", str(exception)[:LONGEST])
