"""A search for duplicates as durable work: a whole one, one of what changed since the last, or one of a selection.

A whole search compares outside any transaction and leaves what it found in a file; the chunks after it write that
down piece by piece. Anything else compares a few customers with whoever shares a key with them, in each chunk.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, delete, insert, or_, update
from sqlmodel import Session, col, select

from c360.core.actor import SYSTEM, Actor
from c360.core.clock import utc_now
from c360.core.config import settings
from c360.core.db import learn_sizes
from c360.core.ids import new_id
from c360.matching.evidence import from_json
from c360.models.customer import Customer
from c360.models.duplicate import DuplicateKey, DuplicateModel
from c360.models.job import Job
from c360.models.journal import ChangeRow, ChangeSet
from c360.query.scope import live
from c360.registry.entity import entity_for
from c360.services import journal, selection
from c360.services.duplicates import groups, homes, keys, membership, rules, sources, sure
from c360.services.duplicates.asking import KIND
from c360.services.duplicates.groups import Candidate
from c360.services.duplicates.homes import Home
from c360.services.duplicates.scan import STEPS, Found, around, whole
from c360.services.uow import UnitOfWork, ask, mark, perform

KEYED, WRITTEN, COMPARED = 1_000, 500, 1_000
"""Customers keyed, groups written and customers compared in one chunk."""
PARTS = frozenset({"contact", "account", "address", "communication", "employment"})
"""Rows of the journal that can change what is compared."""
LIFE = ("archived_at", "inactive_at", "restricted_at", "erased_at", "merged_into_id")
"""Fields of a customer that decide whether he is compared at all."""
LEARNED = ("weights", "population", "customers", "seq", "judged_by")
"""What a whole search leaves behind besides its groups."""
TOO_MANY = 0.2
"""So large a part of all changed, and comparing everything is quicker."""


def step(uow: UnitOfWork, job: Job) -> bool:
    """Do the next chunk of a search; answer whether there is more."""
    entity = str(job.arguments["entity"])
    chosen, listed = job.arguments.get("selection"), job.arguments.get("listed") or entity
    if job.result is None:
        now = membership.judged(rules.of(uow.session, entity))
        few = None if chosen is None and not job.arguments.get("changed") else _few(uow, entity, chosen, listed)
        job.result = {"phase": "keys" if few is None else "few", "last": "", "groups": 0, "href": "/duplicates"}
        job.total = len(STEPS) if few is None else len(few)
        if few is not None:
            _write(
                job.id, {"ids": [str(one) for one in few], "seq": journal.last_seq(uow.session), "judged_by": now}, []
            )
        return True
    work = {"keys": _key, "compare": _compare, "write": _keep, "few": _around}[job.result["phase"]]
    more = work(uow, job, entity)
    if not more and job.arguments.get("merge"):
        sure.start(uow, entity)
    return more


def at_once(
    actor: Actor, entity: str, *, changed: bool, tell: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Run a search here and now, without a worker; return what it came to."""
    job = Job(kind=KIND, arguments={"entity": entity, "changed": changed}, user_id=actor.user_id)
    while perform(actor, step, job):
        learn_sizes()
        result = job.result or {}
        tell(f"{result['phase']}: {job.done} / {job.total}")
    return {name: value for name, value in (job.result or {}).items() if name in ("customers", "groups")}


def _key(uow: UnitOfWork, job: Job, entity: str) -> bool:
    """Give the next customers without keys theirs: who came before keys were kept, or by another way."""
    result = dict(job.result or {})
    bare = ~select(DuplicateKey.key).where(col(DuplicateKey.customer_id) == col(Customer.id)).exists()
    query = select(Customer.id).where(Customer.kind == entity, live(entity_for(entity)), bare)
    if result["last"]:
        query = query.where(col(Customer.id) > UUID(result["last"]))
    ids = uow.session.exec(query.order_by(col(Customer.id)).limit(KEYED)).all()
    keys.refresh(uow.session, ids)
    job.result = {**result, "last": str(ids[-1])} if ids else {**result, "phase": "compare", "last": ""}
    return True


