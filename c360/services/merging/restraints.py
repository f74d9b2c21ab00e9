"""What keeps a merge and its undo from allowing more than a customer did.

Events of the ledger follow their customer and the stricter of two decides by itself. What is left to do: a no to one
spelling of a number is a no to every spelling of it, and a no said to the survivor is a no of all who come apart again.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.ids import new_id
from c360.models.communication import DIALLED, Communication, normalised
from c360.models.consent import NO, POINTED, ConsentEvent
from c360.models.customer import Customer
from c360.models.journal import ChangeRow, ChangeSet
from c360.query.expressions import plain
from c360.query.permission import point_of
from c360.registry import values
from c360.registry.entity import entity_for
from c360.services import mass
from c360.services.mass import Change
from c360.services.rules.communications import MIRRORED
from c360.services.uow import UnitOfWork

BOOKKEEPING = frozenset(
    {"id", "customer_id", "version", "created_at", "created_by_id", "updated_at", "updated_by_id", "file_id"}
)
"""What a copy of an event does not share with it; the file belongs to whose event it was, its digest proves it."""


def respell(uow: UnitOfWork, survivor_id: UUID) -> None:
    """Let what was refused for a number hold for the number however the survivor's addresses write it."""
    refused = [one for one in _refusals(uow, [survivor_id]) if one.point and POINTED.get(one.medium or "") == "phone"]
    if not refused:
        return
    found = select(Communication.value).where(
        Communication.customer_id == survivor_id, col(Communication.family).in_(DIALLED),
        col(Communication.archived_at).is_(None),
    )  # fmt: skip
    own = uow.session.exec(select(Customer.phone).where(Customer.id == survivor_id)).one()
    spelled = {value: values.e164(value) for value in filter(None, [*uow.session.exec(found), own])}
    _copy(uow, refused, (
        (one, survivor_id, point_of("phone", value))
        for one in refused for value, form in spelled.items() if form == values.e164(one.point or "")
    ))  # fmt: skip


def spread(uow: UnitOfWork, merge: ChangeSet, ids: Sequence[UUID]) -> None:
    """Let what was refused since a merge hold for each of those who were one meanwhile; the survivor is the first."""
    refused = [one for one in _refusals(uow, ids) if one.created_at >= merge.at]
    _copy(uow, refused, ((one, customer_id, one.point) for one in refused for customer_id in ids))
    since = (
        select(ChangeRow.entity, ChangeRow.record_id, ChangeRow.before, ChangeRow.after)
        .join(ChangeSet, col(ChangeSet.id) == col(ChangeRow.set_id))
        .where(ChangeRow.customer_id == ids[0], ChangeSet.seq > merge.seq)
    )
    media: dict[str, None] = {}
    shut: set[UUID] = set()
    for key, record_id, before, after in uow.session.exec(since):
        was, now = before or {}, after or {}
        if key == "communication" and now.get("do_not_use"):
            shut.add(record_id)
        if record_id == ids[0]:
            known = was.get("forbidden_media") or ()
            media |= dict.fromkeys(one for one in now.get("forbidden_media") or () if one not in known)
    if media:
        _forbid(uow, ids, media)
    if shut:
        _shut(uow, ids, shut)


def _refusals(uow: UnitOfWork, ids: Collection[UUID]) -> list[ConsentEvent]:
    found = select(ConsentEvent).where(col(ConsentEvent.customer_id).in_(ids), col(ConsentEvent.event).in_(NO))
    return list(uow.session.exec(found.order_by(col(ConsentEvent.at), col(ConsentEvent.id))))


def _said(event: ConsentEvent, customer_id: UUID, point: str | None) -> tuple[Any, ...]:
    return customer_id, event.purpose_id, event.medium, event.party, event.event, event.at, point


def _copy(
    uow: UnitOfWork, known: Iterable[ConsentEvent], wanted: Iterable[tuple[ConsentEvent, UUID, str | None]]
) -> None:
    """Write events again for a customer or an address, each once."""
    told, rows = {_said(one, one.customer_id, one.point) for one in known}, []
    for event, customer_id, point in wanted:
        if (said := _said(event, customer_id, point)) not in told:
            told.add(said)
            kept = {n: getattr(event, n) for n in ConsentEvent.model_fields if n not in BOOKKEEPING}
            rows.append({**kept, "id": new_id(), "customer_id": customer_id, "point": point})
    mass.add(uow, entity_for("consent_event"), rows, customer="customer_id")


def _forbid(uow: UnitOfWork, ids: Sequence[UUID], media: Iterable[str]) -> None:
    """Forbid media the survivor still forbids to all of them."""
    people = {one.id: one for one in _people(uow, ids)}
    still = [one for one in media if one in people[ids[0]].forbidden_media]
    changes = []
    for one in people.values():
        forbidden = list(dict.fromkeys([*one.forbidden_media, *still]))
        after = {
            "forbidden_media": forbidden,
            "forbidden_reason": one.forbidden_reason or people[ids[0]].forbidden_reason,
            "preferred_media": [medium for medium in one.preferred_media if medium not in forbidden],
        }
        changes += _change(one.kind, one, after, one.id)
    mass.change(uow, changes)


def _shut(uow: UnitOfWork, ids: Sequence[UUID], marked: Collection[UUID]) -> None:
    """Shut an address that was shut since the merge wherever one of them has it."""
    rows: list[Communication] = []
    for part in mass.chunks([*ids, *marked]):
        found = select(Communication).where(
            col(Communication.customer_id).in_(part) | col(Communication.id).in_(part),
            col(Communication.archived_at).is_(None),
        )
        rows += uow.session.exec(found)
    shut = {(row.family, row.normalised) for row in rows if row.id in marked and row.do_not_use}
    here = {row.id: row for row in rows if row.customer_id in ids and (row.family, row.normalised) in shut}
    mass.change(uow, [
        change for row in here.values() for change in _change("communication", row, {"do_not_use": True},
                                                              row.customer_id)
    ])  # fmt: skip
    written = {(row.customer_id, row.family, row.normalised) for row in rows}
    mass.add(uow, entity_for("communication"), [
        {"id": new_id(), "customer_id": one.id, "family": family, "value": value, "is_primary": True,
         "normalised": normalised(family, value), "do_not_use": True}
        for one in _people(uow, ids) for family, value in _own(one)
        if (family, normalised(family, value)) in shut and (one.id, family, normalised(family, value)) not in written
    ], customer="customer_id")  # fmt: skip


def _own(one: Customer) -> Iterator[tuple[str, str]]:
    return ((family, value) for family, name in MIRRORED.items() if (value := getattr(one, name)))


def _people(uow: UnitOfWork, ids: Sequence[UUID]) -> list[Customer]:
    found = select(Customer).where(col(Customer.id).in_(ids)).execution_options(populate_existing=True)
    return list(uow.session.exec(found))


def _change(key: str, row: Any, after: dict[str, Any], customer_id: UUID) -> list[Change]:
    differ = {name: plain(value) for name, value in after.items() if plain(getattr(row, name)) != plain(value)}
    before = {name: plain(getattr(row, name)) for name in differ}
    return [Change(entity_for(key), row.id, row.version, before, differ, customer_id)] if differ else []
