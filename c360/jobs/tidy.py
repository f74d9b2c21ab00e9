"""What a worker does besides its jobs: sign the journal's head, remove stray files, remind people."""

import logging
import time

from c360.core.actor import SYSTEM
from c360.services import attachments, exports, files, reminders, verify
from c360.services.duplicates import asking, enquiring
from c360.services.imports import batches
from c360.services.merging import queued
from c360.services.uow import ask, perform

log = logging.getLogger("c360.jobs")
MINUTE, HOUR = 60.0, 3600.0
CHORES = (
    ("anchor", MINUTE, verify.anchor),
    ("attachments", MINUTE, lambda: ask(SYSTEM, attachments.overdue) and perform(SYSTEM, attachments.purge)),
    ("exports", MINUTE, exports.sweep),
    ("merges", MINUTE, lambda: ask(SYSTEM, queued.stray) and perform(SYSTEM, queued.sweep)),
    ("reminders", MINUTE, reminders.sweep),
    ("duplicates", HOUR, asking.due),
    ("enquiries", HOUR, lambda: ask(SYSTEM, enquiring.stale) and perform(SYSTEM, enquiring.sweep)),
    ("uploads", HOUR, lambda: ask(SYSTEM, batches.sweep)),
    ("files", HOUR, lambda: ask(SYSTEM, files.sweep)),
)
"""Each chore by name, and how many seconds lie between two turns of it: a walk through every file is no small thing."""


def tidy(done: dict[str, float]) -> None:
    """Do each chore that is due; ``done`` keeps when each had its turn.

    One that fails is logged and stops neither the others nor the worker; it is tried again when it is due.
    """
    for name, every, chore in CHORES:
        now = time.monotonic()
        if now - done.get(name, -HOUR) < every:
            continue
        done[name] = now
        try:
            chore()
        except Exception:  # Whatever a chore meets, it has another turn.
            log.exception("chore failed", extra={"chore": name})
