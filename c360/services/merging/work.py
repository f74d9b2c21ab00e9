"""One merge under way: what was chosen, the rows on their way, and the one door through which they are written."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from c360.core.clock import utc_now
from c360.core.errors import Conflict
from c360.services import mass
from c360.services.mass import Change
from c360.services.merging.people import People
from c360.services.merging.shapes import Choices, Moved
from c360.services.merging.tables import Linked
from c360.services.uow import UnitOfWork


@dataclass
class Fold:
    """One merge under way: who, what was chosen, and what became of the rows so far."""

    uow: UnitOfWork
    people: People
    choices: Choices
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    labels: dict[str, str] = field(default_factory=dict)
    origin: dict[UUID, UUID] = field(default_factory=dict)
    """Whose a row was, for the tables in which one row is the main one."""
    reads: bool = False
    """Whether this only looks: then nothing is locked, and the survivor's rows are looked at as well."""
    bookkeeping: list[list[Any]] = field(default_factory=list)
    """Rows of tables the journal does not tell of: table, id, what stood there, what stands there now."""

    def __post_init__(self) -> None:
        self.survivor_id: UUID = self.people.survivor.id
        self.loser_ids = {record.id for record in self.people.losers}
        self.now = utc_now()

    def count(self, one: Linked, kind: str, what: str, number: int = 1) -> None:
        """Count rows of one kind."""
        key = one.key(kind)
        self.counts[key][what] += number
        if key not in self.labels:
            self.labels[key] = one.label(kind, self.uow.actor.language)

    def told(self) -> tuple[Moved, ...]:
        """Return what became of the rows, kind by kind."""
        return tuple(Moved(key, self.labels[key], **counts) for key, counts in sorted(self.counts.items()))


@dataclass(slots=True)
class Line:
    """One row on its way: the columns it had, those it gets, and whether it counts."""

    stored: Mapping[str, Any]
    owner: UUID | None
    kind: str
    live: bool
    refs: dict[str, UUID | None]
    after: dict[str, Any] = field(default_factory=dict)


def write(work: Fold, changes: Sequence[Change]) -> None:
    """Write rows of one table or fail as a whole."""
    if failed := mass.change(work.uow, changes):
        raise Conflict("merge.refused", entity=failed[0].entity.label, reason=failed[0].reason)
