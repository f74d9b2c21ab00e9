"""Upkeep of the keys customers are found by: rebuilt in the transaction that changed them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from heapq import nlargest
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select, union_all
from sqlmodel import Session, col

from c360.matching.keys import Row, keys
from c360.models.customer import KINDS
from c360.models.duplicate import DuplicateKey
from c360.services.duplicates import sources

PIECE = 500
BLOCK = 50
"""Records with one key beyond which it tells too little to look at all of them."""
AT_ONCE = 100
"""Keys that are looked up in one statement."""
FEW = 20
"""Candidates that are weighed for one record: those that share most with it, a key of few counting more."""


def refresh(session: Session, customer_ids: Collection[UUID]) -> None:
    """Write the keys of these customers anew; one that is archived or merged has none."""
    ids = list(customer_ids)
    for start in range(0, len(ids), PIECE):
        part = ids[start : start + PIECE]
        session.execute(delete(DuplicateKey).where(col(DuplicateKey.customer_id).in_(part)))
        rows = [
            {"key": key, "customer_id": one}
            for entity in KINDS
            for one, row in sources.rows(session, entity, part).items()
            for key in keys(entity, row)
        ]
        if rows:
            session.execute(insert(DuplicateKey), rows)


def sharing(session: Session, entity: str, rows: Sequence[Row]) -> list[dict[UUID, set[str]]]:
    """Return for each record the customers that share most with it, with the names of the keys they share."""
    every = [keys(entity, row) for row in rows]
    wanted = list(dict.fromkeys(key for mine in every for key in mine))
    blocks: dict[int, list[UUID]] = defaultdict(list)
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        for one, key in session.execute(_blocks(len(part)), {f"key{place}": key for place, key in enumerate(part)}):
            blocks[key].append(one)
    return [_most(mine, blocks) for mine in every]


def _most(mine: Mapping[int, str], blocks: Mapping[int, list[UUID]]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    told: dict[UUID, float] = {}
    for key, name in mine.items():
        block = blocks.get(key, ())
        for one in block:
            found.setdefault(one, set()).add(name)
            told[one] = told.get(one, 0.0) + 1 / len(block)
    return {one: found[one] for one in nlargest(FEW, told, key=told.__getitem__)}


@cache
def _blocks(count: int) -> Any:
    """Return the query for the first customers of so many keys; made once, for making it takes longer than to run."""
    of, key = col(DuplicateKey.customer_id), col(DuplicateKey.key)
    blocks = (select(of, key).where(key == bindparam(f"key{n}")).limit(BLOCK).subquery() for n in range(count))
    return union_all(*(select(block) for block in blocks))
