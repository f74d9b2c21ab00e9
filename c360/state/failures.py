"""What a person is told when a handler fails, and what the log learns of it."""

import logging
import re
import time
from collections import deque

from reflex.state import FrontendEventExceptionState
from reflex_base.event.context import EventContext

from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.state import toasts
from c360.state.guard import language_of

log = logging.getLogger("c360.failures")
LONGEST = 4000
KIND = re.compile(r"\b(Aggregate|Eval|Internal|Range|Reference|Syntax|Type|URI|Chunk)?Error\b")
PLACE = re.compile(r"/assets/[\w.-]{1,80}\.js:\d{1,7}:\d{1,7}")
PLACES = 8
PER_MINUTE = 20

# Reflex would answer some failures of a page with a script that reloads it, which no page may run.
FrontendEventExceptionState.auto_reload_on_errors = []
_reports: deque[float] = deque(maxlen=PER_MINUTE)


def tell(exception: Exception):  # Reflex refuses the name of what it takes all the same: an Event.
    """Turn an expected failure into a message in the user's language; log the place of any other."""
    try:
        language = language_of(EventContext.get().token)
    except LookupError:
        language = "en"
    if isinstance(exception, C360Error):
        return toasts.failed(exception.text(language))
    log.error("a handler failed", exc_info=exception)
    return toasts.failed(text(language, "error.unexpected"))


def note(exception: Exception) -> None:
    """Log what a browser reports of its own failures, not more often than a person could read.

    Its words may quote what stands on the page, so only the kind of the failure and its places in our files are kept.
    """
    now = time.monotonic()
    if len(_reports) == PER_MINUTE and now - _reports[0] < 60:
        return
    _reports.append(now)
    said = str(exception)[:LONGEST]
    kind = KIND.search(said)
    log.error("a browser failed", extra={"kind": kind[0] if kind else "", "where": PLACE.findall(said)[:PLACES]})
