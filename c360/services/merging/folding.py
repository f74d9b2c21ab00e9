"""The merge itself, by the census: rows follow, twins fold, nothing is deleted, and the journal knows every one."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from sqlalchemy import or_, select, update

from c360.core.errors import Conflict
from c360.query.expressions import plain
from c360.registry.marks import OnMerge
from c360.services.mass import Change
from c360.services.merging import equals, tables, twins
from c360.services.merging.shapes import APPEND
from c360.services.merging.tables import Linked
from c360.services.merging.work import Fold, Line, write

SHUT = ("do_not_use", "bounced_at")
"""What closes an address: no choice takes it out of use, so that its twin is closed as well."""


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


def _forbid(work: Fold, one: Linked) -> None:
    named = or_(*(one.table.c[name].in_(work.loser_ids) for name in one.columns))
    if work.uow.session.execute(select(one.table.c.id).where(named).limit(1)).first() is not None:
        raise Conflict("merge.forbidden", entity=one.label("", work.uow.actor.language))


def _follow(work: Fold, one: Linked) -> None:
    rows = gather(work, one)
    if tables.is_journaled(one):
        _move(work, one, rows)
        equals.let_go(work, one, rows)
    else:
        _note(work, one, rows)


def gather(work: Fold, one: Linked) -> list[Line]:
    """Return the rows of a table with what becomes of each."""
    rows = _read(work, one)
    _retire(work, one, rows)
    left = [row for row in rows if row.live and one.retires not in row.after]
    twins.collapse(work, one, left)
    equals.collapse(work, one, left)
    return rows


def _read(work: Fold, one: Linked) -> list[Line]:
    """Return the losers' rows with their new references, and the survivor's: their twins, or what they replace."""
    table, ids = one.table, sorted(work.loser_ids)
    chosen = any(key.partition(".")[0] == one.name and how != APPEND for key, how in work.choices.collections.items())
    wanted = [*ids, work.survivor_id] if one.compared or work.reads or chosen or len(one.columns) > 1 else ids
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
