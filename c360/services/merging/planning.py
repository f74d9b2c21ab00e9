"""The plan and its keeping: a merge is executed and rolled back to show what happens, then done if nothing changed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.errors import C360Error, Conflict, Invalid
from c360.models.journal import ChangeRow, ChangeSet
from c360.query.expressions import plain
from c360.services import history, journal, sides
from c360.services import uow as units_of_work
from c360.services.merging import decisions, folding, lines, marking, naming, permissions, restraints, second, tables
from c360.services.merging import people as participants
from c360.services.merging.lines import Resolved
from c360.services.merging.people import People
from c360.services.merging.shapes import APPEND, Choices, Merged, Moved, Plan, Result, Since, Stale, Unanswered
from c360.services.merging.work import Fold
from c360.services.told import Teller
from c360.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class _Done:
    """A merge that was executed but not yet kept."""

    people: People
    resolved: Resolved
    rows: int
    moved: tuple[Moved, ...]
    changed: Mapping[str, tuple[Any, Any]]
    digest: str


def plan(uow: UnitOfWork, ids: Sequence[UUID], choices: Choices, *, reader: UnitOfWork | None = None) -> Plan:
    """Execute a merge, count what it does, and roll it back; ``reader`` is who it is told to, if somebody else."""
    people = participants.load(uow, ids, choices.survivor_id, lock=True)
    asked, before = participants.questions(uow, people), permissions.standing(uow, people.ids, reader)
    seq, draft = journal.last_seq(uow.session), uow.draft
    kept = replace(draft, rows=dict(draft.rows), customers=set(draft.customers), details=dict(draft.details))
    attempt = uow.session.begin_nested()
    try:
        done = _execute(uow, people, choices)
        units_of_work.finish(uow)
        allowed = permissions.compared(reader or uow, before, *permissions.standing(uow, [people.survivor.id], reader))
    finally:
        attempt.rollback()
        uow.session.expire_all()
        draft.rows, draft.customers, draft.details, draft.action = kept.rows, kept.customers, kept.details, kept.action
    (reader or uow).saw(
        "merge.planned", people.entity.key, people.survivor.id, records=[str(one) for one in people.ids]
    )
    results = _results(reader or uow, people, done.changed)
    fingerprint = f"{seq}.{done.digest}"
    why = second.told(second.reasons(uow, people), (reader or uow).actor.language)
    moved = tuple(one for one in done.moved if one.key not in tables.BESIDE)
    return Plan(fingerprint, people.entity.key, people.survivor.id, done.rows, moved, results, asked, why, allowed)


def commit(
    uow: UnitOfWork, ids: Sequence[UUID], choices: Choices, fingerprint: str, *, approved: bool = False
) -> Merged:
    """Do what a plan showed.

    ``Stale`` names what changed meanwhile, ``Unanswered`` what must be confirmed first; ``SecondNeeded`` tells why
    somebody else must approve it, unless that was done.
    """
    seq, _, digest = fingerprint.partition(".")
    if not seq.isdigit() or not digest:
        raise Invalid.field("fingerprint", "merge.fingerprint")
    try:
        return _kept(uow, ids, choices, digest, approved=approved)
    except C360Error as error:
        if isinstance(error, (Unanswered, second.SecondNeeded)):
            raise
        if since := _since(uow, ids, int(seq)):
            raise Stale(since) from error
        raise


def compare(uow: UnitOfWork, ids: Sequence[UUID], choices: Choices, fingerprint: str) -> None:
    """Raise ``Stale`` unless a merge would still do what its plan showed."""
    seq, _, digest = fingerprint.partition(".")
    if plan(uow, ids, choices).fingerprint.partition(".")[2] != digest:
        raise Stale(_since(uow, ids, int(seq)))


def since(uow: UnitOfWork, ids: Sequence[UUID], choices: Choices, fingerprint: str) -> tuple[Since, ...]:
    """Return what others did to these customers after a plan, as the actor may read it."""
    return _since(uow, ids, int(fingerprint.partition(".")[0]))


def merge(uow: UnitOfWork, ids: Sequence[UUID], choices: Choices) -> Merged:
    """Merge without looking first."""
    return _kept(uow, ids, choices, None)


def _kept(
    uow: UnitOfWork, ids: Sequence[UUID], choices: Choices, digest: str | None, *, approved: bool = False
) -> Merged:
    people = participants.load(uow, ids, choices.survivor_id, lock=True)
    if asked := participants.unanswered(uow, people, choices):
        raise Unanswered(asked)
    if not approved and (why := second.reasons(uow, people)):
        raise second.SecondNeeded(why, uow.actor.language)
    uow.draft.cause_id = uow.draft.cause_id or uow.draft.set_id
    done = _execute(uow, people, choices)
    if digest is not None and done.digest != digest:
        raise Conflict("merge.changed")
    uow.log(uow.draft.action, suggested=decisions.evidence(uow, people.ids))
    losers = tuple(record.id for record in people.losers)
    return Merged(uow.draft.set_id, people.entity.key, people.survivor.id, losers, done.rows)


def _execute(uow: UnitOfWork, people: People, choices: Choices) -> _Done:
    """Fold, give out the marks, write the survivor; everything but the commit."""
    known = {str(one) for one in people.ids} | {APPEND}
    if any(chosen not in known for chosen in choices.collections.values()):
        raise Invalid.field("collections", "merge.pick")
    before = len(uow.draft.rows)
    resolved = lines.resolve(uow, people, choices)
    work = Fold(uow, people, choices)
    folding.fold(work)
    naming.follow(work)
    marking.settle(work, resolved)
    changed = marking.survivor(work, resolved.values)
    uow.session.expire_all()
    restraints.respell(uow, people.survivor.id)
    losers = [str(record.id) for record in people.losers]
    uow.log(
        f"{people.entity.key}.merged", survivor=str(people.survivor.id), losers=losers, picks=resolved.picks,
        collections=dict(choices.collections), moved={one.key: one.moved for one in work.told()},
        **({"bookkeeping": work.bookkeeping} if work.bookkeeping else {}),
    )  # fmt: skip
    rows = len(uow.draft.rows) - before
    return _Done(people, resolved, rows, work.told(), changed, _digest(uow, choices, resolved, work))


def _digest(uow: UnitOfWork, choices: Choices, resolved: Resolved, work: Fold) -> str:
    """Return what a plan and its keeping have in common: every row, its version, what it gets, and what was chosen."""
    told = hashlib.sha256(json.dumps(
        [str(choices.survivor_id), sorted(choices.collections.items()), sorted(resolved.picks.items()),
         [[table, one] for table, one, *_ in work.bookkeeping]],
    ).encode())  # fmt: skip
    touched = (key for key, row in uow.draft.rows.items() if row["op"] != "create")
    for key in sorted(touched, key=lambda key: (key[0], key[1].int)):
        row = uow.draft.rows[key]
        # Moments differ from run to run; that there is one does not.
        after = [(n, v if not n.endswith("_at") else bool(v)) for n, v in (row["after"] or {}).items()]
        told.update(f"{key[0]}{key[1].hex}{row['version']}{after}".encode())
    return told.hexdigest()


def _results(uow: UnitOfWork, people: People, changed: Mapping[str, tuple[Any, Any]]) -> tuple[Result, ...]:
    teller, key = Teller(uow), people.entity.key
    shown = {name: pair for name, pair in changed.items() if teller.shown(key, name)}
    teller.learn([(key, {name: plain(pair[side]) for name, pair in shown.items()}) for side in (0, 1)])
    return tuple(
        Result(name, teller.label(key, name), *(teller.text(key, name, plain(side)) for side in pair))
        for name, pair in shown.items()
    )


def _since(uow: UnitOfWork, ids: Sequence[UUID], seq: int) -> tuple[Since, ...]:
    """Return what others did to these customers after a point of the journal, as the actor may read it."""
    uow.session.rollback()
    tests = [sides.about(list(ids))]
    later = select(ChangeRow.set_id).where(*tests)
    heads = uow.session.exec(
        select(ChangeSet).where(ChangeSet.seq > seq, col(ChangeSet.id).in_(later)).order_by(col(ChangeSet.seq))
    ).all()
    found = []
    for entry in history.told(uow, heads, tests):
        for part in entry.parts:
            texts = tuple((line.label, line.old, line.new) for line in part.lines)
            title = part.title or part.entity_label
            found.append(Since(UUID(part.record_id), title, entry.who, entry.at.isoformat(), entry.action, texts))
    return tuple(found)
