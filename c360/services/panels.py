"""The tabs of a profile as cards of plain data: what each shows, and what may be changed there."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, desc, select

from c360.core.clock import utc_now
from c360.core.i18n import text
from c360.models.customer_indexes import MANAGERS
from c360.models.journal import ChangeRow, ChangeSet
from c360.models.relationship import MEMBER, RELAY
from c360.registry.entity import entity_for
from c360.services import (
    facts,
    identities,
    locations,
    names,
    paging,
    profiles,
    provenance,
    references,
    related,
    settings,
)
from c360.services.facts import Card, Fact, Line
from c360.services.forms import ADDITIONAL
from c360.services.relationships import roles, sections
from c360.services.uow import UnitOfWork

DETAILS = {
    "contact": ("name", "work", "demographic"),
    "account": ("company", "details", "size"),
}
MARKETING = ("marketing", "people")
HANDED = ("owner_id", *MANAGERS)


def summary(uow: UnitOfWork, record: Any) -> list[Card]:
    """Return the card every link lands on: how to reach him, what we aim at, who stands for him, what is noted."""
    key, language = record.kind, uow.actor.language
    reach = facts.read(uow, key, record, ("email", "phone", "website", "language"), blank=True)
    place = locations.main(uow, record.id)
    where = Fact("address", text(language, "profile.address"), "text")
    if place is not None:
        where.text = locations.one_line(place, language)
        where.href = f"/{key}/{record.id}/locations?open={place.id}"
    clock = profiles.local_time(profiles.zone_of(uow, record, place))
    time = [Fact("local_time", text(language, "profile.local_time"), "text", clock)] if clock else []
    aims = facts.read(uow, key, record, ("segment_id", "status_id", "channel_id", *HANDED), blank=True)
    provenance.mark(uow, record, {**reach, **aims})
    cards = [
        Card("reach", text(language, "profile.reach"), [where, *reach.values(), *time], edits="reachable"),
        Card("target", text(language, "profile.target"), list(aims.values()), edits="marketing,people"),
    ]
    if key == "account":
        gathered = identities.gathered(uow, record)
        cards += [*related.primary_person(uow, record), *_filled(gathered)]
    else:
        cards += [*related.employer(uow, record), *_filled(locations.working(uow, record))]
    media = facts.read(uow, key, record, ("preferred_media", "forbidden_media", "forbidden_reason"), blank=False)
    if media:
        cards.append(Card("channels", text(language, "profile.channels"), list(media.values()), edits="reach"))
    notes = facts.read(uow, key, record, ("notes",), blank=False)
    if notes:
        cards.append(Card("notes", text(language, "profile.notes"), list(notes.values()), edits="general"))
    placed = settings.read(uow.session).cards(key)
    return sorted((card for card in cards if card.key in placed), key=lambda card: placed.index(card.key))


def general(uow: UnitOfWork, record: Any) -> list[Card]:
    """Return the notes on role and relationship, with the hint on data protection, and how he wants to be met."""
    language = uow.actor.language
    cards = _sections(uow, record, ("general", "reach"))
    for card in cards:
        if card.key == "general":
            card.title, card.hint = text(language, "profile.notes"), text(language, "profile.notes.hint")
            card.empty = text(language, "profile.notes.empty")
    return cards


def details(uow: UnitOfWork, record: Any) -> list[Card]:
    """Return who or what the customer is, with jobs and bank accounts."""
    cards = _sections(uow, record, DETAILS[record.kind])
    if record.kind == "contact":
        for card in cards:
            born = next((n for n, fact in enumerate(card.facts) if fact.name == "birth_date"), None)
            if born is not None and record.birth_date:
                age = Fact("age", text(uow.actor.language, "profile.age"), "text", str(age_on(record.birth_date)))
                card.facts.insert(born + 1, age)
        shown = related.stands_for(uow, record), sections.party_card(uow, record)
        cards += [related.jobs(uow, record), *_filled(*shown)]
    return [*cards, related.bank_accounts(uow, record)]


def marketing(uow: UnitOfWork, record: Any) -> list[Card]:
    """Return segment, status, channel and the people in charge, and who handed him to whom."""
    return [*_sections(uow, record, MARKETING), *_filled(handovers(uow, record))]


def contacts(uow: UnitOfWork, record: Any) -> list[Card]:
    """Return who makes up an account: its people, relays, members and subsidiaries, and the identities it gathers."""
    people = [*roles.card(uow, record), related.people(uow, record), *_filled(related.staff(uow, record))]
    return [
        *people,
        relays(uow, record),
        members(uow, record),
        related.subsidiaries(uow, record),
        identities.gathered(uow, record),
    ]


def places(uow: UnitOfWork, record: Any) -> list[Card]:
    """Return every address and every way to reach the customer."""
    return [locations.card(uow, record), related.communications(uow, record)]


def additional(uow: UnitOfWork, record: Any) -> list[Card]:
    """Return administrators' fields and what other systems call this customer."""
    language = uow.actor.language
    cards = _sections(uow, record, (ADDITIONAL,))
    if not cards:
        title = text(language, f"section.{ADDITIONAL}", default="Additional")
        cards = [Card(ADDITIONAL, title, empty=text(language, "profile.additional.empty"))]
    return [*cards, identities.own(uow, record), provenance.card(uow, record)]


