"""Rows that become activities: matched by the id another system gave them, written with their links a chunk at once."""

from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.errors import C360Error, Invalid
from c360.core.i18n import text
from c360.core.ids import new_id
from c360.models.activity import ACTIVITY, ACTIVITY_CUSTOMER, PLANNED, Activity, ActivityCustomer
from c360.models.customer import Customer
from c360.query.scope import reach
from c360.registry.entity import entity_for
from c360.services import activities, fields, mass, records, rights
from c360.services.consents import asking
from c360.services.imports import finding, linking
from c360.services.imports.changing import Changer, Diff
from c360.services.imports.chunk import Chunk
from c360.services.imports.parsing import Entry, Reader
from c360.services.imports.plan import Plan
from c360.services.imports.rows import CREATED, Setting
from c360.services.imports.target import Target
from c360.services.rules import activities as rules
from c360.services.uow import UnitOfWork

STAMPED = frozenset({"version", "created_at", "created_by_id", "updated_at", "updated_by_id"})
"""What a bulk insert fills by itself."""
BLANK = {n: None if f.is_required() or f.default_factory else f.default for n, f in Activity.model_fields.items()}
"""What every activity starts from."""
UNTYPED = "other"
"""The kind of an activity when neither the file nor the plan says one."""


def targets(uow: UnitOfWork, key: str) -> dict[str, Target]:
    """Return every place the actor may write to from a file of activities."""
    lang = uow.actor.language
    known = dict(fields.writable(uow.session, ACTIVITY, uow.actor))
    if "status" in known:
        known["ended_at"] = ACTIVITY.fields["ended_at"]
    found = [Target(n, text(lang, f"field.{n}", default=spec.label), "fields", spec) for n, spec in known.items()]
    if {"activity_id", "customer_id"} <= fields.writable(uow.session, ACTIVITY_CUSTOMER, uow.actor).keys():
        found.append(Target("customers", text(lang, "import.target.customers"), "customers"))
        found.append(Target("customers.more", text(lang, "import.target.customers.more"), "customers", many=True))
    found += [Target(n, text(lang, f"import.target.{n}"), "other") for n in ("external_id", "id")]
    return {target.key: target for target in found}


def match_keys(uow: UnitOfWork, key: str) -> dict[str, str]:
    """Return by what a row can be recognised: ``{target: label}``."""
    return {n: text(uow.actor.language, f"import.target.{n}") for n in ("external_id", "id")}


def missing(plan: Plan, known: Mapping[str, Target]) -> list[str]:
    """Return what an activity needs and no column gives: somebody it is with."""
    used = {column.target for column in plan.columns}
    return [known["customers"].label] if "customers" in known and not used & {"customers", "customers.more"} else []


class Activities(Chunk):
    """One attempt at a chunk of activities."""

    def __init__(self, uow: UnitOfWork, setting: Setting) -> None:
        super().__init__(uow, setting, setting.plan, targets(uow, "activity"))
        self.guarded: set[tuple[UUID, frozenset[str]]] = set()

    def resolve(self, entries: list[Entry]) -> set[int]:
        """Find the customers rows name; no row waits for another."""
        linking.resolve(self.uow, self.plan.source, entries)
        return set()

    def title(self, record: Any) -> str:
        """Return an activity's subject."""
        return record.subject

    def changer(self, ids: Sequence[UUID]) -> Changer:
        """Load the activities that rows mean, with their links."""
        return ActivityChanger(self.uow, self.reader, ids)

    def create(self, entries: list[Entry]) -> None:
        """Make activities of the rows that mean none yet."""
        self.resolve(entries)
        taken = self._taken(entries)
        people = Permission(self.uow, entries)
        rows, links = [], []
        for entry in entries:
            if entry.external_id and entry.external_id in taken:
                entry.wrong("external_id", "import.match.hidden")
            entry.problems = self._by_column(entry.problems)
            if self._bad(entry):
                continue
            try:
                made = self._made(entry)
                people.ask(made, entry)
            except C360Error as error:
                self._refuse(entry, error)
                continue
            taken.add(entry.external_id)
            rows.append({n: getattr(made, n) for n in Activity.model_fields if n not in STAMPED})
            links += [
                {"id": new_id(), "activity_id": made.id, "customer_id": one, "kind": made.kind, "at": made.at}
                for one in entry.ends["customers"]
            ]
            outcome = self._end(entry, CREATED, "import.row.joined" if entry.joined else "", record_id=made.id)
            outcome.name = made.subject
        mass.add(self.uow, ACTIVITY, rows)
        mass.add(self.uow, ACTIVITY_CUSTOMER, links, "customer_id")

    def look(self, keys: list[str]) -> Iterator[tuple[str, UUID]]:
        """Yield the activities of these ids; one out of reach is told from one that is not there."""
        if self.plan.match == "id":
            yield from finding.by_id(self.uow, "activity", keys)
            return
        found = self._brought(keys)
        seen = set(finding.visible(self.uow, "activity", list(found.values())))
        yield from ((key, record_id if record_id in seen else finding.HIDDEN) for key, record_id in found.items())

    def _brought(self, keys: Sequence[str]) -> dict[str, UUID]:
        """Return the activities, in reach or not, that the plan's source calls by these ids."""
        found: dict[str, UUID] = {}
        for portion in finding.parts(keys):
            query = select(Activity.external_id, Activity.id).where(
                Activity.source == self.plan.source,
                col(Activity.external_id).in_(portion),
                col(Activity.archived_at).is_(None),
            )
            found |= {str(row[0]): row[1] for row in self.uow.session.exec(query)}
        return found

    def _taken(self, entries: Sequence[Entry]) -> set[str]:
        if self.plan.match == "external_id":  # Whoever has one was met already.
            return set()
        return set(self._brought(sorted({entry.external_id for entry in entries if entry.external_id})))

    def _made(self, entry: Entry) -> Any:
        """Return a new activity, settled and checked like any other; ``Invalid`` when it cannot be."""
        values, now = dict(entry.values), utc_now()
        when = values.get("starts_at") or values.get("due_at")
        if "kind" in self.reader.known:
            values.setdefault("kind", UNTYPED)
        values.setdefault("owner_id", self.uow.actor.user_id)
        if "status" in self.reader.known:
            values.setdefault("status", "open" if when and when > now else "closed")
        if not values.get("subject"):
            values["subject"] = activities.subject_of(self.uow.actor.language, values.get("kind", UNTYPED), when)
        if entry.external_id:
            values |= {"external_id": entry.external_id, "source": self.plan.source}
        # A plain object: one the ORM watches costs ten times as much, and it is written in bulk anyway.
        made: Any = SimpleNamespace(**{**BLANK, "id": new_id(), **values})
        if made.status not in PLANNED and made.ended_at is None:
            made.ended_at = min(made.ends_at or when or now, now)
        rules.start(self.uow, made, values.keys())
        if made.remind_at and made.remind_at <= now:  # Who had to be told of it was told elsewhere.
            made.reminded_at = now
        Activity.settle(made)
        self._guard(made)
        return made

    def _guard(self, made: Any) -> None:
        """Ask the guard of every write; it looks at the owner and at which fields are filled, so once for each such."""
        filled = frozenset(n for n, v in vars(made).items() if v not in (None, BLANK.get(n)))
        if (made.owner_id, filled) not in self.guarded:
            row = Activity(**vars(made))
            rights.check_write(self.uow.session, self.uow.actor, ACTIVITY, row, {}, new=True)
            self.guarded.add((made.owner_id, filled))


