"""The way of every chunk: rows read, those that mean a record changed, the others made; shapes say how."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from c360.core.errors import C360Error
from c360.services.imports import finding
from c360.services.imports.changing import Changer, Diff
from c360.services.imports.parsing import Entry, Reader
from c360.services.imports.plan import LEAVING, Plan
from c360.services.imports.reasons import by_column, reasons
from c360.services.imports.rows import CREATED, REJECTED, SKIPPED, UNCHANGED, UPDATED, Outcome, Raw, Setting
from c360.services.imports.target import Target
from c360.services.uow import UnitOfWork


class Chunk(ABC):
    """One attempt at a chunk of rows for one entity."""

    def __init__(self, uow: UnitOfWork, setting: Setting, plan: Plan, known: dict[str, Target]) -> None:
        self.uow, self.setting, self.plan = uow, setting, plan
        self.reader = Reader(uow, plan, setting.columns, known)
        self.outcomes: list[Outcome] = []

    def run(self, raws: Sequence[Raw]) -> list[Outcome]:
        """Take in every row; those that mean or name a row above them wait until it is written."""
        entries = []
        for raw in raws:
            if raw.decision == "skip":
                self._end(Entry(raw.number, raw.cells), SKIPPED, "import.row.decided")
                continue
            entries.append(self.reader.read(raw.number, raw.cells, decision=raw.decision, joined=raw.joined))
        waiting = entries
        while waiting:
            put_off = self.resolve(waiting)
            ready = [entry for entry in waiting if entry.number not in put_off and not self._bad(entry)]
            again = {entry.number for entry in self._pass(ready)} | put_off
            waiting = [entry for entry in waiting if entry.number in again]
        self._trace(entries)
        return sorted(self.outcomes, key=lambda outcome: outcome.number)

    @abstractmethod
    def resolve(self, entries: list[Entry]) -> set[int]:
        """Find the records that rows name; return the numbers of the rows that wait for one above them."""

    @abstractmethod
    def look(self, keys: list[str]) -> Iterator[tuple[str, UUID]]:
        """Yield the records that match keys find, each with its key."""

    @abstractmethod
    def changer(self, ids: Sequence[UUID]) -> Changer:
        """Load the records that rows mean."""

    @abstractmethod
    def create(self, entries: list[Entry]) -> None:
        """Give every row that means no record its verdict, and write what is to be made."""

    def unlike(self, entries: list[Entry]) -> list[Entry]:
        """Return the rows that look like nobody who is there; give the others their verdict."""
        return entries

    @abstractmethod
    def title(self, record: Any) -> str:
        """Return what a record is called."""

    def key(self, entry: Entry) -> str:
        """Return what a row is recognised by, "" when it does not say."""
        return finding.key_of(self.plan, entry)

    def says(self, entry: Entry) -> set[str]:
        """Return what one record may say alone: the key rows are recognised by, an external id."""
        return finding.says(entry, self.key(entry) if self.plan.match else "")

    def named(self, entry: Entry) -> set[str]:
        """Return the records of other rows that a row names."""
        return set()

    def called(self, entry: Entry) -> set[str]:
        """Return what other rows call the record of this one by."""
        return set()

    def same(self, entry: Entry) -> str:
        """Return what makes two rows of one file the same, "" when nothing does."""
        return ""

    def _trace(self, entries: Sequence[Entry]) -> None:
        """Note on every row what others of the file may have in common with it."""
        known = {entry.number: entry for entry in entries}
        for outcome in self.outcomes:
            if (entry := known.get(outcome.number)) is None:
                continue
            says = self.says(entry)
            outcome.wants = says | self.named(entry)
            if outcome.verdict in (CREATED, UPDATED, UNCHANGED):
                outcome.says = says | self.called(entry)
            same = self.same(entry)
            if same and self.setting.seen.get(same) == entry.number:
                outcome.says.add(same)

    def _pass(self, entries: list[Entry]) -> list[Entry]:
        told = {entry.number: self.key(entry) if self.plan.match else "" for entry in entries}
        means = finding.matches(entries, told, self.look)
        changer = self.changer([ids[0] for ids in means.values() if len(ids) == 1])
        new, keys, later = [], dict[str, int](), []
        for entry in entries:
            key = told[entry.number]
            if key and key in keys and entry.number not in means:
                if self.plan.on_match == "skip":
                    self._end(entry, SKIPPED, "import.row.twice", row=keys[key])
                else:
                    later.append(entry)
                continue
            if key:
                keys[key] = entry.number
            if entry.number in means:
                self._met(entry, means[entry.number], changer)
            else:
                new.append(entry)
        self._new(new)
        return later

    def _new(self, entries: list[Entry]) -> None:
        """Rows mean no record yet: do what the plan says."""
        if self.plan.on_new == "skip":
            for entry in entries:
                self._end(entry, SKIPPED, "import.leave.absent" if self.plan.on_match in LEAVING else "import.row.new")
            return
        entries = self.unlike(entries)
        for entry in entries:
            self.reader.fill(entry)
        self.create(entries)

    def _met(self, entry: Entry, ids: list[UUID], changer: Changer) -> None:
        """A row means a record: do what the plan says."""
        if len(ids) > 1:
            self._end(entry, REJECTED, "import.match.many", ask=True, n=len(ids))
            return
        record = changer.records.get(ids[0])
        if record is None:
            self._end(entry, REJECTED, "import.match.hidden", ask=True)
            return
        self.meet(entry, record, changer)

    def meet(self, entry: Entry, record: Any, changer: Changer) -> None:
        """Do to a record what the plan says of those that are there already."""
        decided, name = entry.decision.startswith("update:"), self.title(record)
        if self.plan.on_match == "skip" and not decided:
            self._end(entry, SKIPPED, "import.row.known", record_id=record.id, name=name)
        elif self.plan.on_match == "ask" and not decided:
            self._end(entry, SKIPPED, "import.row.ask", ask=True, record_id=record.id, name=name)
        else:
            self._change(entry, record, lambda: changer.change(record.id, entry))

    def _change(self, entry: Entry, record: Any, act: Callable[[], Diff], key: str = "", **params: Any) -> None:
        try:
            diff = act()
        except C360Error as error:
            self._refuse(entry, error)
            return
        outcome = self._end(entry, UPDATED if diff else UNCHANGED, key, record_id=record.id, **params)
        outcome.diff, outcome.name = diff, self.title(record)

    def _refuse(self, entry: Entry, error: C360Error) -> None:
        entry.problems = self._by_column(reasons(error))
        self._bad(entry)

    def _by_column(self, problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return by_column(self.plan, problems)

    def _bad(self, entry: Entry) -> bool:
        if entry.problems:
            self.outcomes.append(Outcome(entry.number, entry.cells, REJECTED, entry.problems, ask=True))
        return bool(entry.problems)

    def _end(
        self,
        entry: Entry,
        verdict: str,
        key: str = "",
        *,
        ask: bool = False,
        record_id: UUID | None = None,
        **params: Any,
    ) -> Outcome:
        reasons = [{"column": "", "key": key, "params": params}] if key else []
        outcome = Outcome(entry.number, entry.cells, verdict, reasons, record_id, ask)
        self.outcomes.append(outcome)
        return outcome
