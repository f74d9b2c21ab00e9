"""The log of reads: who saw which records, written before they leave the server."""

from collections.abc import Sequence
from typing import Any

from c360.core.actor import Actor
from c360.services.listing import Page
from c360.services.uow import UnitOfWork, perform


def page(actor: Actor, act: str, key: str, found: Page) -> None:
    """Log a page of a list when it shows something about persons."""
    if found.personal and found.rows:
        seen(actor, act, key, [row[0] for row in found.rows], fields=list(found.columns))


def seen(actor: Actor, act: str, key: str, ids: Sequence[str], **details: Any) -> None:
    """Log a read of several records, in a transaction of its own: a reader holds no lock while it reads."""
    perform(actor, _write, act, key, list(ids), details)


def _write(uow: UnitOfWork, act: str, key: str, ids: list[str], details: dict[str, Any]) -> None:
    uow.saw(act, key, None, ids=ids, **details)
