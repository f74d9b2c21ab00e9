"""Random graphs of customers with rows in every table of the census, found by reflection; and what they look like."""

import random
import string
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, DateTime, Integer, Uuid, insert, select
from sqlalchemy.exc import IntegrityError

from c360.core.db import engine
from c360.core.ids import new_id
from c360.models.census import links
from c360.models.customer import Customer
from c360.registry.entity import marks_of
from c360.registry.marks import OnMerge, Options, PickList
from c360.services import counters, mass, search
from c360.services.merging import tables
from c360.services.uow import unit_of_work

WORDS = ("Zoë", "Müller", "山田", "שלום", "ann", "ANN", "O'Brien", "🚀", "x" * 40, "")
BOOKKEEPING = ("version", "updated_at", "updated_by_id")
JOURNAL = ("change_set", "change_row", "access_log", "search_document", "job", "duplicate_group")
NAMES = ("given_name", "family_name", "middle_name", "job_title", "tax_number", "alternative_names", "notes")


def models():
    """Every table that names a customer, after the tables its rows hang on."""
    kept = (link for link in links() if link.model is not Customer and link.policy is not OnMerge.RECOMPUTE)
    return list(dict.fromkeys(link.model for link in kept))


class Graph:
    """A few customers of both kinds and rows of every table that names one."""

    def __init__(self, actor: Any, seed: int, customers: int = 6, rows: int = 2) -> None:
        self.pick = random.Random(seed)
        self.actor = actor
        self.ids: dict[str, list[UUID]] = {}
        with unit_of_work(actor) as uow:
            self.session = uow.session
            self._known()
            kinds = ("contact", "account")
            self.people = {kind: [self._customer(kind) for _ in range(customers)] for kind in kinds}
            self.customers = [one for kind in kinds for one in self.people[kind]]
            self.ids["customer"] = self.customers
            for model in self._order():
                # Of two who can sign in none may be merged, so only one customer can.
                many = 1 if model.__tablename__ == "user" else rows * customers if model in models() else 4
                for _ in range(many):
                    self.row(model)
            for one in filter(lambda one: one.subject, tables.linked()):
                self._equals(one)
            new = {"entity": "activity_customer", "op": "create", "before": None, "after": None}
            every = [{**new, "record_id": i, "customer_id": c}
                     for i, c in self.session.execute(select(_activity().c.id, _activity().c.customer_id))]  # fmt: skip
            counters.refresh(self.session, every)
            search.refresh(self.session, self.customers)
            self.session = None

    def _known(self) -> None:
        for name in ("user", "choice", "purpose", "relation_type"):
            table = Customer.metadata.tables[name]
            self.ids[name] = list(self.session.scalars(select(table.c.id)))

    def _order(self) -> list[Any]:
        """The models to fill: what has rows naming customers and what those hang on."""
        wanted = {model.__table__ for model in models() if model.__table__.name not in JOURNAL}
        while True:
            more = {key.column.table for table in wanted for column in table.c for key in column.foreign_keys} - wanted
            more = {t for t in more if t.name not in (*self.ids, *JOURNAL)}
            if not more:
                break
            wanted |= more
        by_table = {mapper.class_.__table__: mapper.class_ for mapper in _mappers()}
        return [by_table[table] for table in Customer.metadata.sorted_tables if table in wanted]

    def _customer(self, kind: str) -> UUID:
        made = Customer(kind=kind, name=self.word() or "Nobody", owner_id=self.actor.user_id)
        for name in NAMES:
            setattr(made, name, self.word() or None)
        made.family_name = made.family_name or "King"
        made.email = self.pick.choice((None, "a@example.com", "b@example.com", f"{self.pick.random()}@example.com"))
        made.phone = self.pick.choice((None, "+49 30 123456", "+49 30 654321"))
        made.city = self.pick.choice((None, "Ulm", "Köln"))
        made.forbidden_media = self.pick.sample(["email", "phone", "post"], self.pick.randrange(3))
        made.created_by_id = self.actor.user_id
        made.settle()
        values = {name: getattr(made, name) for name in Customer.model_fields}
        self.session.execute(insert(Customer.__table__), [values])
        return made.id

    def row(self, model: Any, **given: Any) -> UUID | None:
        """Add a row of a table with random values; None when one like it is there."""
        made = None
        for _ in range(5):
            values = {c.name: self._value(model, c) for c in model.__table__.c} | given
            linked = next((one for one in tables.linked() if one.model is model), None)
            if linked is not None and len(linked.columns) == 2:
                ends = [values[name] for name in linked.columns]
                if ends[0] == ends[1]:
                    continue
                if linked.ordered:
                    values |= dict(zip(linked.columns, sorted(ends, key=str), strict=True))
            attempt = self.session.begin_nested()
            try:
                self.session.execute(insert(model.__table__), [values])
                attempt.commit()
            except IntegrityError:
                attempt.rollback()
            else:
                made = values.get("id")
                break
        if made is not None:
            self.ids.setdefault(model.__table__.name, []).append(made)
        return made

    def _equals(self, one: tables.Linked) -> None:
        """Say what some records say once more, each on another customer or on several."""
        about, linked = mass.table_of(one.subject), one.via != "id"
        for known in self.pick.sample(self.ids[about.name], len(self.ids[about.name]) // 2):
            row = self.session.execute(select(about).where(about.c.id == known)).mappings().one()
            again = {**row, "id": new_id(), **{n: None for n in ("external_id", "archived_at") if n in about.c}}
            if not linked:
                again[one.columns[0]] = self.pick.choice(self.customers)
            self.session.execute(insert(about), [again])
            for _ in range(self.pick.randrange(1, 4) if linked else 0):
                self.row(one.model, **{one.via: again["id"], "archived_at": None})

    def word(self) -> str:
        """Some text."""
        return self.pick.choice(WORDS)

    def _value(self, model: Any, column: Any) -> Any:
        pick, name, info = self.pick, column.name, model.model_fields[column.name]
        marks = marks_of(model, name)
        key = next(iter(column.foreign_keys), None)
        if name == "id":
            return new_id()
        if name == "version":
            return 1
        if key is not None:
            known = self._targets(model, name, key.column.table.name, marks)
            return None if column.nullable and (not known or pick.random() < 0.3) else pick.choice(known)
        if name.endswith("_at") and column.nullable:
            return self._moment() if pick.random() < 0.15 else None
        options = next((mark for mark in marks if isinstance(mark, Options)), None)
        if options:
            many = info.default_factory is list
            return pick.sample(options.values, 1) if many else pick.choice(options.values)
        if info.default_factory in (list, dict):
            return info.default_factory()
        kind = column.type
        if isinstance(kind, Boolean):
            return pick.random() < 0.4
        if isinstance(kind, Uuid):
            return pick.choice(self.customers) if pick.random() < 0.5 else new_id()
        if isinstance(kind, DateTime) or "DateTime" in type(kind).__name__:
            return self._moment()
        if isinstance(kind, Date):
            return pick.choice((None, date(2020, 1, 1))) if column.nullable else date(2021, 2, 3)
        if isinstance(kind, Integer) or "Integer" in type(kind).__name__:
            return pick.randrange(100)
        if column.unique or name in ("digest", "sha256", "external_id", "key", "login", "folded"):
            return "".join(pick.choices(string.hexdigits, k=min(getattr(kind, "length", 60) or 60, 40)))
        if column.nullable and pick.random() < 0.3 and name not in ("iban", "organisation"):
            return None
        return (self.word() or "a")[: getattr(kind, "length", None) or 40]

    def _targets(self, model: Any, name: str, table: str, marks: list[Any]) -> list[UUID]:
        if table == "customer":
            own = {"contact_id": "contact", "account_id": "account", "employer_id": "account", "parent_id": "account"}
            return self.people[own[name]] if name in own else self.customers
        if any(isinstance(mark, PickList) for mark in marks):
            return self.ids.get("choice", [])
        return self.ids.get(table, [])

    def _moment(self) -> datetime:
        return datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=self.pick.randrange(600_000))


