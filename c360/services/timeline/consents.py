"""Consents in the timeline: each yes, no, withdrawal or question of the ledger."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import false, func, or_
from sqlmodel import col, select

from c360.core.fold import fold
from c360.models.consent import ConsentEvent
from c360.models.customer import Customer
from c360.services import names, references
from c360.services.consents import matrix
from c360.services.timeline.source import Entry, Head, Sought, Source, keyset
from c360.services.uow import UnitOfWork

SEARCHED = ("note", "source_detail", "point")


def heads(uow: UnitOfWork, customers: Sequence[UUID], sought: Sought, after: str, limit: int) -> list[Head]:
    """Return the newest events."""
    tests: list[Any] = []
    if sought.words:
        readable = [getattr(ConsentEvent, name) for name in SEARCHED if name in uow.fields("consent_event")]
        said = (func.c360_fold(func.coalesce(column, "")) for column in readable)
        tests.append(or_(false(), *(one.contains(fold(sought.words), autoescape=True) for one in said)))
    return keyset(
        uow, ConsentEvent.customer_id, ConsentEvent.at, ConsentEvent.id, customers, sought, after, limit, tests=tests,
        author=ConsentEvent.created_by_id,
    )  # fmt: skip


def tell(uow: UnitOfWork, found: Sequence[Head]) -> Mapping[UUID, Entry]:
    """Return each event as an entry that leads to the customer's consents."""
    asked = uow.select("consent_event").where(col(ConsentEvent.id).in_([head.id for head in found]))
    events = list(uow.session.exec(asked))
    # Whose events are seen is seen himself.
    whose = select(Customer.id, Customer.kind).where(col(Customer.id).in_({e.customer_id for e in events}))
    kinds = {row[0]: row[1] for row in uow.session.exec(whose)}
    purposes = references.titles(uow, "purpose", {e.purpose_id for e in events if e.purpose_id})
    language = uow.actor.language
    entries = {}
    for event, told in zip(events, matrix.told_of(uow, events), strict=True):
        about = [purposes.get(event.purpose_id, "") if event.purpose_id else told.scope]
        about += [names.option("medium", event.medium, language) if event.medium else "", told.party]
        entries[event.id] = Entry(
            id=told.id,
            type="consent",
            icon="consent",
            at=told.at,
            title=f"{told.event}: {', '.join(filter(None, about))}",
            text=told.note,
            who=told.who,
            href=f"/{kinds[event.customer_id]}/{event.customer_id}/consents",
            note=told.source,
        )
    return entries


SOURCE = Source("consent", ("consent",), heads, tell)