class Permission:
    """May these activities be with those customers? Asked as every form asks, the customers loaded once."""

    def __init__(self, uow: UnitOfWork, entries: Sequence[Entry]) -> None:
        self.uow = uow
        self.people = self._load({one for e in entries for one in e.ends.get("customers", ())})
        asked = {one for e in entries if e.values.get("purpose_id") for one in e.ends.get("customers", ())}
        self.subjects: dict[UUID, asking.Subject] = {}
        for portion in finding.parts(asked):
            self.subjects |= asking.subjects(uow, [self.people[one] for one in portion])

    def _load(self, ids: set[UUID]) -> dict[UUID, Customer]:
        found: dict[UUID, Customer] = {}
        for portion in finding.parts(ids):
            rows = self.uow.session.exec(select(Customer).where(col(Customer.id).in_(portion)))
            found |= {row.id: row for row in rows}
        return found

    def ask(self, activity: Any, entry: Entry) -> None:
        """Raise ``Invalid`` unless a new activity may be with the customers of its row, one at least."""
        with_ = entry.ends.get("customers", [])
        if not 0 < len(with_) <= activities.MOST:
            raise Invalid.field("customers", "activity.customers", n=activities.MOST)
        for one in with_:
            rules.permit(self.uow, activity, self.people[one], self.subjects.get(one))


class ActivityChanger(Changer):
    """The activities the rows of one chunk mean, with the customers they are with."""

    def __init__(self, uow: UnitOfWork, reader: Reader, ids: Sequence[UUID]) -> None:
        super().__init__(uow, reader, ids)
        self.links: dict[UUID, dict[UUID, ActivityCustomer]] = {one: {} for one in self.records}
        self.mine: set[UUID] = set()
        for portion in finding.parts(self.records):
            live = (col(ActivityCustomer.activity_id).in_(portion), col(ActivityCustomer.archived_at).is_(None))
            for row in uow.session.exec(select(ActivityCustomer).where(*live)):
                self.links[row.activity_id][row.customer_id] = row
            changes = reach(entity_for("customer"), uow.actor, Verb.UPDATE)
            held = select(ActivityCustomer.customer_id).where(*live).join(Customer).where(changes)
            self.mine |= set(uow.session.exec(held))

    def others(self, record: Any, entry: Entry) -> Diff:
        """Put an activity on the customers its row names; overwriting takes it off those it names no more.

        Whom the actor may not change keeps it: a file never says that somebody out of reach was not there.
        """
        wanted, links = entry.ends.get("customers", []), self.links[record.id]
        if not wanted or self.plan.on_match not in ("overwrite", "append"):
            return []
        new = [one for one in wanted if one not in links]
        gone = [one for one in links if one not in wanted and one in self.mine and self.plan.on_match == "overwrite"]
        if len(links) + len(new) - len(gone) > activities.MOST:
            raise Invalid.field("customers", "activity.customers", n=activities.MOST)
        for one in new:
            links[one] = records.add(self.uow, ACTIVITY_CUSTOMER, {}, activity_id=record.id, customer_id=one)
        for one in gone:
            links.pop(one).archived_at = utc_now()
        before = len(links) + len(gone) - len(new)
        return [{"field": "customers", "before": before, "after": len(links)}] if new or gone else []

    def beside(self, record: Any) -> list[Any]:
        """Return the links of an activity."""
        return list(self.links[record.id].values())
