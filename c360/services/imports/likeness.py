"""Rows that look like customers who are there already, as the door of imports sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from c360.core.actor import Verb
from c360.matching.keys import Row
from c360.models.customer import Customer
from c360.query.expressions import plain
from c360.services import references
from c360.services.duplicates import doors, rules, sources, telling, unkept
from c360.services.duplicates.alike import Alike, alike
from c360.services.duplicates.doors import LINK, REFUSE
from c360.services.duplicates.unkept import Unkept
from c360.services.imports.parsing import Entry
from c360.services.imports.plan import Plan
from c360.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Met:
    """Who a row is likely the same as, why, and what is done with the row."""

    record_id: UUID
    act: str
    params: Mapping[str, Any]


def met(uow: UnitOfWork, plan: Plan, entries: Sequence[Entry], began: datetime) -> dict[int, Met]:
    """Return by the row's number which rows do not become records: who they look like was there when it began.

    Rows of one file that look alike are different customers; the search after the import asks about them.
    """
    by = rules.of(uow.session, plan.entity).at("imports")
    every = {doors.decide(by.reaction("imports", score), plan.on_duplicate, True) for score in (by.ask, 1.0)}
    if by.reaction("imports") == rules.OFF or not every & {LINK, REFUSE} or not uow.actor.may(Verb.READ, plan.entity):
        return {}
    if not entries or not _anybody(uow.session, plan.entity, began):
        return {}
    named = sources.named(uow.session, [e.values[n] for e in entries for n in sources.NAMED if e.values.get(n)])
    asked = [_row(uow, plan.entity, entry, named) for entry in entries]
    who = [_who(uow, entry) for entry in entries]
    told = alike(uow.session, plan.entity, asked, who, by, before=began)
    found = dict(zip([entry.number for entry in entries], told, strict=True))
    ids = {one for told in found.values() for one in told.hits}
    names = references.titles(uow, plan.entity, ids)
    mine = doors.changeable(uow, plan.entity, sorted(names))
    return {
        number: one
        for number, told in found.items()
        if (one := _met(uow, plan, by, told, names, mine)) is not None
    }  # fmt: skip


def _met(
    uow: UnitOfWork, plan: Plan, by: rules.Rules, told: Alike, names: Mapping[UUID, str], mine: set[UUID]
) -> Met | None:
    best = next((one for one in told.best() if one in names), None)
    if best is None:
        return None
    why = told.hits[best].why
    linkable = why.score >= by.sure and best in mine
    act = doors.decide(by.reaction("imports", why.score), plan.on_duplicate, linkable)
    if act not in (LINK, REFUSE):
        return None
    unnamed = sources.hidden(uow, plan.entity, {bar.field for bar in why.fields})
    sentence = telling.sentence(why, uow.actor.language, unnamed)
    return Met(best, act, {"name": names[best], "why": sentence, "score": round(why.score, 4)})


def _row(uow: UnitOfWork, entity: str, entry: Entry, named: Mapping[UUID, str]) -> Row:
    """Return a row of the file as the engine reads it; what the actor may not read of others is left out."""
    held = {column: entry.values.get(name) for name, column in sources.VALUES[entity].items()}
    held |= {name: entry.addresses.get("main", {}).get(part) for name, part in sources.PLACED[entity].items()}
    hidden = sources.hidden(uow, entity, held)
    texts = {
        name: sources.text_of(name, named.get(value) if isinstance(value, UUID) else plain(value))
        for name, value in held.items() if name not in hidden
    }  # fmt: skip
    reached = {kind: tuple(value for family, value, _ in entry.reach if family == kind) for kind in ("email", "phone")}
    return Row(texts, *(() if kind in hidden else reached[kind] for kind in ("email", "phone")))


def _who(uow: UnitOfWork, entry: Entry) -> Unkept:
    """Return a row of the file as the scopes of rules read it, with the place its main address gives it."""
    home = entry.addresses.get("main", {})
    return unkept.owned(uow, {**{name: home.get(name) for name in ("city", "country")}, **entry.values})


def _anybody(session: Session, entity: str, began: datetime) -> bool:
    """Tell whether anybody was there when an import began; ids grow with time."""
    oldest = select(Customer.created_at).where(Customer.kind == entity).order_by(col(Customer.id)).limit(1)
    first = session.exec(oldest).first()
    return first is not None and first < began
