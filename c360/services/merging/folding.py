"""The merge itself, by the census: rows follow, twins fold, nothing is deleted, and the journal knows every one."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update

from c360.core.clock import utc_now
from c360.core.errors import Conflict
from c360.query.expressions import plain
from c360.registry.marks import OnMerge
from c360.services import mass
from c360.services.mass import Change
from c360.services.merging import tables
from c360.services.merging.people import People
from c360.services.merging.shapes import APPEND, Choices, Moved
from c360.services.merging.tables import Linked
from c360.services.uow import UnitOfWork

MARKS = ("is_primary", "is_main")
"""Flags one row of a customer has at a time; ``marking`` gives them out when all rows have come."""
SHUT = ("do_not_use", "bounced_at")
"""What closes an address: no choice takes it out of use, so that its twin is closed as well."""


@dataclass
class Fold:
    """One merge under way: who, what was chosen, and what became of the rows so far."""

    uow: UnitOfWork
    people: People
    choices: Choices
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    labels: dict[str, str] = field(default_factory=dict)
    origin: dict[UUID, UUID] = field(default_factory=dict)
    """Whose a row was, for the tables in which one row is the main one."""
    reads: bool = False
    """Whether this only looks: then nothing is locked, and the survivor's rows are looked at as well."""
    bookkeeping: list[list[Any]] = field(default_factory=list)
    """Rows of tables the journal does not tell of: table, id, what stood there, what stands there now."""

    def __post_init__(self) -> None:
        self.survivor_id: UUID = self.people.survivor.id
        self.loser_ids = {record.id for record in self.people.losers}
        self.now = utc_now()

    def count(self, one: Linked, kind: str, what: str, number: int = 1) -> None:
        """Count rows of one kind."""
        key = one.key(kind)
        self.counts[key][what] += number
        if key not in self.labels:
            self.labels[key] = one.label(kind, self.uow.actor.language)

    def told(self) -> tuple[Moved, ...]:
        """Return what became of the rows, kind by kind."""
        return tuple(Moved(key, self.labels[key], **counts) for key, counts in sorted(self.counts.items()))


@dataclass(slots=True)
class Line:
    """One row on its way: the columns it had, those it gets, and whether it counts."""

    stored: Mapping[str, Any]
    owner: UUID | None
    kind: str
    live: bool
    refs: dict[str, UUID | None]
    after: dict[str, Any] = field(default_factory=dict)


def fold(work: Fold) -> None:
    """Let every row that names a loser follow him to the survivor; the losers themselves change in one column."""
    close(work)
    for one in tables.linked():
        if one.policy is OnMerge.FORBID:
            _forbid(work, one)
        else:
            _follow(work, one)


def close(work: Fold) -> None:
    """Name the survivor on each loser: from now on he is an alias and claims no code, no unique value."""
    entity, to = work.people.entity, str(work.survivor_id)
    write(work, [Change(entity, r.id, r.version, {"merged_into_id": None}, {"merged_into_id": to}, r.id)
                 for r in work.people.losers])  # fmt: skip


def write(work: Fold, changes: Sequence[Change]) -> None:
    """Write rows of one table or fail as a whole."""
    if failed := mass.change(work.uow, changes):
        raise Conflict("merge.refused", entity=failed[0].entity.label, reason=failed[0].reason)


def _forbid(work: Fold, one: Linked) -> None:
    named = or_(*(one.table.c[name].in_(work.loser_ids) for name in one.columns))
    if work.uow.session.execute(select(one.table.c.id).where(named).limit(1)).first() is not None:
        raise Conflict("merge.forbidden", entity=one.label("", work.uow.actor.language))


def _follow(work: Fold, one: Linked) -> None:
    rows = gather(work, one)
    if tables.is_journaled(one):
        _move(work, one, rows)
    else:
        _note(work, one, rows)


def gather(work: Fold, one: Linked) -> list[Line]:
    """Return the rows of a table with what becomes of each."""
    rows = _read(work, one)
    _retire(work, one, rows)
    _twins(work, one, [row for row in rows if row.live and one.retires not in row.after])
    return rows


