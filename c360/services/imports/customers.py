"""Rows that become customers: matched by the plan's key, asked about when they look like somebody, made in bulk."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from c360.core.actor import Verb
from c360.core.errors import C360Error
from c360.models.customer import Customer
from c360.services.duplicates import doors
from c360.services.imports import finding, leaving, likeness
from c360.services.imports.building import Builder
from c360.services.imports.changing import Changer
from c360.services.imports.chunk import Chunk
from c360.services.imports.parsing import Entry
from c360.services.imports.parts import CustomerChanger
from c360.services.imports.plan import LEAVING
from c360.services.imports.rows import CREATED, SKIPPED, Setting
from c360.services.imports.targets import targets
from c360.services.uow import UnitOfWork


class Customers(Chunk):
    """One attempt at a chunk of contacts or accounts."""

    def __init__(self, uow: UnitOfWork, setting: Setting) -> None:
        super().__init__(uow, setting, leaving.narrowed(setting.plan), targets(uow, setting.plan.entity))
        self.builder = Builder(uow, self.reader, setting.is_demo)
        self.unique = [
            n for n, t in self.reader.known.items() if t.spec and t.spec.source == "custom" and t.spec.unique
        ]

    def look(self, keys: list[str]) -> Iterator[tuple[str, UUID]]:
        """Yield the customers the plan's match key finds."""
        yield from finding.customers(self.uow, self.plan, keys)

    def title(self, record: Any) -> str:
        """Return a customer's name."""
        return record.name

    def changer(self, ids: Sequence[UUID]) -> Changer:
        """Load the customers that rows mean, with their parts."""
        return CustomerChanger(self.uow, self.reader, ids)

    def says(self, entry: Entry) -> set[str]:
        """Return what one customer may say alone, unique values included."""
        return finding.says(entry, self.key(entry) if self.plan.match else "", self.unique)

    def named(self, entry: Entry) -> set[str]:
        """Return the customers a row names: an employer, a parent."""
        return finding.named(entry)

    def called(self, entry: Entry) -> set[str]:
        """Return the name other rows call this one by."""
        return finding.called(self.plan, entry)

    def same(self, entry: Entry) -> str:
        """Return name, e-mail, phone, birth date and city together."""
        return finding.signature(entry, self.plan.entity)

    def meet(self, entry: Entry, record: Any, changer: Changer) -> None:
        """Change a customer or end him, as the plan says."""
        if self.plan.on_match in LEAVING:
            self._change(entry, record, lambda: leaving.leave(self.uow, self.plan, self.reader.words, record))
        else:
            super().meet(entry, record, changer)

    def unlike(self, entries: list[Entry]) -> list[Entry]:
        """Return the rows that look like nobody; the others are put to a person, or to who is there, by the door."""
        asked = [entry for entry in entries if not entry.decision]
        met = likeness.met(self.uow, self.plan, asked, self.setting.began)
        linked = self.changer([one.record_id for one in met.values() if one.act == doors.LINK])
        for entry in asked:
            if (one := met.get(entry.number)) is None:
                continue
            if one.act == doors.LINK:
                record, fill = linked.records[one.record_id], partial(linked.change, one.record_id, entry)
                self._change(entry, record, fill, "import.row.linked", **one.params)
            else:
                self._end(entry, SKIPPED, "import.row.like", ask=True, record_id=one.record_id, **one.params)
        return [entry for entry in entries if entry.number not in met]

    def create(self, entries: list[Entry]) -> None:
        """Make customers of the rows that look like nobody who is there."""
        self._find(entries, wait=False)
        taken = finding.taken(self.uow, self.plan.source, entries)
        unique = self._taken_values(entries)
        self.builder.expect(len(entries))
        for entry in entries:
            if self._first(entry) and self._fit(entry, taken, unique):
                self._build(entry)
        self.builder.write()

    def _first(self, entry: Entry) -> bool:
        """Tell whether no row above says the very same."""
        same = finding.signature(entry, self.plan.entity)
        if not same or entry.decision or self.plan.on_duplicate not in (doors.LINK, doors.REFUSE):
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
            self._refuse(entry, error)
            return
        outcome = self._end(entry, CREATED, "import.row.joined" if entry.joined else "", record_id=record_id)
        outcome.name = next((r["name"] for r in reversed(self.builder.rows[Customer]) if r["id"] == record_id), "")

    def _taken_values(self, entries: list[Entry]) -> dict[str, set[Any]]:
        return {
            name: finding.taken_values(self.uow, self.plan.entity, name, said)
            for name in self.unique
            if (said := {e.values[name] for e in entries if e.values.get(name) is not None})
        }

    def resolve(self, entries: list[Entry]) -> set[int]:
        """Find the records that rows name; those of rows above them are waited for."""
        return self._find(entries, wait=True)

    def _find(self, entries: list[Entry], *, wait: bool) -> set[int]:
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