def relays(uow: UnitOfWork, record: Any, start: int = 0) -> Card:
    """Return who passes word between an organisation and us."""
    return sections.card(uow, record, RELAY, start)


def members(uow: UnitOfWork, record: Any, start: int = 0) -> Card:
    """Return who belongs to an organisation."""
    return sections.card(uow, record, MEMBER, start)


def handovers(uow: UnitOfWork, record: Any, start: int = 0) -> Card:
    """Return who was in charge before whom, newest first: the journal tells it."""
    known = uow.fields(record.kind)
    shown = [name for name in HANDED if name in known]
    found = (
        select(ChangeRow.before, ChangeRow.after, ChangeSet.at, ChangeSet.actor_id)
        .join(ChangeSet, col(ChangeSet.id) == col(ChangeRow.set_id))
        .where(ChangeRow.record_id == record.id, ChangeRow.op == "update")
        .order_by(desc(col(ChangeSet.seq)))
    )
    every = [
        (name, (before or {}).get(name), after[name], at, actor_id)
        for before, after, at, actor_id in uow.session.exec(found)
        for name in shown
        if after and name in after
    ]
    moves = every[start : start + paging.MOST]
    ids = {UUID(str(i)) for move in moves for i in (move[1], move[2], move[4]) if i}
    users = {str(i): name for i, name in references.titles(uow, "user", ids).items()}
    language = uow.actor.language
    nobody = text(language, "profile.nobody")
    lines = []
    for name, before, after, at, actor_id in moves:
        line = Line("", "user", f"{users.get(str(before), nobody)} → {users.get(str(after), nobody)}", icon="arrow")
        line.sub = names.field_label(record.kind, known[name], language)
        line.facts = [Fact("at", "", "moment", at.isoformat()), Fact("by", "", "text", users.get(str(actor_id), ""))]
        lines.append(line)
    card = Card("handovers", text(language, "profile.handovers"), lines=lines)
    return paging.paged(card, paging.Page(moves, max(len(every) - start - len(moves), 0)), start)


PANELS: dict[str, Callable[[UnitOfWork, Any], list[Card]]] = {
    "summary": summary,
    "general": general,
    "details": details,
    "marketing": marketing,
    "contacts": contacts,
    "locations": places,
    "additional": additional,
}


PAGED: dict[str, dict[str, Callable[[UnitOfWork, Any, int], Card]]] = {
    "summary": {"identities": identities.gathered, "working_place": locations.working},
    "details": {
        "jobs": related.jobs,
        "stands_for": related.stands_for,
        "party": sections.party_card,
        "bank_accounts": related.bank_accounts,
    },
    "marketing": {"handovers": handovers},
    "contacts": {
        "people": related.people,
        "staff": related.staff,
        "relays": relays,
        "members": members,
        "subsidiaries": related.subsidiaries,
        "identities": identities.gathered,
    },
    "locations": {"addresses": locations.card, "communications": related.communications},
    "additional": {"references": identities.own},
}
"""The cards of a tab that go on, by key: each gives the lines from a number on."""


def age_on(birth_date: Any, day: Any = None) -> int:
    """Return how many years somebody has lived: computed, never typed."""
    today = day or utc_now().date()
    return today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))


def _filled(*cards: Card) -> list[Card]:
    return [card for card in cards if card.lines]


def _sections(uow: UnitOfWork, record: Any, keys: Sequence[str]) -> list[Card]:
    """Return a card for each of these sections of the form, as administrators arranged them, in one look-up for all."""
    from_form = settings.read(uow.session).layout(record.kind)
    known = uow.fields(record.kind)
    added = (spec for spec in known.values() if spec.source == "custom" and "form" not in spec.off)
    from_form[ADDITIONAL] = tuple(spec.name for spec in added)
    labels = {s.key: s.label for s in entity_for(record.kind).sections} | {ADDITIONAL: "Additional"}
    keys = [key for key in from_form if key in keys]
    wanted = [name for key in keys for name in from_form[key]]
    read = facts.read(uow, record.kind, record, wanted)
    provenance.mark(uow, record, read)
    language = uow.actor.language
    made = []
    for key in keys:
        mine = [read[name] for name in from_form[key] if name in read]
        if mine:
            made.append(Card(key, text(language, f"section.{key}", default=labels[key]), mine, edits=key))
    return made
