"""Merges in the timeline: who was folded into whom, and who was taken apart again, seen from either side."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, union
from sqlmodel import col, select

from c360.core.fold import fold
from c360.core.i18n import text
from c360.models.journal import FOLDING, MERGED, ChangeRow, ChangeSet
from c360.services import cursors, history, merged, references
from c360.services.timeline import changes
from c360.services.timeline.source import Entry, Head, Sought, Source
from c360.services.uow import UnitOfWork


def heads(uow: UnitOfWork, customers: Sequence[UUID], sought: Sought, after: str, limit: int) -> list[Head]:
    """Return the newest merges and un-merges, whichever side the customer was on."""
    tests: list[Any] = [ChangeSet.at >= sought.since] if sought.since else []
    tests += [ChangeSet.at < sought.until] if sought.until else []
    tests += [ChangeSet.at >= sought.enough] if sought.enough else []
    tests += [ChangeSet.actor_id == sought.author_id] if sought.author_id else []
    if after:
        moment, last = cursors.read(after)
        tests.append(or_(col(ChangeSet.at) < moment, (col(ChangeSet.at) == moment) & (col(ChangeSet.id) < last)))
    # What those went through who were merged into him since is told as well.
    family = merged.family(uow.session, customers)
    kept = select(ChangeSet.id, ChangeSet.at).where(FOLDING, merged.SURVIVED.in_([str(one) for one in family]), *tests)
    lost = select(ChangeSet.id, ChangeSet.at).join(ChangeRow, col(ChangeRow.set_id) == col(ChangeSet.id))
    lost = lost.where(col(ChangeRow.record_id).in_(customers), or_(*(merged.folding(one) for one in customers)), *tests)
    every = union(kept, lost).subquery()
    # With words, few as they are, all are read: their own limit comes after.
    rows = select(every.c.id, every.c.at).order_by(every.c.at.desc(), every.c.id.desc())
    found = uow.session.execute(rows if sought.words else rows.limit(limit)).all()
    sides = _sides(uow, [row.id for row in found], [*customers, *family])
    made = [Head(row.at, row.id, sides[row.id], cursors.write(row.at, row.id)) for row in found]
    if sought.words:
        told, wanted = tell(uow, made), fold(sought.words)
        made = [head for head in made if head.id in told and _holds(told[head.id], wanted)]
    return made[:limit]


def tell(uow: UnitOfWork, found: Sequence[Head]) -> Mapping[UUID, Entry]:
    """Return each merge as an entry, with what it changed in the one that stayed."""
    sets = uow.session.exec(select(ChangeSet).where(col(ChangeSet.id).in_([head.id for head in found]))).all()
    people = {UUID(one) for made in sets for one in (made.details["survivor"], *made.details["losers"])}
    names = references.titles(uow, "customer", people)
    stayed = [UUID(made.details["survivor"]) for made in sets]
    about = [col(ChangeRow.record_id).in_(stayed), col(ChangeRow.entity).in_(("contact", "account"))]
    journal = {UUID(entry.set_id): entry for entry in history.told(uow, sets, about)}
    looked_at = {head.id: head.customer_id for head in found}
    return {made.id: _entry(uow, made, looked_at[made.id], names, journal[made.id]) for made in sets}


def _sides(uow: UnitOfWork, ids: Sequence[UUID], customers: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return, for each merge, the first of these customers it is about."""
    found = {}
    told = select(ChangeSet.id, ChangeSet.details).where(col(ChangeSet.id).in_(ids))
    for set_id, details in uow.session.exec(told) if ids else ():
        named = {details["survivor"], *details["losers"]}
        found[set_id] = next(one for one in customers if str(one) in named)
    return found


def _entry(uow: UnitOfWork, made: ChangeSet, here: UUID, names: Mapping[UUID, str], journal: history.Entry) -> Entry:
    language, kind = uow.actor.language, made.action.partition(".")[0]
    survivor, losers = UUID(made.details["survivor"]), [UUID(one) for one in made.details["losers"]]
    away = here in losers
    others, side = ([survivor], "into") if away else (losers, "from")
    told = ", ".join(names.get(one, references.NAMELESS) for one in others)
    moved = sum(made.details.get("moved", {}).values())
    return Entry(
        id=str(made.id),
        type="merge",
        icon="merge",
        at=made.at.isoformat(),
        title=text(language, f"timeline.{'merged' if made.action in MERGED else 'unmerged'}.{side}", names=told),
        who=journal.who,
        href=f"/{kind}/{here}/changes",
        note=text(language, "timeline.moved", n=moved) if moved else "",
        lines=[] if away else changes.lines_of([journal]),
    )


def _holds(entry: Entry, words: str) -> bool:
    shown = [entry.title, *(part for line in entry.lines for part in (line.label, line.old, line.text))]
    return any(words in fold(one) for one in shown)


SOURCE = Source("merge", ("merge",), heads, tell)
