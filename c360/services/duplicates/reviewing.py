"""The queue of groups that wait for a decision: what is in it, and what people decide."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, or_
from sqlmodel import col, func, select

from c360.core.actor import Actor, Verb
from c360.core.clock import utc_now
from c360.core.errors import NotFound
from c360.core.i18n import text
from c360.matching.evidence import Explanation, from_json
from c360.matching.keys import STRONG
from c360.models.customer import KINDS, Customer
from c360.models.duplicate import APART, MERGED, OPEN, WAITING, DuplicateGroup, DuplicatePair
from c360.models.user import User
from c360.services import references
from c360.services.duplicates import bridging, rules, sources, telling
from c360.services.duplicates.telling import Shown
from c360.services.uow import UnitOfWork
from c360.services.uow import ask as uow_ask

PAGE, PIECE, MOST_PAIRS, MOST_MEMBERS = 20, 200, 40, 60
RECENT = timedelta(days=30)


@dataclass(slots=True)
class Member:
    """A customer of a group, as a card shows him."""

    id: str
    name: str
    href: str
    facts: list[str]
    owner: str


@dataclass(slots=True)
class PairLine:
    """Two members and the evidence that ties them; a ``weak`` one alone holds two parts of the group together."""

    id: str
    left_id: str
    right_id: str
    left: str
    right: str
    score: float
    why: str
    bars: list[Shown]
    weak: bool
    door: str


@dataclass(slots=True)
class GroupLine:
    """A group as the queue shows it; ``closed`` members are out of the actor's reach, ``ask`` is who owns them."""

    id: str
    entity: str
    state: str
    score: float
    sure: bool
    size: int
    found_at: str
    note: str
    members: list[Member]
    pairs: list[PairLine]
    closed: int
    ask: list[str]
    whom: str
    strong: bool
    """Whether something agrees that hardly two people share."""
    may_merge: bool
    home: bool
    """Whether a guard says of two of them that they rather are one household."""


@dataclass(slots=True)
class Hint:
    """A sentence about possible duplicates and where it leads; empty when there are none."""

    text: str = ""
    href: str = ""


@dataclass(slots=True)
class Figures:
    """How the work stands: what waits and since when, what was decided lately and how."""

    waiting: int = 0
    sure: int = 0
    oldest_days: int = 0
    median_days: int = 0
    merged: int = 0
    apart: int = 0


def seen_by(uow: UnitOfWork, column: Any, within: Any = DuplicatePair) -> Any:
    """Return the test that a customer named in a table is one the actor may open, live and active."""
    found = uow.select("customer", inactive=False).with_only_columns(col(Customer.id))
    return found.where(col(Customer.id) == column).correlate(within).exists()


def in_reach(uow: UnitOfWork) -> Any:
    """Return the test that a group has two members the actor may open, tied to each other."""
    left, right = seen_by(uow, DuplicatePair.left_id), seen_by(uow, DuplicatePair.right_id)
    pair = select(DuplicatePair.id).where(col(DuplicatePair.group_id) == col(DuplicateGroup.id), left, right)
    return pair.correlate(DuplicateGroup).exists()


def groups(
    uow: UnitOfWork, *, entity: str = "", state: str = OPEN, after: int = 0, limit: int = PAGE
) -> list[GroupLine]:
    """Return the next groups in a state, the surest and most valuable first."""
    query = select(DuplicateGroup).where(DuplicateGroup.state == state, in_reach(uow))
    if entity:
        query = query.where(DuplicateGroup.entity == entity)
    query = query.order_by(col(DuplicateGroup.worth).desc(), col(DuplicateGroup.id)).offset(after).limit(limit)
    return _lines(uow, uow.session.exec(query).all())


def every(actor: Actor, entity: str) -> Iterator[GroupLine]:
    """Walk the groups that wait within an actor's reach."""
    after = 0
    while some := uow_ask(actor, groups, entity=entity, after=after, limit=PIECE):
        yield from some
        after += len(some)


