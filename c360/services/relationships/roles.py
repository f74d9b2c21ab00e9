"""Required roles: which an account of a type needs, and who fills them or that nobody does."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.i18n import text
from c360.models.choice import Choice
from c360.models.contact_person import ContactPerson
from c360.models.customer import Customer
from c360.models.required_role import RequiredRole
from c360.query.scope import live
from c360.registry.entity import entity_for
from c360.services import profiles, records, references
from c360.services.facts import Act, Card, Chip, Line
from c360.services.uow import UnitOfWork

KEY = "required_role"


@dataclass(slots=True)
class TypeNeeds:
    """An account type, and the roles every account of it should have."""

    id: str
    name: str
    color: str
    role_ids: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Need:
    """A role an account should have: the people in it, nobody when it is missing; whether the reader may fill it."""

    id: str
    label: str
    color: str
    people: list[Line] = field(default_factory=list)
    may_fill: bool = False


def kept(uow: UnitOfWork) -> list[TypeNeeds]:
    """Return every account type in its order with its required roles, as their administrator sees them."""
    uow.require(Verb.UPDATE, KEY)
    needs: dict[UUID, list[str]] = defaultdict(list)
    for row in uow.session.exec(uow.select(KEY)):
        needs[row.account_type_id].append(str(row.role_id))
    return [TypeNeeds(str(one.id), one.name, one.color, needs[one.id]) for one in _entries(uow, "account_type")]


def offered(uow: UnitOfWork) -> list[Choice]:
    """Return the roles there are, in their order."""
    return _entries(uow, "contact_role")


def choose(uow: UnitOfWork, type_id: UUID, role_ids: Sequence[UUID]) -> None:
    """Say which roles every account of a type should have, instead of those said before."""
    rows = {
        row.role_id: row for row in uow.session.exec(uow.select(KEY).where(RequiredRole.account_type_id == type_id))
    }
    for role_id, row in rows.items():
        if role_id not in role_ids:
            records.archive(uow, KEY, row.id)
    for role_id in dict.fromkeys(role_ids):
        if role_id not in rows:
            records.create(uow, KEY, {"account_type_id": str(type_id), "role_id": str(role_id)})


def of(uow: UnitOfWork, record: Any) -> list[Need]:
    """Return the roles an account should have, each with who is in it; nothing of a person."""
    if record.kind != "account" or record.account_type_id is None:
        return []
    open_to_me = {"role_id", "contact_id"} <= uow.fields("contact_person").keys()
    if not open_to_me or "account_type_id" not in uow.fields("account"):
        return []
    required = uow.select(KEY).where(RequiredRole.account_type_id == record.account_type_id)
    mine = uow.select("choice").where(col(Choice.id).in_(required.with_only_columns(col(RequiredRole.role_id))))
    found = uow.session.exec(mine.order_by(col(Choice.position), col(Choice.name))).all()
    filled = _filled(uow, record.id, [one.id for one in found]) if found else {}
    may = profiles.may(uow, record, Verb.UPDATE) and record.archived_at is None
    return [Need(str(one.id), one.name, one.color, filled.get(one.id, []), may) for one in found]


def card(uow: UnitOfWork, record: Any) -> list[Card]:
    """Return the required roles of an account as a card: each with its people, or missing; none when none is."""
    language, lines = uow.actor.language, []
    for need in of(uow, record):
        line = Line("", KEY, need.label, ", ".join(one.title for one in need.people), "role", place=need.id)
        if not need.people:
            line.chips = [Chip(text(language, "roles.missing"), "amber")]
            line.acts = [Act("fill", text(language, "roles.fill", role=need.label))] if need.may_fill else []
        lines.append(line)
    return [Card("roles", text(language, "profile.roles"), lines=lines)] if lines else []


def _filled(uow: UnitOfWork, account_id: UUID, role_ids: Sequence[UUID]) -> dict[UUID, list[Line]]:
    """Return who is in each role; whom the reader may not see fills it without a name, who has left does not."""
    there = uow.select("contact_person").where(
        ContactPerson.account_id == account_id, col(ContactPerson.role_id).in_(role_ids)
    )
    active = select(Customer.id).where(live(entity_for("customer"), inactive=False))
    rows = uow.session.exec(there.where(col(ContactPerson.contact_id).in_(active))).all()
    named = references.titles(uow, "contact", {row.contact_id for row in rows})
    filled: dict[UUID, list[Line]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: not row.is_primary):
        name = named.get(row.contact_id)
        line = Line(str(row.id), "contact", name or text(uow.actor.language, "form.unseen"))
        line.href = f"/contact/{row.contact_id}/summary" if name else ""
        filled[row.role_id].append(line)
    return filled


def _entries(uow: UnitOfWork, pick_list: str) -> list[Choice]:
    found = uow.select("choice").where(Choice.pick_list == pick_list, col(Choice.retired_at).is_(None))
    return list(uow.session.exec(found.order_by(col(Choice.position), col(Choice.name))))
