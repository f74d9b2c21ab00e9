"""Undoing a change set: every row that is still as the set left it gets its former values, the others are named.

An undo is a change set of its own, so it can be undone too; a set is undone once. Nothing anybody did since is
overwritten.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col, func, select

from c360.core.actor import Verb
from c360.core.errors import Conflict, NotFound
from c360.models.customer import Customer
from c360.models.job import Job
from c360.models.journal import ChangeRow, ChangeSet
from c360.query.scope import BOTH, holders, reach
from c360.registry.entity import entity_for
from c360.services import attachments, invariants, mass, queue, turning
from c360.services import uow as units_of_work
from c360.services.mass import Change
from c360.services.merging import unmerging
from c360.services.turning import UndoOutcome
from c360.services.uow import UnitOfWork

OUTSIDE = frozenset({"notification", "import_batch"})
"""Rows a job writes about itself: undoing its work leaves them alone."""


def undo(uow: UnitOfWork, set_id: UUID) -> UndoOutcome:
    """Restore what a change set changed; ``Conflict`` when that was done before, ``NotFound`` out of reach."""
    changed = uow.session.exec(select(ChangeSet).where(ChangeSet.id == set_id).with_for_update()).first()
    if changed is None or not changed.rows:
        raise NotFound("undo.unknown")
    if uow.session.exec(select(ChangeSet.id).where(ChangeSet.reverses_id == set_id)).first():
        raise Conflict("undo.already")
    if unmerging.is_merge(changed):
        return unmerging.unmerge(uow, set_id)
    if unmerging.is_unmerge(changed):
        raise Conflict("unmerge.again")
    uow.flush()
    uow.draft.reverses_id = set_id
    found = select(ChangeRow).where(ChangeRow.set_id == set_id, col(ChangeRow.entity).not_in(OUTSIDE))
    rows = uow.session.exec(found.order_by(col(ChangeRow.position).desc())).all()
    changes = [turning.turned(row) for row in rows]
    _look(uow, changed.seq, changes)
    _permit(uow, changes, own=changed.actor_id == uow.actor.user_id)
    _hold_together(changes)
    attachments.name_emptied(uow, [c for c in changes if c.entity.key == "attachment" and not c.reason])
    restored = turning.write(uow, [c for c in changes if not c.reason])
    kept = [c for c in changes if c.reason]
    if kept and not restored and all(c.reason in ("forbidden", "locked") for c in kept):
        raise NotFound("undo.unknown")
    if kept and not restored and all(c.reason == "emptied" for c in kept):
        raise Conflict("undo.emptied")
    uow.session.expire_all()
    _settle(uow, restored, kept)
    uow.log("change.undone", of=str(changed.action), restored=len(restored), kept=len(kept))
    return UndoOutcome(uow.draft.set_id, len(restored), len(kept), turning.explained(uow, kept[: turning.LISTED]))


def begin(uow: UnitOfWork, act_id: UUID) -> UndoOutcome | UUID:
    """Undo a change set or all a job did, by its id: at once when it is small, else as a job whose id is returned."""
    single = uow.session.exec(select(ChangeSet.rows).where(ChangeSet.id == act_id)).first()
    if single is not None and single <= queue.WAITED_FOR:
        return undo(uow, act_id)
    if single is None and not uow.session.exec(select(ChangeSet.id).where(ChangeSet.cause_id == act_id)).first():
        raise NotFound("undo.unknown")
    if single is None and _next(uow, act_id) is None:
        raise Conflict("undo.already")
    return queue.enqueue(uow, "journal.undo", act=str(act_id))


def step(uow: UnitOfWork, job: Job) -> bool:
    """Undo the newest change set of an act that is not undone yet; answer whether there may be more."""
    act_id = UUID(str(job.arguments["act"]))
    result = job.result or {"restored": 0, "kept": 0, "conflicts": []}
    if not job.total:
        of = (ChangeSet.cause_id == act_id) | (ChangeSet.id == act_id)
        job.total = uow.session.exec(select(func.sum(ChangeSet.rows)).where(of)).one() or 0
    set_id = _next(uow, act_id, [UUID(one) for one in result.get("blocked", ())])
    if set_id is None:
        job.result = result
        return False
    merge = unmerging.is_merge(uow.session.get_one(ChangeSet, set_id))
    try:
        # A merge alone may be left out; of anything else an error ends the whole job.
        with units_of_work.attempt(uow) if merge else nullcontext():
            outcome = undo(uow, set_id)
    except Conflict as error:
        if error.message.key != "unmerge.blocked":
            raise
        # One merge that others built on must not keep the rest of the act from being undone.
        job.result = {**result, "kept": result["kept"] + 1, "blocked": [*result.get("blocked", ()), str(set_id)]}
        return True
    room = max(turning.LISTED - len(result["conflicts"]), 0)
    job.result = {
        **result,
        "restored": result["restored"] + outcome.restored,
        "kept": result["kept"] + outcome.kept,
        "conflicts": [*result["conflicts"], *(asdict(kept) for kept in outcome.conflicts[:room])],
    }
    job.done += outcome.restored + outcome.kept
    job.cursor += 1
    return True


def _next(uow: UnitOfWork, act_id: UUID, blocked: Sequence[UUID] = ()) -> UUID | None:
    reversal = aliased(ChangeSet)
    work = exists().where(col(ChangeRow.set_id) == col(ChangeSet.id), col(ChangeRow.entity).not_in(OUTSIDE))
    found = select(ChangeSet.id).where(
        (col(ChangeSet.cause_id) == act_id) | (col(ChangeSet.id) == act_id), work,
        ~exists().where(col(reversal.reverses_id) == col(ChangeSet.id)), col(ChangeSet.id).not_in(blocked),
    )  # fmt: skip
    return uow.session.exec(found.order_by(col(ChangeSet.seq).desc()).limit(1)).first()


def _look(uow: UnitOfWork, seq: int, changes: Sequence[Change]) -> None:
    """Name the rows that are no longer as the set left them."""
    for group in mass.by_table(changes, SQLModel.metadata.sorted_tables):
        names = ["custom"] if any(n.startswith("custom.") for c in group for n in c.after) else []
        found = mass.held(uow, group[0].entity, [c.id for c in group], *names)
        moved = [c.id for c in group if c.id in found and found[c.id].version != c.version]
        back = _came_back(uow, seq, moved)
        for item in group:
            row = found.get(item.id)
            if item.source == "delete":
                item.reason = item.reason or ("changed" if row else "")
            elif row is None:
                item.reason = "gone"
            else:
                if back.get(item.id) == row.version:
                    item.version = row.version
                item.reason = item.reason or ("changed" if row.version != item.version else "")
                item.custom = (row.custom or {}) if names else {}


def _came_back(uow: UnitOfWork, seq: int, ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return the version of rows that later sets changed but whose every change was undone again since."""
    later: dict[UUID, list[Any]] = {}
    for part in mass.chunks(ids):
        found = (
            select(ChangeRow.record_id, ChangeRow.version, ChangeSet.id, ChangeSet.reverses_id)
            .join(ChangeSet, col(ChangeSet.id) == col(ChangeRow.set_id))
            .where(col(ChangeRow.record_id).in_(part), col(ChangeSet.seq) > seq)
            .order_by(col(ChangeSet.seq))
        )
        for record_id, *told in uow.session.exec(found):
            later.setdefault(record_id, []).append(told)
    same: dict[UUID, int] = {}
    for record_id, told in later.items():
        sets, undone = {row[1] for row in told}, {row[2] for row in told}
        if all(row[1] in undone or row[2] in sets for row in told):
            same[record_id] = told[-1][0]
    return same


