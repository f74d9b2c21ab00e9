"""Rows that mean a record there is already: what the plan lets them change, through the rules every edit obeys."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.errors import C360Error
from c360.models.address import Address
from c360.models.communication import Communication, normalised
from c360.models.contact_person import ContactPerson
from c360.models.customer import Customer
from c360.models.external_reference import ExternalReference
from c360.models.tag import Tagging
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
    """The records the rows of one chunk mean, loaded with their parts in one question a table."""

    def __init__(self, uow: UnitOfWork, reader: Reader, ids: Sequence[UUID]) -> None:
        self.uow, self.reader, self.plan = uow, reader, reader.plan
        self.entity = entity_for(reader.plan.entity)
        self.records: dict[UUID, Customer] = {}
        for portion in parts(ids):
            found = uow.session.exec(uow.select(self.entity.key).where(col(Customer.id).in_(portion)))
            self.records |= {record.id: record for record in found}
        self.addresses = self._beside(Address)
        self.options = self._beside(Communication)
        self.tags = self._beside(Tagging)
        self.references = self._beside(ExternalReference)

    def _beside(self, model: Any) -> dict[UUID, list[Any]]:
        found: dict[UUID, list[Any]] = defaultdict(list)
        for portion in parts(self.records):
            query = select(model).where(col(model.customer_id).in_(portion), col(model.archived_at).is_(None))
            for row in self.uow.session.exec(query):
                found[row.customer_id].append(row)
        return found

    def change(self, record_id: UUID, entry: Entry) -> Diff:
        """Change a record as far as the plan allows and return what changed."""
        record = self.records[record_id]
        rights.check(self.uow.actor, record, Verb.UPDATE)
        values = self._allowed(entry, lambda name: self._held(record, name))
        if "owner_id" in values:
            rights.check(self.uow.actor, record, Verb.ASSIGN)
        fresh = set(self.uow.session.new)
        try:
            diff = [{"field": n, "before": plain(self._held(record, n)), "after": plain(v)} for n, v in values.items()]
            if values:
                records.assign(self.uow, self.entity, record, values)
            return diff + self._places(record, entry) + self._reach(record, entry) + self._others(record, entry)
        except C360Error:
            for row in set(self.uow.session.new) - fresh:
                self.uow.session.expunge(row)
            for row in [record, *self.addresses[record.id], *self.options[record.id]]:
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

    def _places(self, record: Customer, entry: Entry) -> Diff:
        diff: Diff = []
        entity = entity_for("address")
        for role, said in entry.addresses.items():
            said = {name: value for name, value in said.items() if value}
            known = next((a for a in self.addresses[record.id] if a.role == role), None)
            if known is None and said:
                made = records.add(self.uow, entity, {**said, "role": role}, customer_id=record.id)
                self.addresses[record.id].append(made)
                diff += [{"field": f"address.{role}.{n}", "before": None, "after": v} for n, v in said.items()]
                continue
            over = self.plan.on_match == "overwrite"
            wanted = {n: v for n, v in said.items() if v != getattr(known, n) and (over or not getattr(known, n))}
            if wanted:
                diff += [
                    {"field": f"address.{role}.{n}", "before": getattr(known, n), "after": v} for n, v in wanted.items()
                ]
                records.assign(self.uow, entity, known, wanted)
        return diff

    def _reach(self, record: Customer, entry: Entry) -> Diff:
        diff: Diff = []
        own = [("email", record.email), ("phone", record.phone), ("web", record.website)]
        seen = {(family, normalised(family, value)) for family, value in own if value}
        seen |= {(option.family, option.normalised) for option in self.options[record.id]}
        for family, value, type_id in entry.reach:
            same = (family, normalised(family, value))
            if same not in seen:
                seen.add(same)
                said = {"family": family, "value": value, "type_id": type_id}
                made = records.add(self.uow, entity_for("communication"), said, customer_id=record.id)
                self.options[record.id].append(made)
                diff.append({"field": f"reach.{family}", "before": None, "after": value})
        return diff

    def _others(self, record: Customer, entry: Entry) -> Diff:
        diff: Diff = []
        has = {tagging.tag_id for tagging in self.tags[record.id]}
        for tag_id in dict.fromkeys(entry.tags):
            if tag_id not in has:
                made = records.add(self.uow, entity_for("tagging"), {}, customer_id=record.id, tag_id=tag_id)
                self.tags[record.id].append(made)
                diff.append({"field": "tags", "before": None, "after": str(tag_id)})
        known_as = {(r.source, r.external_id) for r in self.references[record.id]}
        if entry.external_id and (self.plan.source, entry.external_id) not in known_as:
            said = {"source": self.plan.source, "external_id": entry.external_id}
            self.references[record.id].append(
                records.add(self.uow, entity_for("external_reference"), said, customer_id=record.id)
            )
            diff.append({"field": "external_id", "before": None, "after": entry.external_id})
        return diff + (self._person(record, entry.person) if entry.person else [])

    def _person(self, record: Customer, said: Mapping[str, Any]) -> Diff:
        """Add a contact person the account does not have yet."""
        told = {n: v for n, v in said.items() if n != "role_id"}
        name = " ".join(filter(None, (told.get("given_name"), told.get("family_name"))))
        people = select(Customer.name).join(ContactPerson, col(ContactPerson.contact_id) == col(Customer.id))
        with self.uow.session.no_autoflush:
            known = self.uow.session.exec(
                people.where(ContactPerson.account_id == record.id, col(ContactPerson.archived_at).is_(None))
            ).all()
        if not name or name in known:
            return []
        lists = self.reader.words.defaults
        given = {f"{n}_id": lists.get(n) for n in ("segment", "status", "channel", "contact_type")}
        given |= {"owner_id": record.owner_id, "employer_id": record.id}
        person = records.add(self.uow, entity_for("contact"), {**given, **told})
        self.uow.session.flush([person])
        link = {"contact_id": person.id, "role_id": said.get("role_id")}
        records.add(self.uow, entity_for("contact_person"), link, account_id=record.id)
        return [{"field": "person.name", "before": None, "after": name}]
