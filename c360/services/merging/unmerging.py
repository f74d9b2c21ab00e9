"""Un-merging: the undo of a merge, three-way against everything done since.

What nobody touched is as it was before; a value somebody changed is asked; what the survivor got since stays with him
unless it is assigned to another.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel, col, select

from c360.core.actor import Verb
from c360.core.errors import Conflict, NotFound
from c360.core.i18n import text
from c360.models.customer import Customer
from c360.models.journal import MERGED, UNMERGED, ChangeRow, ChangeSet
from c360.query.expressions import plain
from c360.registry.entity import entity_for
from c360.services import invariants, mass, references, turning
from c360.services.mass import Change
from c360.services.merging import aliases, bookkeeping, marking, people, restraints, tables
from c360.services.merging.shapes import PUT_BACK, Answers, Clashed, Fresh, Unmerging
from c360.services.told import Teller
from c360.services.turning import UndoOutcome
from c360.services.uow import UnitOfWork

DERIVED = frozenset({"is_primary", "is_main", "city", "country", "name"})
"""What follows from other values: never asked, put right at the end."""


@dataclass
class _Back:
    """An un-merge under way: the changes turned round, and what stands against them."""

    merge: ChangeSet
    key: str
    survivor_id: UUID
    loser_ids: list[UUID]
    changes: list[Change]
    clashes: list[tuple[Change, str, Any, Any, Any]] = field(default_factory=list)
    """The row, its field, and the value before, as merged, and now."""
    edited: set[str] = field(default_factory=set)
    """The entities somebody changed rows of since."""
    torn: dict[UUID, set[str]] = field(default_factory=dict)
    """Rows that are not as the merge left them, with the fields that differ."""


def is_merge(made: ChangeSet) -> bool:
    """Tell whether a change set is a merge."""
    return made.action in MERGED


def is_unmerge(made: ChangeSet) -> bool:
    """Tell whether a change set undid a merge."""
    return made.action in UNMERGED


def look(uow: UnitOfWork, set_id: UUID) -> Unmerging:
    """Return what an un-merge would do, what it has to ask, and what stands in its way."""
    back = _opened(uow, set_id)
    titles = references.titles(uow, back.key, [back.survivor_id, *back.loser_ids])
    losers = tuple((one, titles.get(one, references.NAMELESS)) for one in back.loser_ids)
    _compare(uow, back, lock=False)
    blocked = _blocked(uow, back) or _later(uow, back)
    uow.saw("unmerge.planned", back.key, back.survivor_id)
    return Unmerging(
        set_id, back.key, back.survivor_id, titles.get(back.survivor_id, references.NAMELESS), losers,
        len(back.changes), _asked(uow, back), tuple(fresh for fresh, _ in _fresh(uow, back)), blocked,
    )  # fmt: skip


def unmerge(uow: UnitOfWork, set_id: UUID, answers: Answers | None = None) -> UndoOutcome:
    """Undo a merge: once, whole, and without overwriting what anybody did since unless the answers say so."""
    answers = answers or Answers()
    back = _opened(uow, set_id, lock=True)
    _compare(uow, back)
    if blocked := _blocked(uow, back) or _later(uow, back):
        raise Conflict("unmerge.blocked", what=blocked)
    uow.draft.reverses_id, uow.draft.cause_id = set_id, uow.draft.cause_id or uow.draft.set_id
    taken = {_key(item, name): item for item, name, *_ in back.clashes if _key(item, name) in answers.values}
    for item, name, before, _, now in back.clashes:
        if _key(item, name) in taken and answers.values[_key(item, name)] == PUT_BACK:
            item.after, item.before = {**item.after, name: before}, {**item.before, name: now}
    moving = list(_assigned(uow, back, answers))
    todo = [item for item in back.changes if not item.reason and (item.after or item.source == "create")]
    restored = turning.write(uow, todo)
    lost = [item for item in back.changes if item.reason and item.entity.model is Customer]
    if lost:
        name = references.titles(uow, back.key, [lost[0].id]).get(lost[0].id, references.NAMELESS)
        blocked = text(uow.actor.language, "unmerge.blocked.taken", name=name)
        raise Conflict("unmerge.blocked", what=blocked)
    turning.write(uow, moving)
    bookkeeping.put_back(uow, back.merge.details.get("bookkeeping", []))
    uow.session.expire_all()
    if back.clashes or back.edited or moving:
        _settle(uow, back, {name for item, name, *_ in back.clashes if item.id == back.survivor_id}, moving)
    restraints.spread(uow, back.merge, [back.survivor_id, *back.loser_ids])
    kept = [item for item in back.changes if item.reason]
    uow.log(
        f"{back.key}.unmerged", of=str(back.merge.action), survivor=str(back.survivor_id),
        losers=[str(one) for one in back.loser_ids], restored=len(restored), kept=len(kept),
        asked={_key(item, name): answers.values.get(_key(item, name), "now") for item, name, *_ in back.clashes},
    )  # fmt: skip
    left = [item for item, name, *_ in back.clashes if answers.values.get(_key(item, name)) != PUT_BACK]
    for item in left:
        item.reason = item.reason or "changed"
    told = [*kept, *{item.id: item for item in left}.values()]
    return UndoOutcome(uow.draft.set_id, len(restored), len(told), turning.explained(uow, told[: turning.LISTED]))


def _opened(uow: UnitOfWork, set_id: UUID, *, lock: bool = False) -> _Back:
    found = select(ChangeSet).where(ChangeSet.id == set_id)
    merge = uow.session.exec(found.with_for_update() if lock else found).first()
    if merge is None or not is_merge(merge):
        raise NotFound("unmerge.unknown")
    if uow.session.exec(select(ChangeSet.id).where(ChangeSet.reverses_id == set_id)).first():
        raise Conflict("undo.already")
    key, survivor_id = merge.action.partition(".")[0], UUID(merge.details["survivor"])
    loser_ids = [UUID(one) for one in merge.details["losers"]]
    if lock:
        mass.held(uow, entity_for(key), [survivor_id, *loser_ids])
    people.permit(uow, key, [survivor_id, *loser_ids], Verb.UNMERGE, archived=True)
    return _Back(merge, key, survivor_id, loser_ids, turning.read(uow, set_id))


def _blocked(uow: UnitOfWork, back: _Back) -> str:
    """Return the sentence that says why the merge cannot be undone now, "" when it can."""
    language = uow.actor.language
    if (above := aliases.resolve(uow, back.survivor_id)) is not None:
        return text(language, "unmerge.blocked.above", survivor=above.label, above=above.survivor)
    titles = references.titles(uow, back.key, [back.survivor_id, *back.loser_ids])
    held = uow.session.exec(select(Customer).where(col(Customer.id).in_(titles))).all()
    gone = [record.id for record in held if record.erased_at is not None]
    gone += [item.id for item in back.changes if item.reason == "erased" and item.entity.model is Customer]
    if gone:
        return text(language, "unmerge.blocked.gone", name=titles.get(gone[0], references.NAMELESS))
    return ""


def _later(uow: UnitOfWork, back: _Back) -> str:
    """Return the sentence that names a later merge that built on what this one left, "" when there is none."""
    undone = select(ChangeSet.reverses_id).where(col(ChangeSet.reverses_id).is_not(None))
    later = (
        select(ChangeRow.record_id, ChangeRow.after, ChangeSet.details)
        .join(ChangeSet, col(ChangeSet.id) == col(ChangeRow.set_id))
        .where(
            col(ChangeSet.action).in_(MERGED), ChangeSet.seq > back.merge.seq, col(ChangeSet.id).not_in(undone),
            ChangeRow.customer_id == back.survivor_id,
        )
        .order_by(col(ChangeSet.seq).desc())
    )  # fmt: skip
    for record_id, after, details in uow.session.exec(later) if back.torn else ():
        if back.torn.get(record_id, set()) & set(after or {}):
            ids = [UUID(one) for one in details["losers"]]
            titles = references.titles(uow, back.key, ids)
            names = ", ".join(titles.get(one, references.NAMELESS) for one in ids)
            return text(uow.actor.language, "unmerge.blocked.later", names=names)
    return ""


def _compare(uow: UnitOfWork, back: _Back, *, lock: bool = True) -> None:
    """Leave in each change what can be put back as it was; the rest clashes with what somebody did since."""
    changed: list[Change] = []
    for group in mass.by_table(back.changes, SQLModel.metadata.sorted_tables):
        names = sorted({"custom" if n.startswith("custom.") else n for item in group for n in item.after})
        now = mass.held(uow, group[0].entity, [item.id for item in group], *names, lock=lock)
        for item in group:
            row = now.get(item.id)
            if row is None:
                item.reason = item.reason or ("" if item.source == "delete" else "gone")
                continue
            moved = row.version != item.version
            if moved:
                changed.append(item)
            item.version = row.version
            if item.source == "update":
                item.custom = (row.custom or {}) if "custom" in names else {}
                _three_way(back, item, row)
            elif moved or item.source == "delete":
                item.reason = item.reason or "changed"
                back.torn[item.id] = set(item.before)
    for part in mass.chunks([item.id for item in changed]):
        # Another merge keeps the rules itself, and so does its undo.
        found = (
            select(ChangeRow.entity, ChangeRow.record_id)
            .join(ChangeSet, col(ChangeSet.id) == col(ChangeRow.set_id))
            .where(
                col(ChangeRow.record_id).in_(part), ChangeSet.seq > back.merge.seq,
                col(ChangeSet.action).not_in((*MERGED, *UNMERGED)),
            )
        )  # fmt: skip
        others = uow.session.exec(found.distinct()).all()
        back.edited |= {key for key, _ in others}
        touched = {record_id for _, record_id in others}
        for item in changed:
            if item.reason == "changed" and item.source == "create" and item.id in part and item.id not in touched:
                item.reason = ""


def _three_way(back: _Back, item: Change, row: Any) -> None:
    before, after = {}, {}
    for name, former in item.after.items():
        merged = item.before.get(name)
        now = item.custom.get(name[7:]) if name.startswith("custom.") else plain(getattr(row, name))
        if now == merged:
            before[name], after[name] = merged, former
        elif now != former:
            back.torn.setdefault(item.id, set()).add(name)
            if name not in DERIVED:
                back.clashes.append((item, name, former, merged, now))
    if len(before) < len(item.after):
        item.before, item.after = before, after


def _key(item: Change, name: str) -> str:
    return f"{item.entity.key}:{item.id}:{name}"


def _asked(uow: UnitOfWork, back: _Back) -> tuple[Clashed, ...]:
    """Return the clashes as the actor may read them."""
    teller = Teller(uow)
    shown = [one for one in back.clashes if teller.tells(one[0].entity.key, one[1]) or one[1] in one[0].entity.parents]
    teller.learn((item.entity.key, {name: side}) for item, name, *sides in shown for side in sides)
    titles: dict[UUID, str] = {}
    for key in {item.entity.key for item, *_ in shown}:
        titles |= references.titles(uow, key, [item.id for item, *_ in shown if item.entity.key == key])
    return tuple(
        Clashed(
            _key(item, name), item.id, item.entity.key, titles[item.id], teller.label(item.entity.key, name),
            *(teller.text(item.entity.key, name, side) for side in sides),
        )
        for item, name, *sides in shown if item.id in titles
    )  # fmt: skip


def _fresh(uow: UnitOfWork, back: _Back) -> Iterator[tuple[Fresh, Change]]:
    """Yield the rows the survivor got since the merge, the newest first, with what assigns each."""
    later = (
        select(ChangeRow.entity, ChangeRow.record_id)
        .join(ChangeSet, col(ChangeSet.id) == col(ChangeRow.set_id))
        .where(ChangeRow.customer_id == back.survivor_id, ChangeRow.op == "create", ChangeSet.seq > back.merge.seq)
    )
    by_entity: dict[str, list[UUID]] = {}
    for key, record_id in uow.session.exec(later):
        if (entity := tables.named(key)) is not None and entity.within:
            by_entity.setdefault(key, []).append(record_id)
    for key, ids in by_entity.items():
        entity, model = entity_for(key), entity_for(key).model
        within = entity.within or ""
        here: Any = uow.select(key).where(col(model.id).in_(ids), getattr(model, within) == back.survivor_id)
        found = uow.session.exec(here).all()
        titles = references.titles(uow, key, [row.id for row in found])
        for row in found:
            made = Change(entity, row.id, row.version, {within: str(back.survivor_id)}, {}, back.survivor_id)
            made.source = "update"
            yield Fresh(f"{key}:{row.id}", key, titles.get(row.id, ""), row.created_at.isoformat()), made


def _assigned(uow: UnitOfWork, back: _Back, answers: Answers) -> Iterator[Change]:
    known = {str(one) for one in back.loser_ids}
    for fresh, made in _fresh(uow, back) if answers.rows else ():
        to = answers.rows.get(fresh.key, "")
        if to in known:
            made.after = {name: to for name in made.before}
            yield made


def _settle(uow: UnitOfWork, back: _Back, answered: set[str], moved: Sequence[Change]) -> None:
    """Put right what hangs on what was edited since: one primary of each kind, the columns that follow from it."""
    for customer_id in (back.survivor_id, *back.loser_ids):
        record = uow.session.get_one(Customer, customer_id)
        record.settle()
        if customer_id == back.survivor_id and answered:
            invariants.keep(uow, entity_for(back.key), record, answered)
        touched = back.edited | {item.entity.key for item in moved}
        for key, parent, split in (one for one in marking.MARKED if one[0] in touched):
            model: Any = entity_for(key).model
            found = select(model).where(getattr(model, parent) == customer_id, model.archived_at.is_(None))
            first: Mapping[Any, Any] = {
                getattr(row, split) if split else None: row
                for row in reversed(uow.session.exec(found.order_by(model.created_at, model.id)).all())
            }
            for row in first.values():
                invariants.keep(uow, entity_for(key), row, set())
            if customer_id == back.survivor_id and not first and any(item.entity.key == key for item in moved):
                # What these columns told of went to another.
                for name in marking.FOLLOWING.get(key, ()):
                    setattr(record, name, None)
        uow.flush()
