"""What a row changes of a customer beside his own fields: addresses, ways to reach him, tags, ids, contact persons."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.models.address import Address
from c360.models.communication import Communication, normalised
from c360.models.contact_person import ContactPerson
from c360.models.customer import Customer
from c360.models.external_reference import ExternalReference
from c360.models.tag import Tagging
from c360.registry.entity import entity_for
from c360.services import records
from c360.services.imports.changing import Changer, Diff
from c360.services.imports.finding import parts
from c360.services.imports.parsing import Entry, Reader
from c360.services.uow import UnitOfWork


class CustomerChanger(Changer):
    """The customers the rows of one chunk mean, loaded with their parts in one question a table."""

    def __init__(self, uow: UnitOfWork, reader: Reader, ids: Sequence[UUID]) -> None:
        super().__init__(uow, reader, ids)
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

    def others(self, record: Customer, entry: Entry) -> Diff:
        """Change what hangs on a customer."""
        return self._places(record, entry) + self._reach(record, entry) + self._rest(record, entry)

    def beside(self, record: Customer) -> list[Any]:
        """Return addresses and ways to reach him: rules between them may have touched any."""
        return [*self.addresses[record.id], *self.options[record.id]]

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

    def _rest(self, record: Customer, entry: Entry) -> Diff:
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