def _read(work: Fold, one: Linked) -> list[Line]:
    """Return the losers' rows with their new references, and the survivor's: their twins, or what they replace."""
    table, ids = one.table, sorted(work.loser_ids)
    chosen = any(key.partition(".")[0] == one.name and how != APPEND for key, how in work.choices.collections.items())
    wanted = [*ids, work.survivor_id] if one.twins or work.reads or chosen or len(one.columns) > 1 else ids
    named = or_(*(table.c[name].in_(wanted) for name in one.columns))
    if one.typed:
        named &= table.c[one.typed].in_(("customer", work.people.entity.key))
    columns = [table.c[n] for n in dict.fromkeys(("id", *one.columns, *_kept(one)))]
    found, source = [], table
    for path in one.twins:
        ahead = tables.hop(one, path)
        if ahead is not None:
            source = source.join(ahead[0], ahead[0].c.id == table.c[path.partition(".")[0]])
            columns.append(ahead[1].label(path))
        elif path not in [c.name for c in columns]:
            columns.append(table.c[path])
    order = table.c.created_at if "created_at" in table.c else table.c.id
    lock = {"of": table} if source is not table else {}
    query = select(*columns).select_from(source).where(named).order_by(order, table.c.id)
    names = [column.name for column in columns]
    for stored in work.uow.session.execute(query if work.reads else query.with_for_update(**lock)):
        values = dict(zip(names, stored, strict=True))
        refs = {name: values[name] for name in one.columns}
        live = one.retires is None or values[one.retires] is None
        kind = str(values[one.split]) if one.split else ""
        made = Line(values, refs.get(one.within or ""), kind, live, refs)
        _rename(work, one, made)
        found.append(made)
    if "is_main" in table.c or "is_primary" in table.c or one.name == "address":
        work.origin |= {row.stored["id"]: row.owner for row in found if row.owner}
    return found


def _kept(one: Linked) -> tuple[str, ...]:
    return tuple(n for n in ("version", one.retires, one.split, *SHUT) if n and n in one.table.c)


def _rename(work: Fold, one: Linked, row: Line) -> None:
    """Give a row the survivor's id wherever it has a loser's; a pair keeps its smaller id on the left."""
    if work.loser_ids.isdisjoint(row.refs.values()):
        return
    new = {n: work.survivor_id if one_id in work.loser_ids else one_id for n, one_id in row.refs.items()}
    if one.ordered:
        pair = sorted(new.values(), key=str)
        # A pair of two that are one now goes out of use as it is: nobody is told apart from himself.
        new = row.refs if pair[0] == pair[1] else dict(zip(one.columns, pair, strict=True))
    row.after = {name: value for name, value in new.items() if value != row.refs[name]}
    row.refs = new


def _retire(work: Fold, one: Linked, rows: Sequence[Line]) -> None:
    """Take out of use what ties the survivor to himself, and what another record's rows replace."""
    if one.retires is None:
        return
    for row in rows:
        ends = {work.survivor_id if end in work.loser_ids else end for end in row.refs.values()}
        itself = len(one.columns) > 1 and ends == {work.survivor_id}
        chosen = work.choices.collections.get(one.key(row.kind), APPEND)
        if not row.live:
            continue
        if itself:
            row.after[one.retires] = work.now
            work.count(one, row.kind, "dropped")
        elif chosen != APPEND and one.replaceable and str(row.owner) != chosen and row.owner in work.people.ids:
            if any(row.stored.get(name) for name in SHUT):
                continue
            row.after[one.retires] = work.now
            work.count(one, row.kind, "replaced")


def _twins(work: Fold, one: Linked, rows: Sequence[Line]) -> None:
    """Keep the richest of each set of twins, with what only the others knew; the others go out of use."""
    if one.retires is None or not (one.twins or one.unique):
        return
    groups: dict[tuple[Any, ...], list[Line]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.owner in work.loser_ids):
        key = tuple(row.stored[path] for path in one.twins)
        if one.unique or any(value not in (None, "") for value in key):
            groups[(*row.refs.values(), *key)].append(row)
    alike = {key: group for key, group in groups.items() if len(group) > 1 and any(row.after for row in group)}
    if not alike:
        return
    full = _full(work, one, [row.stored["id"] for group in alike.values() for row in group])
    for group in alike.values():
        for row in group:
            row.stored = {**row.stored, **full[row.stored["id"]]}
        values = [row.stored for row in group]
        filled = [sum(v[n] not in (None, "", [], {}) for n in one.contents) for v in values]
        best = filled.index(max(filled))
        for row in group[:best] + group[best + 1 :]:
            row.after[one.retires] = work.now
            work.count(one, row.kind, "collapsed")
        group[best].after |= _enriched(one, values[best], values[:best] + values[best + 1 :])


