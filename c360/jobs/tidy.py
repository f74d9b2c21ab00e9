"""What a worker does every minute besides its jobs: sign the journal's head, remove files nobody may want."""

import structlog

from c360.core.actor import SYSTEM
from c360.services import attachments, exports, files, verify
from c360.services.uow import ask, perform

log = structlog.get_logger("c360.jobs")


def tidy() -> None:
    """Do each chore; one that fails is logged, and neither stops the others nor the worker."""
    for name, chore in (
        ("anchor", verify.anchor),
        ("attachments", lambda: ask(SYSTEM, attachments.overdue) and perform(SYSTEM, attachments.purge)),
        ("files", lambda: ask(SYSTEM, files.sweep)),
        ("exports", exports.sweep),
    ):
        try:
            chore()
        except Exception:  # Whatever a chore meets, it is tried again in a minute.
            log.exception("chore failed", chore=name)
