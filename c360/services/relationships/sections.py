"""Who makes up an organisation besides its staff: relays, one of them primary, and members; a person's party."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import and_, col, or_, select, union

from c360.core.i18n import text
from c360.models.customer import Customer
from c360.models.relationship import RELAY, Relation, RelationType
from c360.services import facts, paging, references, related
from c360.services.facts import Card
from c360.services.paging import Page
from c360.services.relationships.ties import holding
from c360.services.uow import UnitOfWork


def tied(uow: UnitOfWork, account_id: UUID, part: str, start: int = 0) -> Page:
    """Return a page of today's relays or members of an organisation this reader may see, each with who it is.

    The primary one is first, the others by name.
    """
    kinds = select(RelationType.id).where(RelationType.part == part)
    who: Any = aliased(Customer)
    found = uow.select("relation").join(who, who.id == col(Relation.from_id)).where(
        Relation.to_id == account_id, col(Relation.type_id).in_(kinds), *holding(), who.archived_at.is_(None),
        who.merged_into_id.is_(None),
    )  # fmt: skip
    shown = paging.page(uow, found.order_by(col(Relation.is_primary).desc(), who.sort_name, col(Relation.id)), start)
    people = _customers(uow, {row.from_id for row in shown.rows})
    return Page([(row, people[row.from_id]) for row in shown.rows], shown.more)


def card(uow: UnitOfWork, record: Any, part: str, start: int = 0) -> Card:
    """Return the relays or the members of an organisation as a section of its profile."""
    language, found = uow.actor.language, tied(uow, record.id, part, start)
    kinds = {kind.id: kind for kind in uow.session.exec(uow.select("relation_type").where(RelationType.part == part))}
    lines = []
    read = facts.table(uow, "relation", [row for row, _ in found.rows], ("since_on", "note"))
    for (row, person), told in zip(found.rows, read, strict=True):
        line = related.face(uow, person)
        line.id, line.entity = str(row.id), "relation"
        line.sub = " · ".join(filter(None, (line.sub, kinds[row.type_id].name if row.type_id in kinds else "")))
        line.facts = list(told.values())
        if part == RELAY:
            line.primary = text(language, "relations.primary") if row.is_primary else ""
            line.offer = "" if row.is_primary else text(language, "relations.primary.make")
        lines.append(line)
    title, empty = text(language, f"profile.{part}s"), text(language, f"profile.{part}s.empty")
    made = Card(f"{part}s", title, lines=lines, empty=empty, opens=f"/account/{record.id}/relations")
    made.open_label = text(language, "profile.tab.relations")
    return paging.paged(made, found, start)


def party(uow: UnitOfWork, record_id: UUID, start: int = 0) -> Page:
    """Return a page of those with whom a customer can be reserved for: family, friends, who lives in his household.

    Each is a line with a face and, below it, how the two are tied; a household counts through those who live there.
    """
    kinds = {kind.id: kind for kind in uow.session.exec(uow.select("relation_type").where(RelationType.is_party))}
    if not kinds:
        return Page([], 0)
    one, other = col(Relation.from_id), col(Relation.to_id)
    ties = uow.select("relation").where(col(Relation.type_id).in_(kinds), *holding())
    ends = ties.with_only_columns(other).where(one == record_id), ties.with_only_columns(one).where(other == record_id)
    ours = uow.select("customer").where(Customer.kind == "account", or_(*(col(Customer.id).in_(end) for end in ends)))
    homes = {home.id: home for home in uow.session.exec(ours)}
    mates = ties.with_only_columns(one).where(other.in_(homes))
    theirs = Customer.kind == "contact", Customer.id != record_id, col(Customer.id).in_(union(*ends, mates))
    found = uow.select("customer").where(*theirs).order_by(col(Customer.sort_name), col(Customer.id))
    shown = paging.page(uow, found, start)
    ids = [person.id for person in shown.rows]
    wordings, housed = dict[UUID, str](), dict[UUID, str]()
    direct = or_(and_(one == record_id, other.in_(ids)), and_(other == record_id, one.in_(ids)))
    for row in uow.session.exec(ties.where(direct).order_by(col(Relation.id))):
        kind, mine = kinds[row.type_id], row.from_id == record_id
        wordings.setdefault(row.to_id if mine else row.from_id, (kind.reverse or kind.name) if mine else kind.name)
    for row in uow.session.exec(ties.where(one.in_(ids), other.in_(homes)).order_by(col(Relation.id))):
        housed[row.from_id] = references.called(uow, "account", homes[row.to_id])
    lines = [related.face(uow, person) for person in shown.rows]
    for line, person in zip(lines, ids, strict=True):
        line.sub = wordings.get(person) or housed[person]
    return Page(lines, shown.more)


def party_card(uow: UnitOfWork, record: Any, start: int = 0) -> Card:
    """Return a person's party as a card."""
    language, shown = uow.actor.language, party(uow, record.id, start)
    made = Card(
        "party", text(language, "profile.party"), lines=shown.rows, opens=f"/{record.kind}/{record.id}/relations"
    )
    made.open_label = text(language, "profile.tab.relations")
    return paging.paged(made, shown, start)


def _customers(uow: UnitOfWork, ids: set[UUID]) -> dict[UUID, Customer]:
    found = uow.select("customer").where(col(Customer.id).in_(ids))
    return {row.id: row for row in uow.session.exec(found)} if ids else {}
