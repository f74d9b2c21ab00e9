"""Is this one here already? One record, being typed or about to be saved, against the keys of all there are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from limits import parse
from sqlalchemy import and_, false
from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.ids import id_in
from c360.matching.keys import STRONG, Row
from c360.models.customer import KINDS, Customer
from c360.models.user import User
from c360.query.scope import reach
from c360.registry.entity import entity_for
from c360.services import fields, forms, limiting, references
from c360.services.duplicates import asking, rules, sources, telling, unkept, verdicts
from c360.services.duplicates.alike import alike
from c360.services.duplicates.telling import Shown
from c360.services.uow import UnitOfWork

if TYPE_CHECKING:
    from c360.matching.online import Weighed

MOST = 5
HINTS = parse("30/hour")
"""How often a person is told of customers he may not open: enough for work, too little to probe by."""


@dataclass(slots=True)
class Likely:
    """A customer that may be the one at hand, how likely, and why."""

    id: str
    name: str
    href: str
    score: float
    sure: bool
    why: str
    bars: list[Shown]
    may_merge: bool = False

    @property
    def customer_id(self) -> UUID:
        """Return his id."""
        return UUID(self.id)


@dataclass(slots=True)
class Found:
    """Who is likely the same: those the actor may open, whom to ask about those he may not and how many they are,
    and what the door does.

    ``quiet`` when he was told too often of those he may not open: what he saves is searched around, he learns nothing.
    """

    likely: list[Likely] = field(default_factory=list)
    ask: list[str] = field(default_factory=list)
    hidden: int = 0
    reaction: str = rules.OFF
    quiet: bool = False


def check(
    uow: UnitOfWork, entity: str, values: Mapping[str, str], mine: UUID | None = None, *, door: str = "typing"
) -> Found:
    """Return who may be the customer these typed values describe; ``mine`` is the one being changed, if any.

    Everybody counts, also those out of the actor's reach: of these nothing is told but whom to ask, and only when
    something agrees that hardly two people share.
    """
    if entity not in KINDS or not uow.actor.may(Verb.READ, entity):
        return Found()
    rule = rules.of(uow.session, entity).at(door)
    if rule.reaction(door) == rules.OFF:
        return Found()
    hits, shared = _hits(uow, entity, values, mine, door, rule)
    likely, closed = _told(uow, entity, hits, shared, rule)
    asked = _whom_to_ask(uow, entity, closed) if closed else []
    if asked is None:
        # To refuse would tell as well. A search finds the pair once the record is saved, and nobody here learns of it.
        return Found(likely, [], 0, rule.reaction(door, max((one.score for one in likely), default=0)), quiet=True)
    most = max(
        (hits[one].why.score for one in [*(UUID(one.id) for one in likely), *(closed if asked else [])]), default=0
    )
    return Found(likely, asked, len(closed) if asked else 0, rule.reaction(door, most))


def hidden(
    uow: UnitOfWork, entity: str, values: Mapping[str, str], mine: UUID | None = None, *, door: str = "typing"
) -> dict[UUID, str]:
    """Return the customers of whom these values tell only that they are there, each with a strong key both have.

    For the server alone: neither the ids nor their number may reach who typed the values.
    """
    if entity not in KINDS or not uow.actor.may(Verb.READ, entity):
        return {}
    rule = rules.of(uow.session, entity).at(door)
    if rule.reaction(door) == rules.OFF:
        return {}
    hits, shared = _hits(uow, entity, values, mine, door, rule)
    _, closed = _told(uow, entity, hits, shared, rule)
    return {one: min(STRONG.intersection(shared[one])) for one in closed[:MOST]}


def _hits(
    uow: UnitOfWork, entity: str, values: Mapping[str, str], mine: UUID | None, door: str, rule: rules.Rules
) -> tuple[dict[UUID, "Weighed"], Mapping[UUID, Collection[str]]]:
    """Return everybody who may be who the values describe and is not told apart from him, and the keys they share."""
    row = _row(uow, entity, values, sources.rows(uow.session, entity, [mine]).get(mine) if mine else None)
    scoped = any(one.active and one.scope for one in rule.rules)
    told = unkept.typed(uow, entity, values, mine, whole=door != "typing") if scoped else unkept.Unkept({})
    [found] = alike(uow.session, entity, [row], [told], rule, but=[mine] if mine else [])
    apart = verdicts.of_one(uow.session, mine) if mine else {}
    hits = {one: hit for one, hit in found.hits.items() if not verdicts.holds(apart.get(one), hit.levels)}
    return hits, found.shared


def _row(uow: UnitOfWork, entity: str, values: Mapping[str, str], kept: Row | None) -> Row:
    """Return what was typed over what is kept as the engine reads it.

    Fields the actor may not read are left out, of what he types too: he must not guess them.
    """
    of, asked = entity_for(entity), sources.COLUMNS[entity]
    ids = [one for name in sources.NAMED if (one := id_in(values.get(name) or ""))]
    known = {str(one): name for one, name in sources.named(uow.session, ids).items()} if ids else {}
    columns = sources.VALUES[entity]
    named = {
        columns[typed]: known.get(text, "") if typed in sources.NAMED else text
        for typed, text in values.items() if typed in columns and fields.reads(of, typed, uow.actor)
    }  # fmt: skip
    hidden = sources.hidden(uow, entity, asked)
    texts = {name: text for name, text in (kept.texts if kept else {}).items() if name not in hidden}
    return Row(texts | {name: sources.text_of(name, text.strip()) for name, text in named.items()})


def save_anyway(uow: UnitOfWork, entity: str, *form: Any, apart: Collection[UUID], reason: str, **more: Any) -> UUID:
    """Save a form's customer and tell him apart, for a reason, from those like him the actor may change."""
    made = forms.save(uow, entity, *form, **more)
    uow.flush()
    found = uow.select(entity).where(col(Customer.id).in_(apart), reach(entity_for(entity), uow.actor, Verb.UPDATE))
    for other in uow.session.exec(found).all():
        verdicts.dismiss(uow, entity, made, other.id, reason)
    return made


