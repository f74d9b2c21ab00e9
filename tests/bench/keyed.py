"""The keys of a made-up base, written in bulk: in their order, and without an index until all are there."""

from array import array
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import func
from sqlmodel import Session, col, select

from c360.core import db
from c360.matching.keys import Row, keys
from c360.models.customer import Customer
from c360.models.duplicate import DuplicateKey
from c360.services.duplicates import sources
from tests.bench import bulk

PIECE = 20_000


def ensure(entity: str) -> None:
    """Give every customer of a kind his keys, unless some have theirs."""
    with Session(db.engine()) as session:
        if session.exec(select(func.count()).select_from(select(DuplicateKey).limit(1).subquery())).one():
            return
        ids, found, owners = _made(session, entity)
    order = np.argsort(found, kind="stable")
    found, owners = found[order].tolist(), owners[order].tolist()
    rows = (((key, ids[owner]),) for key, owner in zip(found, owners, strict=True))
    bulk.fill({"duplicate_key": ("key", "customer_id")}, rows)


def _made(session: Session, entity: str) -> tuple[list[UUID], Any, Any]:
    """Return the ids of customers, all keys, and for each key the place of its customer."""
    names = sources.COLUMNS[entity]
    query: Any = select(col(Customer.id), *names.values()).where(Customer.kind == entity)  # pyright: ignore[reportCallIssue, reportArgumentType]
    ids: list[UUID] = []
    found, owners = array("q"), array("i")
    for one, *held in session.execute(sources.joined(query, entity).execution_options(yield_per=PIECE)):
        texts = {name: sources.text_of(name, value) for name, value in zip(names, held, strict=True)}
        mine = keys(entity, Row(texts))
        found.extend(mine)
        owners.extend([len(ids)] * len(mine))
        ids.append(one)
    return ids, np.array(found), np.array(owners)
