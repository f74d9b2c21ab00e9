"""What the events of one customer mean: pure functions of plain rows, the law of the ledger in one place.

The latest event that speaks of a purpose, a medium and an address decides; a no may speak of all of them at once. A
yes that came after a no holds only with proof, and none holds longer than it was given for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from c360.models.consent import NO, POINTED, YES

DROPPED = " -/()."
"""What people put between the digits of a number: the same number with or without it."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: this purpose, on this medium, at this address, as ours or a third party's permission."""

    purpose_id: UUID
    medium: str
    point: str | None
    party: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the ledger allows it, why, and the event that decided."""

    allowed: bool
    why: str
    event: Any = None


def point_of(medium: str, value: str | None) -> str | None:
    """Return an address in the form in which the ledger compares it; None for media that need none."""
    if medium not in POINTED or not value:
        return None
    return value if POINTED[medium] == "email" else value.translate({ord(c): None for c in DROPPED})


def speaks(event: Any, question: Question) -> bool:
    """Tell whether an event says yes or no to what is asked."""
    if event.party != question.party or event.purpose_id not in (None, question.purpose_id):
        return False
    if event.medium not in (None, question.medium):
        return False
    if question.medium not in POINTED:
        return event.event in (*YES, *NO)
    if event.event in NO and event.point is None:
        return True
    return event.event in (*YES, *NO) and event.point is not None and event.point == question.point


def verdict(events: Iterable[Any], question: Question, now: datetime) -> Verdict:
    """Return what the events say; without any, no."""
    mine: Sequence[Any] = sorted((e for e in events if speaks(e, question)), key=lambda e: (e.at, e.id))
    if not mine:
        return Verdict(False, "never")
    last = mine[-1]
    if last.event in NO:
        return Verdict(False, last.event, last)
    if last.valid_until is not None and last.valid_until <= now:
        return Verdict(False, "expired", last)
    if not last.proven and any(e.event in NO for e in mine):
        return Verdict(False, "unproven", last)
    return Verdict(True, last.event, last)
