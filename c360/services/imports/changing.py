"""Rows that mean a record there is already: what the plan lets them change, through the rules every edit obeys."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from c360.core.actor import Verb
from c360.core.errors import C360Error
from c360.query.expressions import plain
from c360.registry.entity import entity_for
from c360.services import records, rights
from c360.services.imports.finding import parts
from c360.services.imports.parsing import Entry, Reader
from c360.services.uow import UnitOfWork

Diff = list[dict[str, Any]]
"""What a row would change: field, value before, value after."""

FORBIDDEN = "forbidden_media"
"""What a file may add to and never takes away: no import lets anybody be contacted who must not be."""


class Changer:
    """The records the rows of one chunk mean, loaded in one question."""

    def __init__(self, uow: UnitOfWork, reader: Reader, ids: Sequence[UUID]) -> None:
        self.uow, self.reader, self.plan = uow, reader, reader.plan
        self.entity = entity_for(reader.plan.entity)
        self.records: dict[UUID, Any] = {}
        model: Any = self.entity.model
        for portion in parts(ids):
            found = uow.session.exec(uow.select(self.entity.key).where(model.id.in_(portion)))
            self.records |= {record.id: record for record in found}

    def may(self, record: Any) -> None:
        """Raise ``Forbidden`` unless the actor may change a record."""
        rights.check(self.uow.actor, record, Verb.UPDATE)

    def others(self, record: Any, entry: Entry) -> Diff:
        """Change what hangs on a record."""
        return []

    def beside(self, record: Any) -> list[Any]:
        """Return the rows beside a record that a change may have touched."""
        return []

    def change(self, record_id: UUID, entry: Entry) -> Diff:
        """Change a record as far as the plan allows and return what changed."""
        record = self.records[record_id]
        self.may(record)
        values = self._allowed(entry, lambda name: self._held(record, name))
        if "owner_id" in values:
            rights.check(self.uow.actor, record, Verb.ASSIGN)
        fresh = {id(row) for row in self.uow.session.new}
        try:
            diff = [{"field": n, "before": plain(self._held(record, n)), "after": plain(v)} for n, v in values.items()]
            if values:
                records.assign(self.uow, self.entity, record, values)
            return diff + self.others(record, entry)
        except C360Error:
            for row in [row for row in self.uow.session.new if id(row) not in fresh]:
                self.uow.session.expunge(row)
            for row in [record, *self.beside(record)]:
                if row not in self.uow.session.new:
                    self.uow.session.refresh(row)
            raise

    def _held(self, record: Any, name: str) -> Any:
        return getattr(record, name) if name in type(record).model_fields else (record.custom or {}).get(name)

    def _allowed(self, entry: Entry, held: Any) -> dict[str, Any]:
        """Return the values that are to be set: those the policy lets through and that differ."""
        found: dict[str, Any] = {}
        for name, value in entry.values.items():
            now = held(name)
            if name == FORBIDDEN:
                value = [*now, *(v for v in value or () if v not in now)]
            if value is None or plain(value) == plain(now):
                continue
            if self.plan.on_match == "append" and isinstance(now, list) and now:
                value = [*now, *(v for v in value if v not in now)]
            elif self.plan.on_match == "append" and name == "notes" and now:
                value = now if value in now else f"{now}\n{value}"
            elif self.plan.on_match != "overwrite" and now not in (None, [], ""):
                continue
            if plain(value) != plain(now):
                found[name] = value
        if self.plan.on_match == "overwrite":
            known = self.reader.known
            for name in entry.erased:
                spec = known[name].spec
                if spec and not spec.required and name != FORBIDDEN and held(name) not in (None, [], ""):
                    found[name] = [] if spec.kind.multiple else None
        return found
