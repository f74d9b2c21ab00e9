"""The history in an access file: what the journal kept of a person's rows, with other people masked."""

import json
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, or_, select
from sqlmodel import col

from c360.models.journal import ChangeRow, ChangeSet
from c360.registry.entity import entities
from c360.services.privacy import reach, telling
from c360.services.privacy.telling import PAGE, Cells, Page, Part
from c360.services.uow import UnitOfWork

HELD = 2
"""The place of the column that names the entity of the row that changed."""


def part(uow: UnitOfWork, ids: Collection[UUID]) -> Part:
    """Tell every change of what was the person's, in the order in which they were made."""
    plain = [*telling.plain(uow, ChangeSet, "at", "action"), *telling.plain(uow, ChangeRow, "entity", "op")]
    sides = [cast(col(side), String) for side in (ChangeRow.before, ChangeRow.after)]
    found = (
        select(*(one.source for one in plain), *sides)
        .join_from(ChangeRow, ChangeSet, col(ChangeSet.id) == col(ChangeRow.set_id))
        .where(or_(col(ChangeRow.customer_id).in_(ids), col(ChangeRow.record_id).in_([*ids, *_across(uow, ids)])))
        .order_by(col(ChangeSet.seq))
    )
    read = uow.session.connection().execute(found.execution_options(yield_per=PAGE)).partitions(PAGE)
    pages = (_page(uow, plain, list(zip(*rows, strict=True)), ids) for rows in read)
    return Part([*(one.name for one in plain), "before", "after"], pages)


def _across(uow: UnitOfWork, ids: Collection[UUID]) -> Iterator[UUID]:
    """Yield the rows that stand between somebody else and the person: the journal files them under the other one."""
    for one in reach.mentions():
        if one.entity and one.entity.across == one.column.name:
            yield from reach.rows_of(uow.session, one, ids)


def _page(uow: UnitOfWork, plain: Sequence[Any], values: Sequence[Sequence[Any]], ids: Collection[UUID]) -> Page:
    *shown, before, after = values
    told, held = telling.page(uow, plain, shown, ids), shown[HELD]
    sides = [_side(uow, name, held, texts, ids) for name, texts in (("before", before), ("after", after))]
    return Page(told.size, [*told.columns, *sides])


def _side(uow: UnitOfWork, name: str, held: Sequence[str], texts: Sequence[str | None], ids: Collection[UUID]) -> Cells:
    """Tell one side of some changes, each of a row of the entity it is held with."""
    if not any(texts):
        return telling.told_json(name, None)
    links, mine = _links(), {str(one) for one in ids}
    # To count names in a text costs far less than to take every text apart.
    asked = {
        one: [(f'"{link}": "', [f'"{link}": "{i}"' for i in mine]) for link in links.get(one, ())] for one in set(held)
    }
    foreign: dict[int, dict[str, Any]] = {}
    for n, (entity, said) in enumerate(zip(held, texts, strict=True)):
        if said and any(said.count(any_) > sum(map(said.count, own)) for any_, own in asked[entity]):
            foreign[n] = json.loads(said)
    others = {
        (n, link): UUID(str(side[link]))
        for n, side in foreign.items()
        for link in links[held[n]]
        if side.get(link) and side[link] not in mine
    }
    known = telling.masked(uow, set(others.values()))
    for (n, link), one in others.items():
        foreign[n][link] = known.get(one, "***")
    return [
        telling.told(name, foreign[n]) if n in foreign else telling.told_json(name, said)
        for n, said in enumerate(texts)
    ]


@cache
def _links() -> dict[str, list[str]]:
    return {one.key: telling.people_of(one.model) for one in entities()}
