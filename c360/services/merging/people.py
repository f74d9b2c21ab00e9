"""Who takes part in a merge, what forbids it and what a person must confirm first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from c360.core.actor import Verb
from c360.core.errors import Conflict, Invalid, NotFound
from c360.core.i18n import text
from c360.models.customer import Customer
from c360.models.user import User
from c360.registry.entity import Entity, entity_for
from c360.services import mass, names, references
from c360.services.merging import aliases
from c360.services.merging.shapes import FEWEST, MOST, Choices, Question
from c360.services.privacy import holds
from c360.services.uow import UnitOfWork

APART = ("birth_date", "tax_number", "registration_number")
"""Facts that tell two customers apart: where they differ, a person must say that they are one all the same."""


@dataclass(frozen=True, eq=False)
class People:
    """The participants in the order they were named, and which of them survives."""

    entity: Entity
    records: tuple[Any, ...]
    survivor: Any

    @property
    def losers(self) -> tuple[Any, ...]:
        """All but the survivor, the oldest first: the result does not hang on the order of the selection."""
        others = (record for record in self.records if record is not self.survivor)
        return tuple(sorted(others, key=lambda record: (record.created_at, record.id)))

    @property
    def ranked(self) -> tuple[Any, ...]:
        """The survivor, then the others."""
        return (self.survivor, *self.losers)

    @property
    def ids(self) -> tuple[UUID, ...]:
        """Every participant's id."""
        return tuple(record.id for record in self.records)


def load(uow: UnitOfWork, ids: Sequence[UUID], survivor_id: UUID | None = None, *, lock: bool = False) -> People:
    """Return the participants, each within reach of the right to merge; refuse what cannot be one customer."""
    ids = list(dict.fromkeys(ids))
    if not FEWEST <= len(ids) <= MOST:
        raise Invalid.field("ids", "merge.few" if len(ids) < FEWEST else "merge.many", most=MOST, n=len(ids))
    if survivor_id is not None and survivor_id not in ids:
        raise Invalid.field("survivor_id", "merge.survivor")
    if lock:
        mass.held(uow, entity_for("customer"), ids)
    uow.flush()
    found = uow.select("customer").where(col(Customer.id).in_(ids)).execution_options(populate_existing=True)
    known = {record.id: record for record in uow.session.exec(found)}
    for one in ids:
        if one not in known and (alias := aliases.resolve(uow, one)) is not None:
            raise Conflict("merge.merged", name=alias.label, survivor=alias.survivor)
        if one not in known:
            raise NotFound("error.not_found", entity=entity_for("customer").label)
    records = tuple(known[one] for one in ids)
    kinds = {record.kind for record in records}
    if len(kinds) > 1:
        raise Invalid.field("ids", "merge.kinds")
    key = kinds.pop()
    permit(uow, key, ids, Verb.MERGE)
    if len(found := users(uow.session, ids)) > 1:
        raise Conflict("merge.users", names=", ".join(sorted(name for _, name in found)))
    return People(entity_for(key), records, known[survivor_id or ids[0]])


def permit(uow: UnitOfWork, key: str, ids: Sequence[UUID], verb: Verb, *, archived: bool = False) -> None:
    """Raise unless the actor may merge (or un-merge) and change every one of these records."""
    for one in ids:
        for needed in (verb, Verb.UPDATE):
            uow.get(key, one, needed, archived=archived)


def users(session: Session, ids: Collection[UUID]) -> list[tuple[UUID | None, str]]:
    """Return the users who are one of these contacts: the contact and the user's name."""
    found = select(User.contact_id, User.name).where(col(User.contact_id).in_(ids), col(User.archived_at).is_(None))
    return list(session.exec(found))


def questions(uow: UnitOfWork, people: People) -> tuple[Question, ...]:
    """Return the doubts a person must answer before these become one."""
    language, known = uow.actor.language, uow.fields(people.entity.key)
    found = []
    ids = set(people.ids)
    for name in ("parent_id", "employer_id"):
        if any(getattr(record, name) in ids for record in people.records):
            found.append(Question("above", text(language, "merge.ask.above")))
    for name in APART:
        values = {getattr(record, name) for record in people.records} - {None}
        if len(values) > 1:
            # Who may not read the field learns that they differ, not in what.
            label = text(language, "merge.ask.hidden")
            if name in known:
                label = names.field_label(people.entity.key, known[name], language)
            found.append(Question(f"apart.{name}", text(language, "merge.ask.apart", field=label)))
    if holds.of(uow, people.ids):
        found.append(Question("held", text(language, "merge.ask.held")))
    return tuple(found)


def unanswered(uow: UnitOfWork, people: People, choices: Choices) -> tuple[Question, ...]:
    """Return the doubts nobody confirmed yet."""
    return tuple(one for one in questions(uow, people) if one.key not in choices.confirmed)


def labels(uow: UnitOfWork, people: People) -> dict[UUID, str]:
    """Return what each participant is called, as far as the actor may read it."""
    return {record.id: references.called(uow, people.entity.key, record) for record in people.records}
