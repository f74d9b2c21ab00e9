"""Whom some customers are to be compared with: all who share a key with them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

import numpy as np
from sqlalchemy import func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from c360.matching.column import Ints
from c360.matching.keys import MANY, rare
from c360.models.customer import Customer
from c360.models.duplicate import DuplicateKey, DuplicateModel
from c360.services.duplicates.keys import BLOCK


def neighbours(session: Session, entity: str, customer_ids: Iterable[UUID]) -> tuple[list[UUID], Ints]:
    """Return these customers with all who share a key with them, by id, and the pairs they make: places, two a row."""
    mine = set(customer_ids)
    one, some = aliased(DuplicateKey), aliased(DuplicateKey)
    many = func.count() <= BLOCK
    for most, told in _rare(session, entity, mine).items():
        many &= or_(func.count() <= most, col(one.key).not_in(told))
    blocks = (
        select(col(one.key))
        .where(col(one.key).in_(select(col(some.key)).where(col(some.customer_id).in_(mine))))
        .group_by(col(one.key))
        .having(func.count() > 1, many)
    )
    key, of = col(DuplicateKey.key), col(DuplicateKey.customer_id)
    shared = session.execute(select(key, of).where(key.in_(blocks)).order_by(key, of)).all()
    ids = sorted({customer_id for _, customer_id in shared}, key=lambda one: one.int)
    place = {customer_id: number for number, customer_id in enumerate(ids)}
    block = np.array([number for number, _ in shared], np.int64)
    member = np.array([place[customer_id] for _, customer_id in shared], np.int64)
    wanted = np.array([one in mine for one in ids], bool)[member] if ids else np.empty(0, bool)
    found = [np.empty(0, np.int64)]
    for step in range(1, BLOCK):
        tied = (block[step:] == block[:-step]) & (wanted[step:] | wanted[:-step])
        found.append(member[:-step][tied] * len(ids) + member[step:][tied])
    pairs = np.unique(np.concatenate(found))
    return ids, np.stack(np.divmod(pairs, max(len(ids), 1)), axis=1)


def _rare(session: Session, entity: str, customer_ids: Collection[UUID]) -> dict[int, set[int]]:
    """Return the keys of these customers that count only where few share them, by how many may; none among few."""
    many = session.exec(select(DuplicateModel.customers).where(col(DuplicateModel.entity) == entity)).first()
    if entity != "contact" or (many or 0) <= MANY:
        return {}
    found: defaultdict[int, set[int]] = defaultdict(set)
    names = select(Customer.given_name, Customer.family_name).where(col(Customer.id).in_(customer_ids))
    for given_name, family_name in session.exec(names):
        for key, most in rare(entity, given_name, family_name).items():
            found[most].add(key)
    return found