def group(uow: UnitOfWork, group_id: UUID) -> GroupLine:
    """Return one group of which the actor may open two members."""
    return _lines(uow, [one(uow, group_id)])[0]


def of_customer(uow: UnitOfWork, customer_id: UUID) -> GroupLine | None:
    """Return the waiting group a customer is in: all of it the actor may open, or whom to ask about the rest."""
    tied = select(DuplicatePair.group_id).where(
        (col(DuplicatePair.left_id) == customer_id) | (col(DuplicatePair.right_id) == customer_id)
    )
    query = select(DuplicateGroup).where(col(DuplicateGroup.id).in_(tied), col(DuplicateGroup.state).in_(WAITING))
    found = uow.session.exec(query).first()
    return _lines(uow, [found])[0] if found else None


def hint(uow: UnitOfWork, customer_id: UUID) -> Hint:
    """Return what a profile says of its possible duplicates: where they are decided on, or whom to ask."""
    line = of_customer(uow, customer_id)
    if line is None:
        return Hint()
    others = [one.name for one in line.members if one.id != str(customer_id)]
    language = uow.actor.language
    if others and line.pairs:
        return Hint(text(language, "duplicate.hint", names=", ".join(others)), f"/duplicates/{line.id}")
    return (
        Hint(text(language, "duplicate.hint.closed", who=", ".join(line.ask))) if line.ask and line.strong else Hint()
    )


def one(uow: UnitOfWork, group_id: UUID) -> DuplicateGroup:
    """Return the row of a group of which the actor may open two members."""
    query = select(DuplicateGroup).where(DuplicateGroup.id == group_id, in_reach(uow))
    found = uow.session.exec(query).first()
    if found is None:
        raise NotFound("duplicate.group.gone")
    return found


def _lines(uow: UnitOfWork, rows: Sequence[DuplicateGroup]) -> list[GroupLine]:
    pairs: dict[UUID, list[DuplicatePair]] = defaultdict(list)
    query = select(DuplicatePair).where(col(DuplicatePair.group_id).in_([row.id for row in rows]))
    for pair in uow.session.exec(query.order_by(col(DuplicatePair.score).desc(), col(DuplicatePair.id))):
        pairs[pair.group_id].append(pair)
    ids = {one for some in pairs.values() for pair in some for one in (pair.left_id, pair.right_id)}
    found = uow.session.exec(uow.select("customer", inactive=False).where(col(Customer.id).in_(ids)))
    seen: Mapping[UUID, Any] = {one.id: one for one in found}
    owners = _owners(uow, ids)
    if seen:
        uow.saw("duplicates", "customer", ids=[str(one) for one in seen])
    return [_line(uow, row, pairs[row.id], seen, owners) for row in rows]


def members(uow: UnitOfWork, ids: set[UUID]) -> dict[UUID, Member]:
    """Return people as a card shows them, those the actor may open."""
    found = uow.session.exec(uow.select("contact", inactive=False).where(col(Customer.id).in_(ids))).all()
    owners = _owners(uow, ids)
    if found:
        uow.saw("duplicates", "customer", ids=[str(one.id) for one in found])
    return {
        one.id: _member(uow, "contact", one, references.called(uow, "contact", one), owners) for one in found
    }  # fmt: skip


def _owners(uow: UnitOfWork, ids: set[UUID]) -> Mapping[UUID, str]:
    query = select(Customer.id, User.name).join(User, col(User.id) == col(Customer.owner_id))
    return dict(uow.session.exec(query.where(col(Customer.id).in_(ids))).all())