def _permit(uow: UnitOfWork, changes: Sequence[Change], *, own: bool) -> None:
    """Name the rows this actor may not write in this way; ``own`` tells that the changes were his."""
    actor, shut = uow.actor, uow.actor.locked | uow.actor.hidden
    free = all(actor.owners(kind, Verb.UPDATE) is None for kind in BOTH)
    returning = {c.id for c in changes if c.source == "delete" and c.entity.model is Customer}
    parents = mass.parents(uow, changes)
    every = sorted({p for found in parents.values() for p in found} - returning)
    mine = set(every) if free else _reached(uow, every, Verb.UPDATE)
    seen = mine if free or not own else _reached(uow, every, Verb.READ)
    hung = _hung_in_reach(uow, [c for c in changes if c.entity.upon and not parents[c.id]])
    for item in (c for c in changes if not c.reason):
        if any(f"{item.entity.key}.{n.removeprefix('custom.')}" in shut for n in item.after):
            item.reason = "locked"
        elif item.entity.upon and not parents[item.id]:
            item.reason = "" if item.id in hung else "forbidden"
        elif item.entity.within:
            reached = seen if item.entity.joined and own else mine
            item.reason = "" if parents[item.id] & (reached | returning) else "forbidden"
        elif own and item.source == "create" and item.entity.through and actor.may(Verb.ARCHIVE, item.entity.key):
            pass  # Whoever made an activity takes it back, also one he put into somebody else's hands.
        elif not all(_may(uow, item, verb) for verb in _verbs(item)):
            item.reason = "forbidden"