def _activity() -> Any:
    return Customer.metadata.tables["activity_customer"]


def _mappers() -> Any:
    return Customer._sa_registry.mappers  # pyright: ignore[reportAttributeAccessIssue]


def look() -> dict[str, dict[Any, Mapping[str, Any]]]:
    """Return every row of every table as stored: bookkeeping and the journal aside."""
    found: dict[str, dict[Any, Mapping[str, Any]]] = {}
    with engine().connect() as connection:
        # What is worked out anew says nothing of its own; of the search index one may look at what it found.
        derived = {link.model.__table__ for link in links() if link.policy is OnMerge.RECOMPUTE}
        for table in Customer.metadata.sorted_tables:
            if table in derived and table.name != "search_document":
                continue
            if table.name in JOURNAL and table.name != "search_document":
                continue
            aside = (*BOOKKEEPING, *(("number",) if table.name == "search_document" else ()))
            key = "customer_id" if table.name == "search_document" else "id" if "id" in table.c else None
            columns = [column for column in table.c if column.name not in aside]
            rows = [dict(row._mapping) for row in connection.execute(select(*columns))]
            if table.name == "search_document":  # Which word comes first means nothing.
                rows = [{n: sorted(v.split()) if isinstance(v, str) else v for n, v in row.items()} for row in rows]
            found[table.name] = {row[key] if key else str(row): row for row in rows}
    return found


def named(state: Mapping[str, Mapping[Any, Mapping[str, Any]]], ids: set[UUID]) -> list[tuple[str, Any, str]]:
    """Return every row that still names one of these customers, where the census says it should not."""
    found = []
    for link in links():
        table = link.model.__table__.name
        if link.policy in (OnMerge.KEEP, OnMerge.RECOMPUTE) or table not in state:
            continue
        for key, row in state[table].items():
            if row[link.name] in ids and not (table == "duplicate_verdict" and row["revoked_at"]):
                found.append((table, key, link.name))
    return found