def _line(
    uow: UnitOfWork, row: DuplicateGroup, pairs: Sequence[DuplicatePair], seen: Mapping[UUID, Any],
    owners: Mapping[UUID, str],
) -> GroupLine:  # fmt: skip
    everyone = list(dict.fromkeys(one for pair in pairs for one in (pair.left_id, pair.right_id)))
    mine = [one for one in everyone if one in seen]
    shown = [pair for pair in pairs if pair.left_id in seen and pair.right_id in seen]
    told = [from_json(pair.why) for pair in shown]
    hidden = sources.hidden(uow, row.entity, {bar.field for why in told for bar in why.fields})
    names = {one: references.called(uow, row.entity, seen[one]) for one in mine}
    weak = bridging.weak([(pair.left_id, pair.right_id, pair.score) for pair in pairs if pair.through_id is None])
    closed = [one for one in everyone if one not in seen]
    whom = sorted({owners[one] for one in closed if one in owners})
    merging = [uow.actor.owners(row.entity, Verb.MERGE)] if uow.actor.may(Verb.MERGE, row.entity) else []
    return GroupLine(
        id=str(row.id), entity=row.entity, state=row.state, score=row.score,
        sure=row.score >= rules.of(uow.session, row.entity).sure, size=row.size, found_at=row.found_at.isoformat(),
        note=row.note, members=[_member(uow, row.entity, seen[one], names[one], owners) for one in mine[:MOST_MEMBERS]],
        pairs=[
            _pair(uow, pair, why, hidden, names, (pair.left_id, pair.right_id) in weak)
            for pair, why in zip(shown[:MOST_PAIRS], told, strict=False)
        ],
        closed=len(closed), ask=whom, whom=", ".join(whom),
        strong=any(field in STRONG and level == "same" for pair in pairs for field, level, _ in pair.why["bars"]),
        may_merge=any(reach is None or all(seen[one].owner_id in reach for one in mine) for reach in merging),
        home=row.entity == "contact" and any(why.objections and _at_home(why) for why in told),
    )  # fmt: skip


def _at_home(why: Explanation) -> bool:
    """Tell whether two live in one house, as far as is known."""
    return any(bar.field == "address" and bar.level.startswith("same house") for bar in why.bars)


def _member(uow: UnitOfWork, entity: str, record: Any, name: str, owners: Mapping[UUID, str]) -> Member:
    readable = uow.fields(entity)
    names = ("birth_date", "email", "phone", "city", "website", "tax_number")
    facts = [str(getattr(record, one)) for one in names if one in readable and getattr(record, one)]
    return Member(str(record.id), name, f"/{entity}/{record.id}", facts, owners.get(record.id, ""))


def _pair(
    uow: UnitOfWork,
    pair: DuplicatePair,
    why: Explanation,
    hidden: frozenset[str],
    names: Mapping[UUID, str],
    weak: bool,
) -> PairLine:
    language = uow.actor.language
    return PairLine(
        str(pair.id), str(pair.left_id), str(pair.right_id), names[pair.left_id], names[pair.right_id], pair.score,
        telling.sentence(why, language, hidden), telling.bars(why, language, hidden), weak, pair.door,
    )  # fmt: skip


def figures(uow: UnitOfWork) -> Figures:
    """Return how the work stands on the groups within the actor's reach."""
    now = utc_now()
    waits = (col(DuplicateGroup.state).in_(WAITING), in_reach(uow))
    sure = or_(
        *(
            (col(DuplicateGroup.entity) == entity) & (col(DuplicateGroup.score) >= rules.of(uow.session, entity).sure)
            for entity in KINDS
        )
    )
    count = uow.session.exec(select(func.count(), func.sum(case((sure, 1), else_=0))).where(*waits)).one()
    by_age = select(DuplicateGroup.found_at).where(*waits).order_by(col(DuplicateGroup.found_at)).limit(1)
    oldest = uow.session.exec(by_age).first() or now
    median = uow.session.exec(by_age.offset(count[0] // 2)).first() or now
    decided = select(DuplicateGroup.state, func.count()).where(
        col(DuplicateGroup.state).in_((APART, MERGED)), col(DuplicateGroup.decided_at) >= now - RECENT
    )
    done = dict(uow.session.exec(decided.group_by(col(DuplicateGroup.state))).all())
    return Figures(
        count[0], int(count[1] or 0), (now - oldest).days, (now - median).days, done.get(MERGED, 0), done.get(APART, 0)
    )