def _compare(uow: UnitOfWork, job: Job, entity: str) -> bool:
    """Have everything compared once this chunk is safe; the next one finds the file."""
    if not path(job.id).exists():
        job_id = job.id
        uow.after_commit(lambda: _compared(job_id, entity))
        return True
    head = _head(job.id)
    job.result = {**(job.result or {}), "phase": "write", "customers": head["customers"], "groups": head["groups"]}
    job.total, job.done, job.cursor = head["lines"] or 1, 0, 0
    return True


class _Stopped(Exception):
    """Somebody asked the search to stop while it compared."""


def _compared(job_id: UUID, entity: str) -> None:
    def tell(name: str) -> None:
        if ask(SYSTEM, lambda uow: uow.session.exec(select(Job.cancel_asked).where(col(Job.id) == job_id)).first()):
            raise _Stopped
        mark(update(Job).where(col(Job.id) == job_id).values(done=STEPS.index(name)))

    try:
        perform(SYSTEM, membership.note, entity)
        found = whole(SYSTEM, entity, step=tell)
    except _Stopped:
        return  # The next chunk sees that it was cancelled.
    head = {name: getattr(found, name) for name in LEARNED}
    lines = told(found)
    _write(job_id, {**head, "groups": len(found.groups), "lines": len(lines)}, lines)


def told(found: Found) -> list[dict[str, Any]]:
    """Return what a search found as plain values: the groups, each with the pairs that tie it, then households."""
    place = {one: number for number, group in enumerate(found.groups) for one in group}
    made: list[dict[str, Any]] = [{"ids": [str(one) for one in group], "pairs": []} for group in found.groups]
    for pair in found.pairs:
        through = str(pair.through) if pair.through else None
        some = made[place[pair.left_id]]
        if through is None or len(some["ids"]) > groups.SMALL:
            some["pairs"].append([str(pair.left_id), str(pair.right_id), pair.why.to_json(), through])
    homes = [{"home": [str(one.left_id), str(one.right_id), dict(one.levels)]} for one in found.homes]
    return [*made, *homes]


def _keep(uow: UnitOfWork, job: Job, entity: str) -> bool:
    """Write the next groups down; with the last of them, what was learned."""
    if not path(job.id).exists():
        job.result = {**(job.result or {}), "phase": "compare"}  # It was lost with the disk it was on.
        return True
    result = dict(job.result or {})
    part, result["offset"] = _next(job.id, result.get("offset", 0), WRITTEN)
    groups.put(uow.session, entity, [_group(one) for one in part if "ids" in one], scan_id=job.id)
    homes.put(uow.session, [_home(one) for one in part if "home" in one], scan_id=job.id)
    job.cursor += len(part)
    job.done, job.result = job.cursor, result
    if len(part) == WRITTEN:
        return True
    finish(uow.session, entity, job.id, _head(job.id))
    _gone(uow, job.id)
    return False


def finish(session: Session, entity: str, scan_id: UUID, found: dict[str, Any]) -> None:
    """Take away what was not found again, and keep what was learned."""
    groups.finish(session, entity, scan_id)
    homes.finish(session, entity, scan_id)
    session.execute(delete(DuplicateModel).where(col(DuplicateModel.entity) == entity))
    learned = {name: found[name] for name in LEARNED}
    row = {"id": new_id(), "entity": entity, "learned_at": utc_now(), "scanned_at": utc_now()}
    session.execute(insert(DuplicateModel).values(**row, **learned))


def _group(told: dict[str, Any]) -> tuple[list[UUID], list[Candidate]]:
    pairs = [
        Candidate(UUID(left), UUID(right), from_json(why), UUID(through) if through else None)
        for left, right, why, through in told["pairs"]
    ]
    return [UUID(one) for one in told["ids"]], pairs


def _home(told: dict[str, Any]) -> Home:
    left, right, levels = told["home"]
    return Home(UUID(left), UUID(right), levels)