def _full(work: Fold, one: Linked, ids: Sequence[UUID]) -> dict[UUID, Mapping[str, Any]]:
    found = {}
    for part in mass.chunks(ids):
        rows = work.uow.session.execute(select(one.table).where(one.table.c.id.in_(part)))
        found |= {row.id: row._mapping for row in rows}
    return found


def _enriched(one: Linked, best: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what the others add: values the richest lacks, and every yes, so that an opt-out survives."""
    after: dict[str, Any] = {}
    told = [*one.contents, *(n for n in ("verified_at", "bounced_at") if n in one.table.c)]
    for name in told if tables.is_journaled(one) else ():
        given = [other[name] for other in others if other[name] not in (None, "", [], {})]
        if one.is_flag(name):
            if any(given) and not best[name] and name not in MARKS:
                after[name] = True
        elif given and best[name] in (None, "", [], {}):
            after[name] = given[0]
    return after


def _move(work: Fold, one: Linked, rows: Sequence[Line]) -> None:
    """Write the rows: those out of use first, so that they give up what is unique; most others in one statement."""
    entity = one.entity
    assert entity is not None  # noqa: S101 - the caller asked
    changed, columns = [row for row in rows if row.after], frozenset(one.columns)
    alone = [row for row in changed if len(row.after) > 1 or not columns.issuperset(row.after)]
    moved = Counter(
        row.kind for row in changed if one.retires not in row.after and not columns.isdisjoint(row.after)
    )  # fmt: skip
    for kind, number in moved.items():
        work.count(one, kind, "moved", number)
    for part in (
        [row for row in alone if one.retires in row.after],
        [row for row in alone if one.retires not in row.after],
    ):
        write(work, [_change(one, row) for row in part])
    rest: dict[str, list[Line]] = defaultdict(list)
    done = {id(row) for row in alone}
    for row in changed:
        if id(row) not in done:
            rest[next(iter(row.after))].append(row)
    table, to, within = one.table, {one_id: str(one_id) for one_id in work.people.ids}, one.within or ""
    for name, group in rest.items():
        # Whoever adds a row now waits for the losers, who are locked: so these are all there are.
        named = table.c[name].in_(work.loser_ids)
        if one.typed:
            named &= table.c[one.typed].in_(("customer", work.people.entity.key))
        values = {name: work.survivor_id, "version": table.c.version + 1}
        if work.uow.session.connection().execute(update(table).where(named).values(values)).rowcount != len(group):
            raise Conflict("error.stale")
        for row in group:
            was, now = {name: to[row.stored[name]]}, {name: to[work.survivor_id]}
            told = row.refs.get(within)
            work.uow.draft.note(entity.key, row.stored["id"], "update", was, now, row.stored["version"] + 1, told)


def _change(one: Linked, row: Line) -> Change:
    entity = one.entity
    assert entity is not None  # noqa: S101 - the caller asked
    before = {name: plain(row.stored[name]) if name in row.stored else None for name in row.after}
    after = {name: plain(value) for name, value in row.after.items()}
    within = row.refs.get(one.within or "")
    return Change(entity, row.stored["id"], row.stored["version"], before, after, within)


def _note(work: Fold, one: Linked, rows: Sequence[Line]) -> None:
    """Write rows of a table the journal does not tell of; the change set's details keep what stood there."""
    table = one.table
    for row in sorted((row for row in rows if row.after), key=lambda row: one.retires not in row.after):
        work.count(one, row.kind, "collapsed" if one.retires in row.after else "moved")
        work.uow.session.connection().execute(
            update(table).where(table.c.id == row.stored["id"]).values(row.after)
        )  # fmt: skip
        before, after = ({n: plain(side[n]) for n in row.after} for side in (row.stored, row.after))
        work.bookkeeping.append([table.name, str(row.stored["id"]), before, after])
