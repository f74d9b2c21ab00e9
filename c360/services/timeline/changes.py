"""The journal in the timeline: several edits of one person within ten minutes are one entry that can be opened."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, func, not_, or_, select, union_all
from sqlmodel import col

from c360.core.fold import fold
from c360.models.journal import JOURNAL_ALONE, ChangeRow, ChangeSet
from c360.services import history, merged
from c360.services.timeline.source import Entry, Head, Sought, Source, Told
from c360.services.uow import UnitOfWork

FOLD = timedelta(minutes=10)
ROWS = 4
"""Rows read for each entry wanted: a set often has several."""
ROUNDS = 6
LINES = 30


def heads(uow: UnitOfWork, customers: Sequence[UUID], sought: Sought, after: str, limit: int) -> list[Head]:
    """Return the newest changes to customers and their parts that no other source tells of."""
    found: list[Head] = []
    # What happened to those who were merged into them is told as well.
    customers = merged.family(uow.session, customers)
    number = limit if sought.enough else ROWS * limit
    for _ in range(ROUNDS):
        rows = _rows(uow, customers, sought, found[-1].after if found else after, number)
        _fold(found, rows, sought.words)
        # An entry is whole once another follows it.
        full = sought.enough is not None and found and found[-1].at < sought.enough
        if full or len(found) > limit or len(rows) < number:
            break
        number = ROWS * limit
    return found[:limit]


def _rows(uow: UnitOfWork, customers: Sequence[UUID], sought: Sought, after: str, limit: int) -> Sequence[Any]:
    row_id = col(ChangeRow.id)
    # Ids of change rows rise with time, so days bound them like a column of times would.
    tests: list[Any] = [row_id >= _first(sought.since)] if sought.since else []
    tests += [row_id < _first(sought.until)] if sought.until else []
    tests += [row_id < UUID(after)] if after else []
    if sought.author_id:
        tests.append(ChangeSet.actor_id == sought.author_id)
    if sought.words:
        sides = [func.c360_fold(cast(side, String)) for side in (col(ChangeRow.before), col(ChangeRow.after))]
        # Inside JSON a letter beyond ASCII may be written as its code.
        forms = {fold(sought.words), fold(json.dumps(sought.words)[1:-1])}
        tests.append(or_(*(side.contains(form, autoescape=True) for side in sides for form in sorted(forms))))
    parts = [
        select(
            row_id,
            *(col(one) for one in (ChangeRow.set_id, ChangeRow.customer_id, ChangeSet.at, ChangeSet.actor_id)),
        )
        .join(ChangeSet, col(ChangeSet.id) == col(ChangeRow.set_id))
        .where(col(ChangeRow.customer_id) == one, JOURNAL_ALONE, not_(merged.folding(one)), *tests)
        .order_by(row_id.desc())
        .limit(limit)
        for one in customers
    ]
    if len(parts) == 1:
        return uow.session.execute(parts[0]).all()
    every = union_all(*(select(part.subquery()) for part in parts)).subquery()
    return uow.session.execute(select(every).order_by(every.c.id.desc()).limit(limit)).all()


def _first(at: datetime) -> UUID:
    """Return the smallest id a row made at a time can have."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def _fold(found: list[Head], rows: Sequence[Any], words: str) -> None:
    """Add rows, the newest first, each to the entry before it when one person made both within ten minutes."""
    for row in rows:
        last = found[-1] if found else None
        if last is not None and last.customer_id == row.customer_id:
            if row.set_id == last.members[-1]:
                found[-1] = replace(last, after=str(row.id))
                continue
            if row.actor_id is not None and last.author_id == row.actor_id and last.at - row.at <= FOLD:
                found[-1] = replace(last, after=str(row.id), members=(*last.members, row.set_id))
                continue
        found.append(Head(row.at, row.id, row.customer_id, str(row.id), row.actor_id, (row.set_id,), words))


def tell(uow: UnitOfWork, found: Sequence[Head]) -> Mapping[UUID, Entry]:
    """Return each run of edits as one entry."""
    told: dict[UUID, Entry] = {}
    for customer_id in {head.customer_id for head in found}:
        mine = [head for head in found if head.customer_id == customer_id]
        ids = [set_id for head in mine for set_id in head.members]
        sets = uow.session.scalars(select(ChangeSet).where(col(ChangeSet.id).in_(ids))).all()
        tests = [col(ChangeRow.customer_id) == customer_id, JOURNAL_ALONE]
        entries = {UUID(entry.set_id): entry for entry in history.told(uow, sets, tests)}
        for head in mine:
            members = [entries[i] for i in head.members if i in entries]
            entry = _entry(head, members) if any(entry.parts for entry in members) else None
            if entry and (not head.words or _holds(entry, fold(head.words))):
                told[head.id] = entry
    return told


def _holds(entry: Entry, words: str) -> bool:
    return any(words in fold(text) for line in entry.lines for text in (line.label, line.old, line.text))


def _entry(head: Head, members: Sequence[history.Entry]) -> Entry:
    """Return edits as one entry."""
    first = members[-1]
    return Entry(
        id=str(head.id), type="change", icon="change", at=head.at.isoformat(), title=first.action, who=first.who,
        note=first.source, lines=lines_of(members), folded=len(members),
    )  # fmt: skip


def lines_of(members: Sequence[history.Entry]) -> list[Told]:
    """Return each field that changed once, from what it was before the first to what it is after the last."""
    lines: dict[tuple[str, str], Told] = {}
    for member in members:
        for part in member.parts:
            for line in part.lines:
                key = (part.record_id, line.field)
                if key in lines:
                    lines[key].old = line.old
                else:
                    lines[key] = Told(f"{part.record_id}-{line.field}", line.label, line.old, line.new)
    return [line for line in lines.values() if line.old != line.text][:LINES]


SOURCE = Source("change", ("change",), heads, tell)