def _few(uow: UnitOfWork, entity: str, chosen: Any, listed: str) -> list[UUID] | None:
    """Return the customers to compare; None when comparing all of them is due."""
    if chosen is not None:
        wanted, kind = selection.from_json(listed, chosen), col(Customer.kind) == entity
        return selection.ids(uow, listed, wanted, kind, limit=selection.count(uow, listed, wanted, kind))
    learned = uow.session.get(DuplicateModel, entity)
    if learned is None:
        return None
    if learned.judged_by != membership.judged(rules.of(uow.session, entity)):
        return None
    found = sorted({*changed(uow.session, entity, learned.seq), *membership.note(uow, entity)})
    return None if len(found) > max(TOO_MANY * learned.customers, COMPARED) else found


def changed(session: Session, entity: str, seq: int) -> list[UUID]:
    """Return the customers of a kind of whom something that is compared was changed after a change of the journal."""
    said = cast(col(ChangeRow.after), String)
    # A note, a status, another owner: none of it is read. What an erasure emptied may have been anything.
    named = (said.contains(f'"{name}":', autoescape=True) for name in (*sources.VALUES[entity], *LIFE))
    elsewhere = col(ChangeRow.entity) != entity, col(ChangeRow.op) != "update"
    touched = (
        select(ChangeRow.customer_id)
        .join(ChangeSet, col(ChangeSet.id) == col(ChangeRow.set_id))
        .where(col(ChangeSet.seq) > seq, col(ChangeRow.entity).in_(PARTS))
        .where(or_(*elsewhere, said.is_(None), said == "null", *named))
    )
    query = select(Customer.id).where(Customer.kind == entity, col(Customer.id).in_(touched))
    return list(session.exec(query.order_by(col(Customer.id))))


def _around(uow: UnitOfWork, job: Job, entity: str) -> bool:
    """Compare the next customers with whoever shares a key with them."""
    found = _head(job.id)
    ids = [UUID(one) for one in found["ids"][job.cursor : job.cursor + COMPARED]]
    result = dict(job.result or {})
    pairs, housed = around(uow.session, entity, ids)
    homes.replace(uow.session, ids, housed)
    result["groups"] += groups.replace(uow.session, entity, ids, pairs, str(job.arguments.get("door") or "scan"))
    job.cursor += len(ids)
    job.done, job.result = job.cursor, {**result, "customers": job.cursor}
    if job.cursor < len(found["ids"]):
        return True
    if job.arguments.get("changed"):
        now = {"seq": found["seq"], "judged_by": found["judged_by"], "scanned_at": utc_now()}
        uow.session.execute(update(DuplicateModel).where(col(DuplicateModel.entity) == entity).values(**now))
    _gone(uow, job.id)
    return False


def path(job_id: UUID) -> Path:
    """Return the file in which a search keeps what it found until it is written down."""
    return settings().data_path / "duplicates" / f"{job_id}.jsonl"


def _write(job_id: UUID, head: dict[str, Any], found: Iterable[dict[str, Any]]) -> None:
    file = path(job_id)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    with part.open("w", encoding="utf-8") as out:
        for line in (head, *found):
            out.write(json.dumps(line) + "\n")
    part.replace(file)


def _head(job_id: UUID) -> dict[str, Any]:
    with path(job_id).open(encoding="utf-8") as file:
        return json.loads(file.readline())


def _next(job_id: UUID, offset: int, count: int) -> tuple[list[dict[str, Any]], int]:
    """Return the next groups of the file and where those after them begin."""
    with path(job_id).open(encoding="utf-8") as file:
        file.seek(offset)
        if offset == 0:
            file.readline()
        lines = [line for _ in range(count) if (line := file.readline())]
        return [json.loads(line) for line in lines], file.tell()


def _gone(uow: UnitOfWork, job_id: UUID) -> None:
    uow.after_commit(lambda: path(job_id).unlink(missing_ok=True))
