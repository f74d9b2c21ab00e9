"""A chunk of rows, from cells to verdicts: every row ends up created, updated, unchanged, skipped or rejected."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DBAPIError, IntegrityError

from c360.core.actor import Verb
from c360.core.errors import C360Error, Invalid
from c360.models.customer import Customer
from c360.services import constraints
from c360.services.imports import finding, leaving
from c360.services.imports.building import Builder
from c360.services.imports.changing import Changer, Diff
from c360.services.imports.parsing import Entry, Reader
from c360.services.imports.plan import LEAVING
from c360.services.imports.rows import CREATED, REJECTED, SKIPPED, UNCHANGED, UPDATED, Outcome, Raw, Setting
from c360.services.uow import UnitOfWork


def process(uow: UnitOfWork, setting: Setting, raws: Sequence[Raw]) -> list[Outcome]:
    """Write the rows; when the database refuses a chunk, its halves are tried, down to the row that is to blame."""
    if not raws:
        return []
    rows = {key: dict(row) for key, row in uow.draft.rows.items()}
    touched = set(uow.draft.customers)
    nested = uow.session.begin_nested()
    try:
        outcomes = _Chunk(uow, setting).run(raws)
        uow.session.flush()
        nested.commit()
        return outcomes
    except (C360Error, DBAPIError) as error:
        nested.rollback()
        uow.draft.rows, uow.draft.customers = rows, touched
        if len(raws) > 1:
            half = len(raws) // 2
            return process(uow, setting, raws[:half]) + process(uow, setting, raws[half:])
        return [Outcome(raws[0].number, raws[0].cells, REJECTED, _reasons(error), ask=True)]


def _reasons(error: C360Error | DBAPIError) -> list[dict[str, Any]]:
    if isinstance(error, IntegrityError):
        error = constraints.meaning(error)
    if isinstance(error, DBAPIError):
        return [{"column": "", "key": "error.refused", "params": {}}]
    if isinstance(error, Invalid):
        return [
            {"column": name, "key": message.key, "params": _plain(message.params)}
            for name, message in error.fields.items()
        ]
    return [{"column": "", "key": error.message.key, "params": _plain(error.message.params)}]


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | float) else str(value) for name, value in params.items()}


class _Chunk:
    """One attempt at a chunk."""

    def __init__(self, uow: UnitOfWork, setting: Setting) -> None:
        self.uow, self.setting, self.plan = uow, setting, leaving.narrowed(setting.plan)
        self.reader = Reader(uow, self.plan, setting.columns)
        self.builder = Builder(uow, self.reader, setting.is_demo)
        self.outcomes: list[Outcome] = []
        self.unique = [
            n for n, t in self.reader.known.items() if t.spec and t.spec.source == "custom" and t.spec.unique
        ]

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
            put_off = self._resolve(waiting)
            ready = [entry for entry in waiting if entry.number not in put_off and not self._bad(entry)]
            again = {entry.number for entry in self._pass(ready)} | put_off
            waiting = [entry for entry in waiting if entry.number in again]
        self._trace(entries)
        return sorted(self.outcomes, key=lambda outcome: outcome.number)

    def _trace(self, entries: Sequence[Entry]) -> None:
        """Note on every row what others of the file may have in common with it."""
        known = {entry.number: entry for entry in entries}
        for outcome in self.outcomes:
            if (entry := known.get(outcome.number)) is None:
                continue
            says = finding.says(self.plan, entry, self.unique)
            outcome.wants = says | finding.named(entry)
            if outcome.verdict in (CREATED, UPDATED, UNCHANGED):
                outcome.says = says | finding.called(self.plan, entry)
            same = finding.signature(entry, self.plan.entity)
            if same and self.setting.seen.get(same) == entry.number:
                outcome.says.add(same)

    def _pass(self, entries: list[Entry]) -> list[Entry]:
        means = finding.matches(self.uow, self.plan, entries)
        changer = Changer(self.uow, self.reader, [ids[0] for ids in means.values() if len(ids) == 1])
        new, keys, later = [], dict[str, int](), []
        for entry in entries:
            key = finding.key_of(self.plan, entry) if self.plan.match else ""
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
        self._create(new)
        self.builder.write()
        return later

    def _met(self, entry: Entry, ids: list[UUID], changer: Changer) -> None:
        """A row means a record: do what the plan says."""
        if len(ids) > 1:
            self._end(entry, REJECTED, "import.match.many", ask=True, n=len(ids))
            return
        record = changer.records.get(ids[0])
        if record is None:
            self._end(entry, REJECTED, "import.match.hidden", ask=True)
            return
        if self.plan.on_match in LEAVING:
            self._change(entry, record, lambda: leaving.leave(self.uow, self.plan, self.reader.words, record))
            return
        decided = entry.decision.startswith("update:")
        if self.plan.on_match == "skip" and not decided:
            self._end(entry, SKIPPED, "import.row.known", record_id=record.id, name=record.name)
            return
        if self.plan.on_match == "ask" and not decided:
            self._end(entry, SKIPPED, "import.row.ask", ask=True, record_id=record.id, name=record.name)
            return
        self._change(entry, record, lambda: changer.change(record.id, entry))

    def _change(self, entry: Entry, record: Customer, act: Callable[[], Diff]) -> None:
        try:
            diff = act()
        except C360Error as error:
            entry.problems = self._by_column(_reasons(error))
            self._bad(entry)
            return
        outcome = self._end(entry, UPDATED if diff else UNCHANGED, record_id=record.id)
        outcome.diff, outcome.name = diff, record.name

    def _create(self, entries: list[Entry]) -> None:
        if self.plan.on_new == "skip":
            for entry in entries:
                self._end(entry, SKIPPED, "import.leave.absent" if self.plan.on_match in LEAVING else "import.row.new")
            return
        for entry in entries:
            self.reader.fill(entry)
        self._resolve(entries, wait=False)
        asked = [e for e in entries if not e.decision] if self.plan.likely == "ask" else []
        like = finding.alike(self.uow, self.plan.entity, asked, self.setting.began)
        taken = finding.taken(self.uow, self.plan.source, entries)
        unique = self._taken_values(entries)
        self.builder.expect(len(entries))
        for entry in entries:
            if entry.number in like:
                record_id, name, shared = like[entry.number]
                self._end(entry, SKIPPED, "import.row.like", ask=True, record_id=record_id, name=name, shared=shared)
            elif self._first(entry) and self._fit(entry, taken, unique):
                self._build(entry)

    def _first(self, entry: Entry) -> bool:
        """Tell whether no row above says the very same."""
        same = finding.signature(entry, self.plan.entity)
        if not same or entry.decision or self.plan.likely != "ask":
            return True
        number = self.setting.seen.setdefault(same, self.setting.first(same) or entry.number)
        if number == entry.number:
            return True
        self._end(entry, SKIPPED, "import.row.twice", row=number, ask=True)
        return False

    def _fit(self, entry: Entry, taken: set[str], unique: dict[str, set[Any]]) -> bool:
        """Check what a new record must have and what it may not share; what does not fit is rejected."""
        if entry.external_id and entry.external_id in taken:
            entry.wrong("external_id", "import.match.hidden")
        taken.add(entry.external_id)
        for name, values in unique.items():
            value = entry.values.get(name)
            if value is not None and value in values:
                entry.wrong(name, "error.taken")
            values.add(value)
        for name, target in self.reader.known.items():
            spec = target.spec
            if not spec or not spec.required or "." in name or name in ("owner_id", "responsible_id"):
                continue
            if entry.values.get(name) in (None, [], "") and name != "name":
                entry.wrong(name, "error.required", field=spec.label)
        owners = self.uow.actor.owners(self.plan.entity, Verb.CREATE)
        owner = entry.values.get("owner_id") or self.uow.actor.user_id
        if owners is not None and owner not in owners:
            entry.wrong("owner_id", "import.owner.far")
        entry.problems = self._by_column(entry.problems)
        return not self._bad(entry)

    def _build(self, entry: Entry) -> None:
        try:
            record_id = self.builder.add(entry)
        except C360Error as error:
            entry.problems = self._by_column(_reasons(error))
            self._bad(entry)
            return
        outcome = self._end(entry, CREATED, "import.row.joined" if entry.joined else "", record_id=record_id)
        outcome.name = next((r["name"] for r in reversed(self.builder.rows[Customer]) if r["id"] == record_id), "")

    def _taken_values(self, entries: list[Entry]) -> dict[str, set[Any]]:
        return {
            name: finding.taken_values(self.uow, self.plan.entity, name, said)
            for name in self.unique
            if (said := {e.values[name] for e in entries if e.values.get(name) is not None})
        }

    def _resolve(self, entries: list[Entry], *, wait: bool = True) -> set[int]:
        """Find the records that rows name (an employer, a parent); return the rows that wait for one above them."""
        wanted: dict[str, set[str]] = {}
        for entry in entries:
            for field_name, (target, name) in entry.wanted.items():
                if field_name not in entry.values:
                    wanted.setdefault(target, set()).add(name)
        found = {target: self.reader.words.records(target, names) for target, names in wanted.items()}
        above: dict[str, int] = {}
        for entry in entries if wait and wanted else ():
            for name in finding.called(self.plan, entry):
                above.setdefault(name, entry.number)
        put_off: set[int] = set()
        for entry in entries:
            for field_name, (target, name) in entry.wanted.items():
                if field_name in entry.values:
                    continue
                ids = found[target].get(name, [])
                spec = self.reader.known[field_name].spec
                if not ids and above.get(finding.call(target, name), entry.number) < entry.number:
                    put_off.add(entry.number)
                elif len(ids) != 1:
                    key = "import.reference.many" if ids else "import.reference.unknown"
                    entry.wrong(field_name, key, value=name[:100])
                else:
                    entry.values[field_name] = str(ids[0]) if spec and spec.source == "custom" else ids[0]
            entry.problems = self._by_column(entry.problems)
        return put_off

    def _by_column(self, problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Name problems by the column of the file they come from, where one does."""
        columns = {c.target: c.column for c in self.plan.columns if c.target}
        return [{**problem, "column": columns.get(problem["column"], problem["column"])} for problem in problems]

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
