"""Twins: rows of one table that are the same row twice once their customers are one; the richest stays."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from c360.services import mass
from c360.services.merging import tables
from c360.services.merging.tables import Linked
from c360.services.merging.work import Fold, Line

MARKS = ("is_primary", "is_main")
"""Flags one row of a customer has at a time; ``marking`` gives out the survivor's when all rows have come."""
MARKED = {"relation": "to_id"}
"""Whose row is marked, where it is not whom the row belongs to."""


def collapse(work: Fold, one: Linked, rows: Sequence[Line]) -> None:
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
        ours = group[best].refs.get(MARKED.get(one.name, one.within or "")) == work.survivor_id
        group[best].after |= _enriched(one, values[best], values[:best] + values[best + 1 :], marks=not ours)


def _full(work: Fold, one: Linked, ids: Sequence[UUID]) -> dict[UUID, Mapping[str, Any]]:
    found = {}
    for part in mass.chunks(ids):
        rows = work.uow.session.execute(select(one.table).where(one.table.c.id.in_(part)))
        found |= {row.id: row._mapping for row in rows}
    return found


def _enriched(
    one: Linked, best: Mapping[str, Any], others: Sequence[Mapping[str, Any]], *, marks: bool
) -> dict[str, Any]:
    """Return what the others add: values the richest lacks, and every yes, so that an opt-out survives.

    ``marks`` tells that a mark is somebody else's, who keeps the only one he has: the primary contact of an account.
    """
    after: dict[str, Any] = {}
    told = [*one.contents, *(n for n in ("verified_at", "bounced_at") if n in one.table.c)]
    for name in told if tables.is_journaled(one) else ():
        given = [other[name] for other in others if other[name] not in (None, "", [], {})]
        if one.is_flag(name):
            if any(given) and not best[name] and (marks or name not in MARKS):
                after[name] = True
        elif given and best[name] in (None, "", [], {}):
            after[name] = given[0]
    return after
