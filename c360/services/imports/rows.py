"""A row of a file on its way in: as it came, what becomes of it, and what all rows of a file have in common."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from c360.core.clock import utc_now
from c360.services.imports.changing import Diff
from c360.services.imports.plan import Plan

CREATED, UPDATED, UNCHANGED, SKIPPED, REJECTED = VERDICTS = (
    "created", "updated", "unchanged", "skipped", "rejected",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Raw:
    """One row as it came, or as a person mended it, with what he decided; ``start`` is its place in the file."""

    number: int
    cells: list[str]
    decision: str = ""
    joined: bool = False
    start: int = 0
    mended: bool = False


@dataclass(slots=True)
class Outcome:
    """What became of one row and why; ``ask`` says that a person may still decide or mend it.

    ``says`` is what later rows of the file may meet in it, ``wants`` what of the rows above it depends on.
    """

    number: int
    cells: list[str]
    verdict: str
    reasons: list[dict[str, Any]] = field(default_factory=list)
    record_id: UUID | None = None
    ask: bool = False
    diff: Diff = field(default_factory=list)
    name: str = ""
    says: set[str] = field(default_factory=set)
    wants: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Setting:
    """What stays the same for every chunk of a file.

    ``began`` is when the pass over it began: what is younger is no record rows may merely look like. ``first`` returns
    the number of the row of an earlier chunk that said something, ``seen`` holds those of this one.
    """

    plan: Plan
    columns: list[str]
    is_demo: bool = False
    began: datetime = field(default_factory=utc_now)
    first: Callable[[str], int | None] = lambda _: None
    seen: dict[str, int] = field(default_factory=dict)


def count(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Return how many rows got each verdict."""
    return {**dict.fromkeys(VERDICTS, 0), **Counter(outcome.verdict for outcome in outcomes)}
