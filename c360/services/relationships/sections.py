"""Who makes up an organisation besides its staff: relays, one of them primary, and members; a person's party."""

from typing import Any
from uuid import UUID

from sqlmodel import col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from c360.core.i18n import text
from c360.models.customer import Customer
from c360.models.relationship import RELAY, Relation, RelationType
from c360.services import facts, references, related
from c360.services.facts import Card, Line
from c360.services.relationships.ties import holding
from c360.services.uow import UnitOfWork

MOST = 200


def tied(uow: UnitOfWork, account_id: UUID, part: str) -> list[tuple[Relation, Customer]]:
    """Return today's relays or members of an organisation this reader may see, the primary one first, then by name."""
    found = _found(uow, account_id, part).order_by(col(Relation.is_primary).desc(), col(Relation.id))
    rows = uow.session.exec(found.limit(MOST)).all()
    people = _customers(uow, {row.from_id for row in rows})
    both = [(row, people[row.from_id]) for row in rows if row.from_id in people]
    return sorted(both, key=lambda one: (not one[0].is_primary, one[1].sort_name))


def _found(uow: UnitOfWork, account_id: UUID, part: str) -> SelectOfScalar[Any]:
    kinds = select(RelationType.id).where(RelationType.part == part)
    return uow.select("relation").where(Relation.to_id == account_id, col(Relation.type_id).in_(kinds), *holding())


def card(uow: UnitOfWork, record: Any, part: str) -> Card:
    """Return the relays or the members of an organisation as a section of its profile."""
    language, found = uow.actor.language, tied(uow, record.id, part)
    kinds = {kind.id: kind for kind in uow.session.exec(uow.select("relation_type").where(RelationType.part == part))}
    lines = []
    read = facts.table(uow, "relation", [row for row, _ in found], ("since_on", "note"))
    for (row, person), told in zip(found, read, strict=True):
        line = related.face(uow, person)
        line.id, line.entity = str(row.id), "relation"
        line.sub = " · ".join(filter(None, (line.sub, kinds[row.type_id].name if row.type_id in kinds else "")))
        line.facts = list(told.values())
        if part == RELAY:
            line.primary = text(language, "relations.primary") if row.is_primary else ""
            line.offer = "" if row.is_primary else text(language, "relations.primary.make")
        lines.append(line)
    title, empty = text(language, f"profile.{part}s"), text(language, f"profile.{part}s.empty")
    counted = select(func.count()).select_from(_found(uow, record.id, part).subquery())
    more = uow.session.exec(counted).one() - len(found) if len(found) == MOST else 0
    return Card(
        f"{part}s", title, lines=lines, more=more, empty=empty, opens=f"/account/{record.id}/relations",
        open_label=text(language, "profile.tab.relations"),
    )  # fmt: skip


def party(uow: UnitOfWork, record_id: UUID) -> list[Line]:
    """Return with whom a customer can be reserved for: family, friends and who lives in the same household.

    Each is a line with a face and, below it, how the two are tied; a household counts through those who live there.
    """
    kinds = {kind.id: kind for kind in uow.session.exec(uow.select("relation_type").where(RelationType.is_party))}
    direct = _party_ties(uow, kinds, {record_id})
    people = _customers(uow, {end for row in direct for end in (row.from_id, row.to_id)} - {record_id})
    wordings: dict[UUID, str] = {}
    for row in direct:
        kind, mine = kinds[row.type_id], row.from_id == record_id
        wordings.setdefault(row.to_id if mine else row.from_id, (kind.reverse or kind.name) if mine else kind.name)
    homes = {one.id: one for one in people.values() if one.kind == "account"}
    through = _party_ties(uow, kinds, set(homes))
    housed = {row.from_id: references.called(uow, "account", homes[row.to_id]) for row in through if row.to_id in homes}
    found = people | _customers(uow, housed.keys() - people.keys() - {record_id})
    lines = []
    for one in sorted(found.values(), key=lambda customer: customer.sort_name):
        if one.id not in homes:
            line = related.face(uow, one)
            line.sub = wordings.get(one.id) or housed[one.id]
            lines.append(line)
    return lines


def party_card(uow: UnitOfWork, record: Any) -> list[Card]:
    """Return a person's party as a card; none when nobody belongs to it."""
    lines, language = party(uow, record.id), uow.actor.language
    opens, label = f"/{record.kind}/{record.id}/relations", text(language, "profile.tab.relations")
    title = text(language, "profile.party")
    return [Card("party", title, lines=lines, opens=opens, open_label=label)] if lines else []


def _party_ties(uow: UnitOfWork, kinds: Any, ids: set[UUID]) -> list[Relation]:
    if not kinds or not ids:
        return []
    either = or_(col(Relation.from_id).in_(ids), col(Relation.to_id).in_(ids))
    found = uow.select("relation").where(either, col(Relation.type_id).in_(kinds), *holding())
    return list(uow.session.exec(found.order_by(col(Relation.id)).limit(MOST)))


def _customers(uow: UnitOfWork, ids: set[UUID]) -> dict[UUID, Customer]:
    found = uow.select("customer").where(col(Customer.id).in_(ids))
    return {row.id: row for row in uow.session.exec(found)} if ids else {}
