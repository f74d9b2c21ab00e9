"""What a merge is told and tells: plain data, texts in the reader's language, nothing he may not read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from c360.core.errors import Conflict

FEWEST, MOST = 2, 20
"""How many records one merge may have."""
APPEND = "append"
OF, BY, TYPED = "of:", "by:", "typed:"
"""How a pick begins: a record's value, a strategy's, or one somebody typed."""
CONFLICT, FILLED, EQUAL = "conflict", "filled", "equal"
KEEP_NOW, PUT_BACK = "now", "former"


@dataclass(frozen=True, slots=True)
class Participant:
    """One record of the merge: a column of the table."""

    id: UUID
    label: str
    sub: str
    owner: str
    created_at: str
    updated_at: str
    filled: int
    related: int


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One line of the table: a field, or several that are chosen as one (a name, an address).

    ``cells`` holds each participant's text, in their order. ``pick`` is what holds unless somebody picks another;
    ``results`` tells what each offered strategy would give. ``locked`` is the sentence that says why nobody picks.
    """

    name: str
    label: str
    section: str
    group: str
    cells: tuple[str, ...]
    pick: str
    results: Mapping[str, str] = field(default_factory=dict)
    locked: str = ""
    widget: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Collection:
    """One kind of rows that hang on the participants: how many each has, how many are twins, a few of them."""

    key: str
    label: str
    counts: tuple[int, ...]
    total: int
    collisions: int
    samples: tuple[str, ...]
    replaceable: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """Everything the wizard shows before anything is chosen."""

    entity: str
    survivor_id: UUID
    reason: str
    participants: tuple[Participant, ...]
    fields: tuple[FieldRow, ...]
    collections: tuple[Collection, ...]
    conflicts: int
    filled: int
    equal: int
    questions: tuple["Question", ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A reason for doubt a person must confirm before the merge may happen."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen. What is not named takes its proposed value; a collection not named is appended.

    ``fields`` maps a line's name to a pick: ``of:<record id>``, ``by:<strategy>`` or ``typed:<text>``.
    ``collections`` maps a collection's key to ``append`` or to the id of the record whose rows replace the others'.
    """

    survivor_id: UUID
    fields: Mapping[str, str] = field(default_factory=dict)
    collections: Mapping[str, str] = field(default_factory=dict)
    confirmed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Moved:
    """What the merge does to one kind of rows: how many move, fold into a twin, are replaced, or were dropped."""

    key: str
    label: str
    moved: int = 0
    collapsed: int = 0
    replaced: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """One field of the survivor as the merge leaves it."""

    name: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Stand:
    """How a purpose stands on a medium for somebody: the state a consent shows, and why."""

    who: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class Permission:
    """One purpose on one medium: how it stands with each participant, in their order, and with the survivor after."""

    purpose: str
    medium: str
    before: list[Stand]
    after: Stand


@dataclass(frozen=True, slots=True)
class Plan:
    """A merge that was executed and rolled back: what it shows is what happens, as long as its fingerprint holds."""

    fingerprint: str
    entity: str
    survivor_id: UUID
    rows: int
    moved: tuple[Moved, ...]
    results: tuple[Result, ...]
    questions: tuple[Question, ...] = ()
    second: str = ""
    """Why somebody else must approve it; empty when nobody must."""
    permissions: tuple[Permission, ...] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge that happened: its change set, and who is left."""

    set_id: UUID
    entity: str
    survivor_id: UUID
    loser_ids: tuple[UUID, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Since:
    """One change somebody made to a participant after the plan: who, when, what."""

    record_id: UUID
    label: str
    who: str
    at: str
    what: str
    fields: tuple[tuple[str, str, str], ...] = ()
    """Label, old and new text of each field the reader may see."""


class Stale(Conflict):
    """The plan no longer holds: ``since`` names what happened meanwhile."""

    def __init__(self, since: tuple[Since, ...]) -> None:
        who = ", ".join(dict.fromkeys(f"{one.who}: {one.label}" for one in since)) or "–"
        super().__init__("merge.stale", what=who)
        self.since = since


class Unanswered(Conflict):
    """The merge needs answers first: ``questions`` asks them."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        super().__init__("merge.unanswered", what="; ".join(one.text for one in questions))
        self.questions = questions


@dataclass(frozen=True, slots=True)
class Clashed:
    """A value somebody changed after the merge: what it was before, what the merge made of it, what it is now."""

    key: str
    record_id: UUID
    entity: str
    label: str
    field: str
    before: str
    merged: str
    now: str


@dataclass(frozen=True, slots=True)
class Fresh:
    """A row the survivor got after the merge; it stays with him unless it is assigned to another participant."""

    key: str
    entity: str
    label: str
    at: str


@dataclass(frozen=True, slots=True)
class Unmerging:
    """What an un-merge would do: who comes back, what has to be asked, what has to be assigned, what stands in the way.

    ``blocked`` is the sentence that says why it cannot be done now, "" when it can.
    """

    set_id: UUID
    entity: str
    survivor_id: UUID
    survivor: str
    losers: tuple[tuple[UUID, str], ...]
    rows: int
    clashes: tuple[Clashed, ...] = ()
    fresh: tuple[Fresh, ...] = ()
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What to do with what changed since a merge.

    ``values`` maps a clash's key to ``now`` (leave it, also when it is not named) or ``former`` (put it back);
    ``rows`` maps a fresh row's key to the id of the participant it belongs to.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alias:
    """Where an old id leads: the survivor, and the merge that took the record there."""

    id: UUID
    survivor_id: UUID
    entity: str
    label: str
    survivor: str
    set_id: UUID | None
    at: str
    who: str


Told = Mapping[str, Any]
