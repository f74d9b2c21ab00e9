"""Rows that become relations: who is tied to whom, worded from either side, known again by both ends, type and day."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col

from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.models.relationship import RELATION, Relation, RelationType
from c360.services import fields, records
from c360.services.imports import finding, linking
from c360.services.imports.changing import Changer
from c360.services.imports.chunk import Chunk
from c360.services.imports.parsing import Entry
from c360.services.imports.plan import Plan
from c360.services.imports.rows import CREATED, Setting
from c360.services.imports.target import Target
from c360.services.imports.words import plain
from c360.services.uow import UnitOfWork

ENDS = ("from_id", "to_id")
NEEDED = (*ENDS, "type_id")
TIE = "tie"
"""The match key: both ends and the type, and the first day where a row says one."""


def targets(uow: UnitOfWork, key: str) -> dict[str, Target]:
    """Return every place the actor may write to from a file of relations."""
    lang = uow.actor.language
    found = [
        Target(n, text(lang, f"field.{n}", default=spec.label), "customers" if n in ENDS else "fields", spec)
        for n, spec in fields.writable(uow.session, RELATION, uow.actor).items()
    ]
    return {target.key: target for target in [*found, Target("id", text(lang, "import.target.id"), "other")]}


def match_keys(uow: UnitOfWork, key: str) -> dict[str, str]:
    """Return by what a row can be recognised: ``{target: label}``."""
    lang = uow.actor.language
    return {TIE: text(lang, "import.match.tie"), "id": text(lang, "import.target.id")}


def missing(plan: Plan, known: Mapping[str, Target]) -> list[str]:
    """Return what a relation needs and no column gives."""
    used = {column.target for column in plan.columns} | set(plan.defaults)
    return [known[name].label for name in NEEDED if name in known and name not in used]


class Relations(Chunk):
    """One attempt at a chunk of relations."""

    def __init__(self, uow: UnitOfWork, setting: Setting) -> None:
        super().__init__(uow, setting, setting.plan, targets(uow, "relation"))
        self.kinds: dict[UUID, RelationType] = {}
        self.wordings: dict[str, tuple[UUID, bool]] = {}
        live = uow.select("relation_type").where(col(RelationType.retired_at).is_(None))
        for kind in uow.session.exec(live):
            self.kinds[kind.id] = kind
            self.wordings.setdefault(plain(kind.reverse or ""), (kind.id, kind.shape != "equal"))
            self.wordings[plain(kind.name)] = self.wordings[str(kind.id)] = (kind.id, False)

    def resolve(self, entries: list[Entry]) -> set[int]:
        """Find the customers and the type a row names; a wording from the other side turns the row round."""
        linking.resolve(self.uow, self.plan.source, entries, every=False)
        for entry in entries:
            _, word = entry.wanted.pop("type_id", ("", ""))
            if not word:
                continue
            found = self.wordings.get(plain(word))
            if found is None:
                entry.wrong("type_id", "import.relation.unknown", value=word[:100])
                continue
            entry.values["type_id"], turned = found
            if turned:
                entry.ends = dict(zip(ENDS, (entry.ends.get(n, []) for n in reversed(ENDS)), strict=True))
        for entry in entries:
            entry.problems = self._by_column(entry.problems)
        return set()

    def key(self, entry: Entry) -> str:
        """Return both ends, the type and the first day of a row."""
        if self.plan.match != TIE:
            return super().key(entry)
        ends = [str(one) for name in ENDS for one in entry.ends.get(name, ())]
        kind = self.kinds.get(entry.values.get("type_id"))  # pyright: ignore[reportArgumentType]
        if len(ends) < len(ENDS) or kind is None:
            return ""
        ends = sorted(ends) if kind.shape == "equal" else ends
        return "\t".join((*ends, str(kind.id), str(entry.values.get("since_on") or "")))

    def look(self, keys: list[str]) -> Iterator[tuple[str, UUID]]:
        """Find relations by id, or by their ends, type and first day; one without a day fits any, and any one."""
        if self.plan.match == "id":
            yield from finding.by_id(self.uow, "relation", keys)
            return
        parted = {key: key.split("\t") for key in keys}
        ends = sorted({UUID(one) for parts in parted.values() for one in parts[:2]})
        known: dict[tuple[str, ...], list[tuple[str, UUID]]] = {}
        for portion in finding.parts(ends):
            rows = self.uow.session.exec(self.uow.select("relation").where(col(Relation.from_id).in_(portion)))
            for row in rows:
                pair = (str(row.from_id), str(row.to_id))
                since = (str(row.since_on or ""), row.id)
                for ordered in {pair, tuple(sorted(pair))} if self._is_equal(row) else {pair}:
                    known.setdefault((*ordered, str(row.type_id)), []).append(since)
        for key, (*tie, day) in parted.items():
            held = known.get(tuple(tie), [])
            fits = [one for since, one in held if since == day] or [one for since, one in held if not since or not day]
            yield from ((key, one) for one in dict.fromkeys(fits))

    def _is_equal(self, row: Relation) -> bool:
        return row.type_id in self.kinds and self.kinds[row.type_id].shape == "equal"

    def changer(self, ids: Sequence[UUID]) -> Changer:
        """Load the relations that rows mean."""
        return RelationChanger(self.uow, self.reader, ids)

    def title(self, record: Any) -> str:
        """Return how a relation reads."""
        return self.kinds[record.type_id].name if record.type_id in self.kinds else ""

    def create(self, entries: list[Entry]) -> None:
        """Tie the customers of every row that means no relation yet."""
        self.resolve(entries)
        for entry in entries:
            told = {**entry.values, **{n: ends[0] for n, ends in entry.ends.items() if ends}}
            for name in NEEDED:
                if name not in told and not entry.problems:
                    entry.wrong(name, "error.required", field=self.reader.known[name].label)
            entry.problems = self._by_column(entry.problems)
            if not self._bad(entry):
                self._tie(entry, told)

    def _tie(self, entry: Entry, told: Mapping[str, Any]) -> None:
        session = self.uow.session
        fresh = {id(row) for row in session.new}
        try:
            made = records.add(self.uow, RELATION, told)
        except C360Error as error:
            for row in [row for row in session.new if id(row) not in fresh]:
                session.expunge(row)
            self._refuse(entry, error)
            return
        self._end(entry, CREATED, record_id=made.id).name = self.title(made)


class RelationChanger(Changer):
    """The relations the rows of one chunk mean."""

    def may(self, record: Any) -> None:
        """Leave the right to the guard of every write: a relation is changed by who may change one of its ends."""
