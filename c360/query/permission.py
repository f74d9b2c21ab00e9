"""What the events of one customer mean: pure functions of plain rows, the law of the ledger in one place.

A yes holds until it lapses, or until a no or a yes that has lapsed is as new as it is; a no may speak of every purpose,
medium and address at once. Who ever said no allows something only with a proven yes. Of two events of the same moment
the stricter wins, so that what comes together (a merge, two files of one day) never allows more than it should.
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

    def severity(event: Any) -> int:
        return 2 if event.event in NO else int(event.valid_until is not None and event.valid_until <= now)

    mine: Sequence[Any] = sorted((e for e in events if speaks(e, question)), key=lambda e: (e.at, severity(e), e.id))
    if not mine:
        return Verdict(False, "never")
    against = max((e.at for e in mine if severity(e)), default=None)
    refused = any(e.event in NO for e in mine)
    holding = [e for e in mine if (against is None or e.at > against) and (e.proven or not refused)]
    if holding:
        return Verdict(True, holding[-1].event, holding[-1])
    last = mine[-1]
    return Verdict(False, ("unproven", "expired", last.event)[severity(last)], last)
