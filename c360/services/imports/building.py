"""New records in bulk: rows for every table they touch, inserted together, with their own lines in the journal.

What the rules between records would do one by one (primary options, the main address's city, the current job) is
done here for a whole chunk at once.
"""

from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.models.address import Address
from c360.models.communication import Communication, normalised
from c360.models.contact_person import ContactPerson
from c360.models.customer import Customer
from c360.models.employment import Employment
from c360.models.external_reference import ExternalReference
from c360.models.tag import Tagging
from c360.registry.record import Row
from c360.services import codes, journal
from c360.services.imports.parsing import Entry, Reader
from c360.services.rules import communications, customers
from c360.services.uow import UnitOfWork

TABLES: tuple[type[Row], ...] = (
    Customer, Address, Communication, ContactPerson, Employment, ExternalReference, Tagging,
)  # fmt: skip
"""In the order their references need."""
MIRRORED = {"email": "email", "phone": "phone", "web": "website"}


BLANK: dict[type[Row], dict[str, Any]] = {
    model: {n: None if f.is_required() or f.default_factory else f.default for n, f in model.model_fields.items()}
    for model in TABLES
}
"""What every row of a table starts from."""


class Builder:
    """New records of one chunk, gathered, then written at once."""

    def __init__(self, uow: UnitOfWork, reader: Reader, is_demo: bool = False) -> None:
        self.uow, self.reader, self.is_demo = uow, reader, is_demo
        self.now: datetime = utc_now()
        self.codes: list[str] = []
        self.rows: dict[type[Row], list[dict[str, Any]]] = {model: [] for model in TABLES}

    def customer(self, kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the row of a new customer, settled and checked like any other; ``Invalid`` when it cannot be."""
        row = self._row(Customer, kind=kind, is_demo=self.is_demo, category_ids=[], preferred_media=[])
        row |= {"forbidden_media": [], "custom": {}, **values}
        for name in ("owner_id", "responsible_id"):
            row[name] = row[name] or self.uow.actor.user_id
        settled: Any = SimpleNamespace(**row)
        Customer.settle(settled)
        customers.check_facts(settled, values)
        communications.keep_media(settled, values)
        row |= {n: getattr(settled, n) for n in ("name", "sort_name", "treated_as", "preferred_media")}
        return row

    def expect(self, n: int) -> None:
        """Take codes for so many new accounts at once."""
        if self.reader.plan.entity == "account":
            self.codes = codes.take(self.uow.session, n)[::-1]

    def add(self, entry: Entry) -> UUID:
        """Take in a new record with everything its row says, and return its id."""
        entity = self.reader.plan.entity
        row = self.customer(entity, self._split(entity, entry.values))
        if entity == "account" and self.codes:
            row["code"] = self.codes.pop()
        self._place(row, entry)
        self._options(row, entry.reach)
        person = self._person(row, entry.person) if entry.person else None
        self._take(Customer, entity, row, row["id"])
        if person:
            self._take(Customer, "contact", person, person["id"])
        if row["employer_id"]:
            self._employ(row)
        for tag_id in dict.fromkeys(entry.tags):
            self._part(Tagging, "tagging", row["id"], tag_id=tag_id)
        if entry.external_id:
            known_as = {"source": self.reader.plan.source, "external_id": entry.external_id, "refreshed_at": self.now}
            self._part(ExternalReference, "external_reference", row["id"], **known_as)
        return row["id"]

    def write(self) -> None:
        """Insert what was gathered."""
        for model in TABLES:
            if rows := self.rows[model]:
                self.uow.session.execute(insert(model.__table__), rows)
                self.rows[model] = []

    def _row(self, model: type[Row], **values: Any) -> dict[str, Any]:
        return {
            **BLANK[model], "id": new_id(), "created_at": self.now, "updated_at": self.now,
            "created_by_id": self.uow.actor.user_id, "updated_by_id": self.uow.actor.user_id, **values,
        }  # fmt: skip

    def _take(self, model: type[Row], entity: str, row: dict[str, Any], customer_id: UUID) -> None:
        self.rows[model].append(row)
        self.uow.draft.note(entity, row["id"], "create", None, journal.told_of(model, row), 1, customer_id)

    def _part(self, model: type[Row], entity: str, customer_id: UUID, **values: Any) -> None:
        self._take(model, entity, self._row(model, customer_id=customer_id, **values), customer_id)

    def _split(self, entity: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values with those of administrators' fields in the JSON they live in."""
        own = {n: v for n, v in values.items() if n in Customer.model_fields and v is not None}
        custom = {n: v for n, v in values.items() if n not in Customer.model_fields and v is not None}
        return {**own, "custom": custom} if custom else own

    def _place(self, row: dict[str, Any], entry: Entry) -> None:
        places = {role: found for role, found in entry.addresses.items() if any(found.values())}
        for role, found in places.items():
            self._part(Address, "address", row["id"], role=role, **found)
        if places:
            main = places.get("main") or next(iter(places.values()))
            row["city"], row["country"] = main.get("city"), main.get("country")

    def _options(self, row: dict[str, Any], reach: list[tuple[str, str, UUID | None]]) -> None:
        """Write down every way to reach a customer; the first of each family is primary and his own."""
        own = [(family, row[name], None) for family, name in MIRRORED.items() if row[name]]
        seen: set[tuple[str, str]] = set()
        primary: set[str] = set()
        for family, value, type_id in [*own, *reach]:
            same = (family, normalised(family, value))
            if same in seen:
                continue
            seen.add(same)
            first = family not in primary
            if first and (name := MIRRORED.get(family)) and not row[name]:
                row[name] = value
            primary.add(family)
            self._part(
                Communication, "communication", row["id"], family=family, value=value, normalised=same[1],
                type_id=type_id, is_primary=first,
            )  # fmt: skip

    def _person(self, account: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
        """Return the row of an account's contact person, linked to the account and employed there."""
        role_id = said.pop("role_id", None)
        lists = self.reader.words.defaults
        given = {f"{n}_id": lists.get(n) for n in ("segment", "status", "channel", "contact_type")}
        given |= {n: account[n] for n in ("owner_id", "responsible_id")}
        person = self.customer("contact", {**given, **said, "employer_id": account["id"]})
        self._options(person, [])
        link = self._row(
            ContactPerson, account_id=account["id"], contact_id=person["id"], role_id=role_id, is_primary=True
        )
        self._take(ContactPerson, "contact_person", link, account["id"])
        self._employ(person)
        return person

    def _employ(self, person: dict[str, Any]) -> None:
        job = self._row(
            Employment, contact_id=person["id"], account_id=person["employer_id"], job_title=person["job_title"],
            department=person["department"], is_main=True,
        )  # fmt: skip
        self._take(Employment, "employment", job, person["id"])
