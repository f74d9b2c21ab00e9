"""Equal contents: activities and posts that say the same on two participants; one stays, the others go out of use.

What something else hangs on stays whatever it says: another customer, a file, an answer, a follow-up, the id another
system knows it by. Only what stands there for itself alone folds into its equal.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, String, cast, func, select

from c360.query.expressions import plain
from c360.registry.entity import Entity, entities
from c360.services import mass
from c360.services.mass import Change
from c360.services.merging.tables import Linked
from c360.services.merging.work import Fold, Line, write

MINUTE = len("2026-01-31 23:59")
"""Two moments are the same when nobody sees them differ."""
KNOWN = "external_id"


def collapse(work: Fold, one: Linked, rows: Iterable[Line]) -> None:
    """Take out of use what another participant has as well; the one most is known of stays, else the survivor's."""
    if one.retires is None or one.subject is None or not (groups := list(_groups(work, one))):
        return
    wanted = {one_id for group in groups for one_id in group}
    mine: dict[UUID, list[Line]] = defaultdict(list)
    for row in rows:
        if row.stored[one.via] in wanted:
            mine[row.stored[one.via]].append(row)
    alike = [[one_id for one_id in group if one_id in mine] for group in groups]
    alike = [group for group in alike if len({row.owner for one_id in group for row in mine[one_id]}) > 1]
    kept = _kept(work, one, one.subject, [one_id for group in alike for one_id in group])
    filled = _filled(work, one.subject, [one_id for group in alike for one_id in group])
    for group in alike:
        group.sort(key=lambda i: (i not in kept, -filled[i], all(r.owner in work.loser_ids for r in mine[i]), i.int))
        for row in (row for one_id in group[1:] if one_id not in kept for row in mine[one_id]):
            if one.retires not in row.after:
                row.after[one.retires] = work.now
                work.count(one, row.kind, "collapsed")


def let_go(work: Fold, one: Linked, rows: Sequence[Line]) -> None:
    """Take out of use what stood with customers through links that all went: it stands with nobody now."""
    subject = one.subject
    if subject is None or one.via == "id":
        return
    left = {row.stored[one.via] for row in rows if one.retires in row.after}
    for part in mass.chunks(sorted(left)):
        live = select(one.table.c[one.via]).where(one.table.c[one.via].in_(part), one.table.c[one.retires].is_(None))
        left -= set(work.uow.session.scalars(live))
    held = mass.held(work.uow, subject, list(left), "archived_at")
    write(work, [Change(subject, row.id, row.version, {"archived_at": None}, {"archived_at": plain(work.now)})
                 for row in held.values() if row.archived_at is None])  # fmt: skip


def _groups(work: Fold, one: Linked) -> Iterator[list[UUID]]:
    """Yield the ids of what says the same and stands with a participant, found by the database."""
    table, about = one.table, _table(one)
    source = table if about is table else table.join(about, about.c.id == table.c[one.via])
    seen = [_seen(about.c[name]) for name in one.subject.same] if one.subject else []
    found = (
        select(func.aggregate_strings(cast(about.c.id, String), ","))
        .select_from(source)
        .where(
            table.c[one.columns[0]].in_(work.people.ids), table.c[one.retires].is_(None), about.c.archived_at.is_(None)
        )
        .group_by(*seen)
        .having(func.count() > 1)
    )
    for told in work.uow.session.scalars(found):
        ids = sorted({UUID(one_id) for one_id in told.split(",")})
        if len(ids) > 1:
            yield ids


def _seen(column: Any) -> Any:
    kind = getattr(column.type, "impl_instance", column.type)
    return func.substr(cast(column, String), 1, MINUTE) if isinstance(kind, DateTime) else column


def _table(one: Linked) -> Any:
    return mass.table_of(one.subject) if one.subject else one.table


def _filled(work: Fold, subject: Entity, ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how much each says beside what they all say."""
    table = mass.table_of(subject)
    more = [table.c[spec.name] for spec in subject.fields.values()
            if spec.editable and spec.source == "column" and spec.name not in subject.same]  # fmt: skip
    found = {}
    for part in mass.chunks(ids):
        for row in work.uow.session.execute(select(table.c.id, *more).where(table.c.id.in_(part))):
            found[row[0]] = sum(value not in (None, "") for value in row[1:])
    return found


def _kept(work: Fold, one: Linked, subject: Entity, ids: Sequence[UUID]) -> Collection[UUID]:
    """Return what stays because something hangs on it."""
    found: set[UUID] = set()
    tests = list(_hanging(work, one, subject))
    for part in mass.chunks(ids):
        for column, test in tests:
            found |= set(work.uow.session.scalars(select(column).where(column.in_(part), test)))
    return found


def _hanging(work: Fold, one: Linked, subject: Entity) -> Iterator[tuple[Any, Any]]:
    """Yield each column that may name it, and when that counts: in rows that are in use."""
    table = mass.table_of(subject)
    if KNOWN in table.c:
        yield table.c.id, table.c[KNOWN].is_not(None)
    for other in table.metadata.sorted_tables:
        for column in other.c:
            if table.c.id in (key.column for key in column.foreign_keys):
                others = other.c[one.columns[0]].not_in(work.people.ids) if other is one.table else True
                yield column, other.c.archived_at.is_(None) & others
    for entity in entities():
        if entity.upon:
            other = mass.table_of(entity)
            named, record = (other.c[name] for name in entity.upon)
            yield record, (named == subject.key) & other.c.archived_at.is_(None)
