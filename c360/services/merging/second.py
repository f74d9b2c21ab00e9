"""Four eyes: which merges take a second person, and why."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from c360.core.errors import Conflict
from c360.core.i18n import text
from c360.models.consent import NO, YES, ConsentEvent
from c360.services.merging import policy
from c360.services.merging.people import People
from c360.services.uow import UnitOfWork

CONTACTS, RECORDS, CONSENTS = "contacts", "records", "consents"


class SecondNeeded(Conflict):
    """The merge takes a second person: ``reasons`` are the words for why."""

    def __init__(self, reasons: tuple[str, ...], language: str) -> None:
        super().__init__("merge.second", why=told(reasons, language))
        self.reasons = reasons


def reasons(uow: UnitOfWork, people: People) -> tuple[str, ...]:
    """Return why a merge of these takes a second person; nothing when it does not."""
    rule, found = policy.of(uow.session, people.entity.key), []
    if 0 < rule.second_contacts <= sum(record.contacts_total for record in people.records):
        found.append(CONTACTS)
    if 0 < rule.second_records <= len(people.records):
        found.append(RECORDS)
    if rule.second_consents and differ(uow.session, people.ids):
        found.append(CONSENTS)
    return tuple(found)


def told(reasons: Collection[str], language: str) -> str:
    """Return the reasons as people read them."""
    return "; ".join(text(language, f"merge.second.{one}") for one in reasons)


def differ(session: Session, ids: Collection[UUID]) -> bool:
    """Tell whether one of these customers said yes last where another said no, to one purpose on one medium."""
    event = ConsentEvent
    query = select(
        col(event.customer_id), col(event.party), col(event.purpose_id), col(event.medium), col(event.event)
    ).where(col(event.customer_id).in_(ids), col(event.event).in_((*YES, *NO)))
    spoken = session.execute(query.order_by(col(event.at), col(event.id)))
    last = {(who, party, purpose, medium): said for who, party, purpose, medium, said in spoken}
    refused: dict[tuple[str, UUID | None, str | None], set[UUID]] = defaultdict(set)
    for (one, party, purpose, medium), said in last.items():
        if said in NO:
            refused[party, purpose, medium].add(one)
    return any(
        refused[party, wanted, on] - {one}
        for (one, party, purpose, medium), said in last.items() if said in YES
        # A no without a purpose or a medium means all of them.
        for wanted in {purpose, None} for on in {medium, None}
    )  # fmt: skip