def _hold_together(changes: Sequence[Change]) -> None:
    """Leave what stays its links as well: an activity somebody has changed since keeps its customers."""
    made = [item for item in changes if item.source == "create"]
    stays = {(item.entity.key, str(item.id)) for item in made if item.reason not in ("", "gone")}
    for key, via in {(item.entity.key, item.entity.through) for item in made if item.entity.through}:
        for item in made if via else ():
            if item.entity.key == via[0] and not item.reason and (key, str(item.before[via[1]])) in stays:
                item.reason = "in_use"


def _hung_in_reach(uow: UnitOfWork, items: Sequence[Change]) -> set[UUID]:
    """Return which of the rows that hang on no customer this actor may change."""
    found: set[UUID] = set()
    for group in mass.by_table(items, SQLModel.metadata.sorted_tables):
        table, test = mass.table_of(group[0].entity), reach(group[0].entity, uow.actor, Verb.UPDATE)
        for part in mass.chunks([item.id for item in group]):
            found |= set(uow.session.exec(select(table.c.id).where(table.c.id.in_(part), test)))
    return found


def _reached(uow: UnitOfWork, ids: Sequence[UUID], verb: Verb) -> set[UUID | None]:
    found: set[UUID | None] = set()
    for part in mass.chunks(ids):
        test = reach(entity_for("customer"), uow.actor, verb)
        found |= set(uow.session.exec(select(Customer.id).where(col(Customer.id).in_(part), test)))
    return found


def _verbs(item: Change) -> set[Verb]:
    if item.source != "update":
        return {Verb.ARCHIVE if item.source == "create" else Verb.CREATE}
    verbs = {Verb.ARCHIVE if name == "archived_at" else Verb.UPDATE for name in item.after if name != "owner_id"}
    return verbs | ({Verb.ASSIGN} if "owner_id" in item.after else set())


def _may(uow: UnitOfWork, item: Change, verb: Verb) -> bool:
    owners = uow.actor.owners(item.entity.key, verb)
    if owners is None:
        return True
    if "owner_id" not in item.entity.model.model_fields:
        return bool(owners)
    names, told = holders(item.entity, verb), {**item.after, **item.before}
    if item.source == "update" and not told.keys() >= set(names):
        table = mass.table_of(item.entity)
        row = table.select().with_only_columns(*(table.c[name] for name in names)).where(table.c.id == item.id)
        told = uow.session.execute(row).mappings().one_or_none() or {}
    return not {str(told.get(name)) for name in names}.isdisjoint(str(one) for one in owners)


def _settle(uow: UnitOfWork, restored: Sequence[Change], kept: Sequence[Change]) -> None:
    """Keep the rules between the parts of a customer where some came back and some stayed."""
    torn = {c.customer_id for c in kept if c.entity.within}
    for item in restored:
        if item.entity.within and item.customer_id in torn and item.source != "create":
            record = uow.session.get(item.entity.model, item.id)
            invariants.keep(uow, item.entity, record, set(item.after))
