"""The queue of households: people who share a house and a name, proposed with the reason, tied when somebody agrees."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from c360.core.actor import Verb
from c360.core.errors import Conflict, NotFound
from c360.core.fold import fold
from c360.core.i18n import text
from c360.models.choice import Choice
from c360.models.duplicate import DuplicatePair, HouseholdPair
from c360.models.relationship import MEMBER, DismissedTie, Relation, RelationType
from c360.registry.entity import entity_for
from c360.services import defaults, fields, records, references
from c360.services.duplicates import reviewing, sources, telling, verdicts
from c360.services.duplicates.reviewing import Member
from c360.services.relationships import making, suggestions
from c360.services.relationships.ties import holding
from c360.services.uow import UnitOfWork


@dataclass(slots=True)
class HomeLine:
    """Two people who may be one household, as the queue shows them, and why."""

    id: str
    members: list[Member]
    why: str
    found_at: str


def proposed(uow: UnitOfWork, *, after: int = 0, limit: int = reviewing.PAGE) -> list[HomeLine]:
    """Return the next pairs nobody decided on, those who share most first."""
    query = select(HouseholdPair).where(*_open(uow))
    query = query.order_by(col(HouseholdPair.shared).desc(), col(HouseholdPair.id)).offset(after).limit(limit)
    rows = uow.session.exec(query).all()
    people = reviewing.members(uow, {end for row in rows for end in (row.left_id, row.right_id)})
    hidden = sources.hidden(uow, "contact", {name for row in rows for name in row.levels})
    language = uow.actor.language
    return [
        HomeLine(
            str(row.id), [people[row.left_id], people[row.right_id]],
            telling.reasons({n: level for n, level in row.levels.items() if n not in hidden}, language),
            row.found_at.isoformat(),
        )
        for row in rows
    ]  # fmt: skip


def count(uow: UnitOfWork) -> int:
    """Return how many pairs wait for a decision."""
    return uow.session.exec(select(func.count()).select_from(HouseholdPair).where(*_open(uow))).one()


def accept(uow: UnitOfWork, pair_id: UUID) -> UUID:
    """Tie both to one household; return the change set's id."""
    row = _one(uow, pair_id)
    return house(uow, (row.left_id, row.right_id))


def dismiss(uow: UnitOfWork, pair_id: UUID) -> UUID:
    """Remember that the two have nothing to do with each other; return the change set's id."""
    row = _one(uow, pair_id)
    return suggestions.dismiss(uow, row.left_id, row.right_id)


def accept_group(uow: UnitOfWork, group_id: UUID) -> UUID:
    """Say that a group of possible duplicates is one household of different people; return the change set's id."""
    row = reviewing.one(uow, group_id)
    if row.entity != "contact":
        raise Conflict("household.people")
    pairs = uow.session.exec(select(DuplicatePair).where(DuplicatePair.group_id == row.id)).all()
    for pair in pairs:
        verdicts.dismiss(uow, row.entity, pair.left_id, pair.right_id, text(uow.actor.language, "household.reason"))
    return house(uow, sorted({end for pair in pairs for end in (pair.left_id, pair.right_id)}))


def house(uow: UnitOfWork, ids: Sequence[UUID]) -> UUID:
    """Tie people to the household one of them lives in already, else to a new one; return the change set's id."""
    kind = _kind(uow)
    if kind is None:
        raise Conflict("household.type")
    people = [uow.get("contact", one, Verb.UPDATE) for one in ids]
    lives = uow.select("relation").where(
        col(Relation.from_id).in_(ids), Relation.type_id == kind.id, col(Relation.archived_at).is_(None), *holding()
    )
    homes = {row.from_id: row.to_id for row in uow.session.exec(lives)}
    if len(set(homes.values())) > 1:
        raise Conflict("household.two")
    home = next(iter(homes.values()), None) or _new(uow, people)
    for person in people:
        if person.id not in homes:
            making.connect(uow, person.id, home, f"{kind.id}:forward")
    uow.log("relation.housed")
    return uow.draft.set_id


def _new(uow: UnitOfWork, people: Sequence[Any]) -> UUID:
    """Make the household of some people, named after them and classified as the first of them is."""
    uow.require(Verb.CREATE, "account")
    entity, first = entity_for("account"), people[0]
    known = fields.every(uow.session, entity)
    said: dict[str, Any] = {
        name: getattr(first, name)
        for name, spec in known.items()
        if spec.required and spec.editable and spec.source == "column"
    }
    named = dict.fromkeys(one.family_name or references.called(uow, "contact", one) for one in people)
    said["name"] = text(uow.actor.language, "household.name", names=" & ".join(named))
    entries = uow.session.exec(
        select(Choice).where(
            Choice.pick_list == "account_type", col(Choice.archived_at).is_(None), col(Choice.retired_at).is_(None)
        )
    )
    said["account_type_id"] = next((one.id for one in entries if fold(one.name) == fold(defaults.HOUSEHOLD)), None)
    made = records.add(uow, entity, said)
    uow.flush()
    return made.id


def _kind(uow: UnitOfWork) -> RelationType | None:
    """Return the type that ties a person to a household: that of members one can reserve for together."""
    kinds = uow.select("relation_type").where(
        RelationType.is_party, RelationType.part == MEMBER, RelationType.from_kind == "contact",
        col(RelationType.retired_at).is_(None),
    )  # fmt: skip
    return uow.session.exec(kinds.order_by(col(RelationType.position), col(RelationType.name)).limit(1)).first()


def _one(uow: UnitOfWork, pair_id: UUID) -> HouseholdPair:
    found = uow.session.exec(select(HouseholdPair).where(HouseholdPair.id == pair_id, *_open(uow))).first()
    if found is None:
        raise NotFound("household.gone")
    return found


def _open(uow: UnitOfWork) -> tuple[Any, ...]:
    """Return the tests that a pair waits: both are seen, and neither tied, nor of one household, nor dismissed."""
    left, right = col(HouseholdPair.left_id), col(HouseholdPair.right_id)
    apart = select(DismissedTie.id).where(
        DismissedTie.one_id == left, DismissedTie.other_id == right, col(DismissedTie.archived_at).is_(None)
    )
    either = or_(
        (col(Relation.from_id) == left) & (col(Relation.to_id) == right),
        (col(Relation.from_id) == right) & (col(Relation.to_id) == left),
    )
    tied = select(Relation.id).where(either, col(Relation.archived_at).is_(None))
    one, other = aliased(Relation), aliased(Relation)
    party = select(RelationType.id).where(RelationType.is_party, RelationType.part == MEMBER)
    together = select(one.id).join(other, (col(other.to_id) == col(one.to_id)) & (col(other.from_id) == right))
    together = together.where(
        col(one.from_id) == left, col(one.type_id).in_(party), col(other.type_id).in_(party),
        col(one.archived_at).is_(None), col(other.archived_at).is_(None),
    )  # fmt: skip
    pair = HouseholdPair
    nobody = (~test.correlate(pair).exists() for test in (apart, tied, together))
    return reviewing.seen_by(uow, left, pair), reviewing.seen_by(uow, right, pair), *nobody
