"""Asking for a search for duplicates: by a person, by the clock, after an import."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.actor import SYSTEM, Verb
from c360.core.clock import utc_now
from c360.core.errors import Invalid
from c360.models.customer import KINDS, Customer
from c360.models.duplicate import DuplicateModel
from c360.models.job import Job
from c360.services import queue, selection
from c360.services.duplicates import rules
from c360.services.merging import policy
from c360.services.uow import UnitOfWork, perform

KIND = "duplicates.scan"
MIXED = "customer"


def start(
    uow: UnitOfWork, entity: str, *, changed: bool = False, chosen: Any = None, listed: str = "", door: str = "scan",
    merge: bool = False,
) -> UUID:  # fmt: skip
    """Ask for a search over all customers of a kind, over what changed since the last one, or over a selection.

    ``listed`` names the list a selection was made in where that shows other kinds too. ``merge`` has the sure groups
    merged once the search is over.
    """
    if entity not in KINDS:
        raise Invalid.field("entity", "listing.entity.unknown")
    uow.require(Verb.READ, entity)
    if chosen is not None:
        selection.from_json(listed or entity, chosen)
    told = {"entity": entity, "changed": changed, "selection": chosen, "listed": listed, "door": door, "merge": merge}
    return queue.enqueue(uow, KIND, **told)


def start_selected(uow: UnitOfWork, listed: str, chosen: Any) -> list[UUID]:
    """Ask for a search over a selection of a list; of the list of both kinds one for each kind that is selected."""
    if listed != MIXED:
        return [start(uow, listed, chosen=chosen)]
    picked = selection.from_json(listed, chosen)
    there = [one for one in KINDS if selection.count(uow, listed, picked, col(Customer.kind) == one)]
    return [start(uow, one, chosen=chosen, listed=listed) for one in there]


def after_import(uow: UnitOfWork, entity: str) -> None:
    """Ask for a search over what an import brought, where that door is open; as nobody's job: it fails no import."""
    if entity in KINDS and rules.of(uow.session, entity).reaction("imports") != rules.OFF:
        uow.after_commit(lambda: perform(SYSTEM, _after_import, entity))


def _after_import(uow: UnitOfWork, entity: str) -> None:
    # A search that runs has read what changed, and one over a selection does not look at it.
    queued = uow.session.exec(select(Job.arguments).where(Job.kind == KIND, Job.state == "queued"))
    if not any(one["entity"] == entity and one.get("selection") is None for one in queued):
        start(uow, entity, changed=True, door="import")


def after_save(uow: UnitOfWork, entity: str, customer_id: UUID) -> None:
    """Ask for a search around a customer just saved; as nobody's job: it fails no save, and nobody is told of it."""
    alone = {"mode": "ids", "ids": [str(customer_id)]}
    uow.after_commit(lambda: perform(SYSTEM, start, entity, chosen=alone, door="save"))


def due() -> None:
    """Ask for the searches whose time has come."""
    perform(SYSTEM, _due)


def _due(uow: UnitOfWork) -> None:
    under_way = _under_way(uow)
    for entity in KINDS:
        rule = rules.of(uow.session, entity)
        every = rule.every if rule.reaction("scan") != rules.OFF else 0
        last = uow.session.exec(select(DuplicateModel.scanned_at).where(DuplicateModel.entity == entity)).first()
        if every and entity not in under_way and (last is None or utc_now() - last >= timedelta(hours=every)):
            start(uow, entity, changed=True, merge=policy.of(uow.session, entity).automatic)


def _under_way(uow: UnitOfWork) -> set[str]:
    open_ones = select(Job.arguments).where(Job.kind == KIND, col(Job.state).in_(queue.OPEN))
    return {one["entity"] for one in uow.session.exec(open_ones)}
