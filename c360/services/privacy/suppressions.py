"""Suppression: keyed hashes of addresses nobody may write to again, met whenever one of them comes back.

The hash needs the key of the journal, which is outside the database: whoever has the table has no address.
"""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session, col, select

from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.models.communication import DIALLED, Communication
from c360.models.consent import ConsentEvent
from c360.models.customer import Customer
from c360.models.request import Suppression
from c360.query.permission import point_of
from c360.registry import values
from c360.services import chain, journal

MEDIA = {"email": ("email",), "phone": ("phone", "sms")}
AT_ONCE = 500


def digest(family: str, value: str) -> str:
    """Return the keyed hash of an address, the same however it is written."""
    plain = values.e164(value) if family == "phone" else value.strip().lower()
    return chain.sign(["suppression", family, plain])


def suppress(session: Session, ids: Collection[UUID]) -> int:
    """Remember every address of these customers as one that must not be used again; return how many are new."""
    wanted = {digest(family, value): family for _, family, value in _addresses(session, ids)}
    known = set(session.exec(select(Suppression.digest).where(col(Suppression.digest).in_(wanted))))
    rows = [{"digest": one, "medium": family, "at": utc_now()} for one, family in wanted.items() if one not in known]
    if rows:
        session.execute(insert(Suppression), rows)
    return len(rows)


def meet(session: Session, draft: journal.Draft) -> None:
    """Write an objection for each suppressed address that has just come in, whoever brought it."""
    if not draft.customers or session.exec(select(Suppression.digest).limit(1)).first() is None:
        return
    ids = list(draft.customers)
    for start in range(0, len(ids), AT_ONCE):
        _meet(session, draft, ids[start : start + AT_ONCE])


def _meet(session: Session, draft: journal.Draft, ids: list[UUID]) -> None:
    found = [(of, family, value, digest(family, value)) for of, family, value in _addresses(session, ids)]
    held = select(Suppression.digest).where(col(Suppression.digest).in_({one[3] for one in found}))
    suppressed = set(session.exec(held))
    back = [one for one in found if one[3] in suppressed]
    if not back:
        return
    told = select(ConsentEvent.customer_id, ConsentEvent.medium, ConsentEvent.point).where(
        col(ConsentEvent.customer_id).in_({one[0] for one in back})
    )
    known: set[Any] = set(session.exec(told).all())
    rows = []
    for of, family, value, _ in back:
        for medium in MEDIA[family]:
            point = point_of(medium, value)
            if (of, medium, point) not in known:
                known.add((of, medium, point))
                rows.append(_objection(of, medium, point, draft))
    if rows:
        session.execute(insert(ConsentEvent), rows)
        for row in rows:
            after = journal.told_of(ConsentEvent, row)
            draft.note("consent_event", row["id"], "create", None, after, 1, row["customer_id"])


def _objection(customer_id: UUID, medium: str, point: str | None, draft: journal.Draft) -> dict[str, Any]:
    now, by = utc_now(), draft.actor.user_id
    return {
        "id": new_id(), "version": 1, "customer_id": customer_id, "medium": medium, "point": point, "party": "",
        "event": "objected", "at": now, "basis": "consent", "source": "suppression", "proven": True,
        "created_at": now, "updated_at": now, "created_by_id": by, "updated_by_id": by,
    }  # fmt: skip


def _addresses(session: Session, ids: Collection[UUID]) -> Iterable[tuple[UUID, str, str]]:
    """Yield every address of customers as owner, family and value."""
    own: Any = select(Customer.id, Customer.email, Customer.phone).where(col(Customer.id).in_(ids))
    for of, email, phone in session.exec(own):
        yield from ((of, family, value) for family, value in (("email", email), ("phone", phone)) if value)
    more = select(Communication.customer_id, Communication.family, Communication.value).where(
        col(Communication.customer_id).in_(ids), col(Communication.family).in_(("email", *DIALLED))
    )
    for of, family, value in session.exec(more):
        yield of, "phone" if family in DIALLED else "email", value
