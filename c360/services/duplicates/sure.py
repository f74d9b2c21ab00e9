"""Merging every sure group at once: looked at before, done as a job, undone as one."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.errors import C360Error, Invalid
from c360.core.i18n import text
from c360.models.customer import KINDS, Customer
from c360.models.duplicate import OPEN, DuplicateGroup, DuplicatePair
from c360.models.job import Job
from c360.query.scope import reach
from c360.registry.entity import entity_for
from c360.services import queue
from c360.services.duplicates import bridging, reviewing, rules
from c360.services.merging import people as participants
from c360.services.merging import planning, second
from c360.services.merging.people import People
from c360.services.merging.shapes import MOST, Choices
from c360.services.uow import UnitOfWork, attempt

KIND = "duplicates.merge"
PLACE = "/duplicates/runs"
READ, FEW = 200, 10
"""Groups looked at together: to count them, and to merge the first that can be."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """A group with its members, the earliest first, and the word for why it is left out; "" when it is not."""

    id: UUID
    ids: list[UUID]
    left: str = ""


@dataclass(slots=True)
class Left:
    """How many groups are left out for one reason."""

    why: str
    groups: int


@dataclass(slots=True)
class Preview:
    """What merging all sure groups would do: so many groups of so many records, and what is left out and why."""

    groups: int = 0
    records: int = 0
    left: list[Left] = field(default_factory=list)
    at: str = ""
    """When it was looked at; groups found later are not merged."""


def preview(uow: UnitOfWork, entity: str) -> Preview:
    """Return what merging every sure group within the actor's reach would do."""
    now, found, last = utc_now(), Preview(), None
    left: Counter[str] = Counter()
    while some := _next(uow, entity, last, now):
        for one in _sorted(uow, entity, some):
            left[one.left] += bool(one.left)
            found.groups += not one.left
            found.records += 0 if one.left else len(one.ids)
        last = some[-1].id
    found.left, found.at = told(left, uow.actor.language), now.isoformat()
    return found


def told(left: Mapping[str, int], language: str) -> list[Left]:
    """Return the reasons for leaving groups out as people read them, the most frequent first."""
    some = sorted(((n, why) for why, n in left.items() if n), reverse=True)
    return [Left(text(language, f"duplicates.left.{why}", n=n), n) for n, why in some]


def start(uow: UnitOfWork, entity: str, at: str = "") -> UUID:
    """Ask for every sure group that was found until then to be merged."""
    uow.require(Verb.MERGE, entity)
    if entity not in KINDS:
        raise Invalid.field("entity", "listing.entity.unknown")
    until = datetime.fromisoformat(at) if at else utc_now()
    return queue.enqueue(uow, KIND, entity=entity, until=until.isoformat())


def step(uow: UnitOfWork, job: Job) -> bool:
    """Merge the next sure group; answer whether there may be more. Each is a merge of its own, caused by the job."""
    entity, until = str(job.arguments["entity"]), datetime.fromisoformat(str(job.arguments["until"]))
    result = job.result or {"groups": 0, "records": 0, "left": {}, "last": "", "href": PLACE}
    if not result["last"]:
        job.total = uow.session.exec(
            select(func.count()).select_from(_query(uow, entity, None, until).subquery())
        ).one()
    some = _next(uow, entity, UUID(result["last"]) if result["last"] else None, until, FEW)
    left: Counter[str] = Counter(result["left"])
    merged: list[UUID] = []
    for one in _sorted(uow, entity, some):
        job.done, result = job.done + 1, {**result, "last": str(one.id)}
        why = one.left or _merge(uow, one)
        if not why:
            merged = one.ids
            break
        left[why] += 1
    job.result = {
        **result, "left": dict(left), "groups": result["groups"] + bool(merged),
        "records": result["records"] + len(merged),
    }  # fmt: skip
    return bool(some)


def _merge(uow: UnitOfWork, one: Sorted) -> str:
    """Merge a group; return the word for why it cannot be, "" when it was.

    The earliest record stays with what it holds; what it lacks comes from the others, the latest first; what hangs
    on any of them is united.
    """
    try:
        with attempt(uow):
            planning.merge(uow, one.ids, Choices(one.ids[0]))
    except C360Error:
        return "refused"
    return ""


def _query(uow: UnitOfWork, entity: str, after: UUID | None, until: datetime) -> Any:
    sure = rules.of(uow.session, entity).sure
    query = select(DuplicateGroup).where(
        DuplicateGroup.entity == entity, DuplicateGroup.state == OPEN, DuplicateGroup.score >= sure,
        DuplicateGroup.found_at <= until, reviewing.in_reach(uow),
    )  # fmt: skip
    return query if after is None else query.where(col(DuplicateGroup.id) > after)


def _next(
    uow: UnitOfWork, entity: str, after: UUID | None, until: datetime, most: int = READ
) -> Sequence[DuplicateGroup]:
    query = _query(uow, entity, after, until).order_by(col(DuplicateGroup.id)).limit(most)
    return uow.session.exec(query).all()


def _sorted(uow: UnitOfWork, entity: str, rows: Sequence[DuplicateGroup]) -> Iterator[Sorted]:
    """Sort out, one after the other as they are asked for, which groups can be merged without anybody's answer."""
    pairs: dict[UUID, list[DuplicatePair]] = defaultdict(list)
    found = select(DuplicatePair).where(col(DuplicatePair.group_id).in_([row.id for row in rows]))
    for pair in uow.session.exec(found):
        pairs[pair.group_id].append(pair)
    members = {group: {one for p in some for one in (p.left_id, p.right_id)} for group, some in pairs.items()}
    every = {one for some in members.values() for one in some}
    mine = uow.select(entity, inactive=False).where(col(Customer.id).in_(every))
    mine = mine.where(*(reach(entity_for(entity), uow.actor, verb) for verb in (Verb.MERGE, Verb.UPDATE)))
    known = {record.id: record for record in uow.session.exec(mine)}
    users = [one for one, _ in participants.users(uow.session, every)]
    return (_sort(uow, row, pairs[row.id], members.get(row.id, set()), known, users) for row in rows)


def _sort(
    uow: UnitOfWork, row: DuplicateGroup, pairs: Sequence[DuplicatePair], members: set[UUID],
    known: Mapping[UUID, Any], users: Sequence[UUID | None],
) -> Sorted:  # fmt: skip
    records = sorted((known[one] for one in members if one in known), key=lambda one: (one.created_at, one.id))
    ids = [one.id for one in records]
    if len(ids) < len(members):
        return Sorted(row.id, ids, "reach")
    if not 1 < len(ids) <= MOST:
        return Sorted(row.id, ids, "many")
    if bridging.weak([(pair.left_id, pair.right_id, pair.score) for pair in pairs if pair.through_id is None]):
        return Sorted(row.id, ids, "weak")
    if sum(one in members for one in users) > 1:
        return Sorted(row.id, ids, "refused")
    people = People(entity_for(row.entity), tuple(records), records[0])
    if participants.questions(uow, people):
        return Sorted(row.id, ids, "doubt")
    return Sorted(row.id, ids, "second" if second.reasons(uow, people) else "")