def save_and_search(uow: UnitOfWork, entity: str, *form: Any, **more: Any) -> UUID:
    """Save a form's customer and ask for a search around him: who is like him waits in the queue."""
    made = forms.save(uow, entity, *form, **more)
    asking.after_save(uow, entity, made)
    return made


def _told(
    uow: UnitOfWork, entity: str, hits: Mapping[UUID, "Weighed"], shared: Mapping[UUID, Collection[str]],
    rule: rules.Rules,
) -> tuple[list[Likely], list[UUID]]:  # fmt: skip
    """Return who is likely the same as the actor may read it, and who is that he may not open."""
    seen, mine = _seen(uow, entity, hits.keys())
    best = sorted(hits, key=lambda one: (-hits[one].why.score, str(one)))
    unnamed = sources.hidden(uow, entity, {bar.field for one in hits.values() for bar in one.why.fields})
    language = uow.actor.language
    likely = [
        Likely(
            str(one), seen[one], f"/{entity}/{one}", why.score, why.score >= rule.sure,
            telling.sentence(why, language, unnamed), telling.bars(why, language, unnamed), one in mine,
        )
        for one in best
        if one in seen and (why := hits[one].why)
    ][:MOST]  # fmt: skip
    closed = [one for one in best if one not in seen and not STRONG.isdisjoint(shared[one])]
    return likely, closed


def _seen(uow: UnitOfWork, entity: str, ids: Collection[UUID]) -> tuple[dict[UUID, str], set[UUID]]:
    """Return what those of these customers are called whom the actor sees, and those of them he may merge."""
    if not ids:
        return {}, set()
    verbs = (Verb.MERGE, Verb.UPDATE) if uow.actor.may(Verb.MERGE, entity) else ()
    rights = and_(*(reach(entity_for(entity), uow.actor, verb) for verb in verbs)) if verbs else false()
    found = uow.select(entity, archived=True).where(col(Customer.id).in_(ids))
    rows = uow.session.execute(found.with_only_columns(col(Customer.id), col(Customer.name), rights)).all()
    return {one: references.customer_name(uow, entity, name) for one, name, _ in rows}, {
        row[0] for row in rows if row[2]
    }


def _whom_to_ask(uow: UnitOfWork, entity: str, closed: list[UUID]) -> list[str] | None:
    """Return the names of the owners of customers the actor may not open; logged. None when told too often."""
    if not limiting.limiter().hit(HINTS, "duplicates", str(uow.actor.user_id)):
        return None
    for one in closed[:MOST]:
        uow.saw("duplicate.hinted", entity, one)
    owners = select(User.name).join(Customer, col(Customer.owner_id) == col(User.id))
    return sorted(set(uow.session.exec(owners.where(col(Customer.id).in_(closed[:MOST])))))
