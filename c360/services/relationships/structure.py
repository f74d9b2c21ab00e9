"""The corporate structure of an account: everything above and below it, and the history of them all."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import literal
from sqlmodel import col, select

from c360.core.actor import Verb
from c360.models.customer import Customer
from c360.query.scope import live, reach
from c360.registry.entity import entity_for
from c360.services import history, sides
from c360.services.relationships.graph import MOST, Graph, Walk
from c360.services.relationships.ties import Wanted
from c360.services.uow import UnitOfWork

DEEPEST = 50


def whole(uow: UnitOfWork, record_id: UUID, *, most: int = MOST) -> Graph:
    """Return the tree an account stands in, as far as this reader can follow it from account to account."""
    uow.must_see("account", record_id, archived=True)
    walk = Walk(uow, Wanted(only=frozenset({"parent"})), most)
    found = _members(uow, record_id, most + 1)
    walk.start(record_id)
    walk.gather(dict(list(found.items())[:most]))
    graph = walk.drawn(record_id)
    graph.left = max(len(found) - most, 0)
    return graph


def past(uow: UnitOfWork, record_id: UUID, after: int | None = None) -> history.Page:
    """Return what happened to every account of the group this reader may see, the newest first."""
    uow.must_see("account", record_id, archived=True)
    seen = members(uow, record_id, MOST)
    uow.saw("history", "account", record_id, group=len(seen))
    return history.page(uow, [sides.about(seen)], [], after, 30)


def members(uow: UnitOfWork, record_id: UUID, most: int) -> Sequence[UUID]:
    """Return the accounts of a group this reader may see; of a contact nobody."""
    mine = uow.select("account", archived=True).with_only_columns(col(Customer.id))
    return uow.session.scalars(mine.where(col(Customer.id).in_(_members(uow, record_id, most)))).all()


def _members(uow: UnitOfWork, record_id: UUID, most: int) -> dict[UUID, int]:
    """Return everybody of the group with the step he stands on; whom one may not see ends the way."""
    if "parent_id" not in uow.fields("account"):
        return {record_id: 0}
    account = entity_for("customer")
    seen = reach(account, uow.actor, Verb.READ)
    start = select(col(Customer.id).label("id"), literal(0).label("step")).where(col(Customer.id) == record_id)
    up = start.cte("up", recursive=True)
    above = select(col(Customer.parent_id), up.c.step + 1).join(up, col(Customer.id) == up.c.id)
    up = up.union_all(above.where(seen, col(Customer.parent_id).is_not(None), up.c.step < DEEPEST))
    line = uow.session.execute(select(up.c.id, up.c.step).order_by(up.c.step)).all()
    known = set(uow.session.scalars(select(col(Customer.id)).where(col(Customer.id).in_([r[0] for r in line]), seen)))
    path = [row[0] for row in reversed(line)]
    first = next((n for n, one in enumerate(path) if one in known), len(path) - 1)
    # The way up comes first, so that a large group still shows where the account stands in it.
    return {one: n for n, one in enumerate(path)} | _below(uow, path[first], most, first)


def _below(uow: UnitOfWork, top: UUID, most: int, first: int) -> dict[UUID, int]:
    account = entity_for("customer")
    seen: Any = reach(account, uow.actor, Verb.READ)
    start = select(col(Customer.id).label("id"), literal(first).label("step"), seen.label("seen"))
    down = start.where(col(Customer.id) == top).cte("down", recursive=True)
    under = select(col(Customer.id), down.c.step + 1, seen).join(down, col(Customer.parent_id) == down.c.id)
    down = down.union_all(under.where(down.c.seen, down.c.step < DEEPEST, live(account)))
    return {row[0]: row[1] for row in uow.session.execute(select(down.c.id, down.c.step).limit(most))}
