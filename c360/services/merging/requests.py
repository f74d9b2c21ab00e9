"""Asking a second person for a merge: who planned it waits, who approves it answers for it too."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, func, select

from c360.core.actor import SYSTEM, Actor, Verb
from c360.core.clock import utc_now
from c360.core.errors import Conflict, Forbidden, Invalid, NotFound
from c360.models.customer import Customer
from c360.models.merge_request import (
    APPROVED,
    DECLINED,
    OUTDATED,
    RUNNING,
    WAITING,
    WITHDRAWN,
    MergeRequest,
    MergeRequestSide,
)
from c360.query.scope import reach
from c360.registry.entity import entity_for
from c360.services import notifications, references
from c360.services.actors import actor_for
from c360.services.merging import approvers, planning, second
from c360.services.merging import people as participants
from c360.services.merging.planning import commit
from c360.services.merging.shapes import Choices, Merged, Plan, Stale, Unanswered
from c360.services.uow import UnitOfWork, perform

ANSWER, LISTED = 500, 100
PLACE = "/duplicates/requests"


@dataclass(frozen=True, slots=True)
class Requested:
    """A merge that waits for a second person, and why it takes one."""

    id: UUID
    why: str


@dataclass(slots=True)
class RequestLine:
    """A request as the queue shows it; ``mine`` may be withdrawn, another's approved or declined."""

    id: str
    entity: str
    names: str
    href: str
    who: str
    at: str
    why: str
    state: str
    answer: str
    by: str
    mine: bool


def submit(uow: UnitOfWork, ids: Sequence[UUID], choices: Choices, fingerprint: str) -> Merged | Requested:
    """Merge as planned, or ask somebody else to approve it where it takes two."""
    try:
        return commit(uow, ids, choices, fingerprint)
    except second.SecondNeeded as needed:
        return _request(uow, ids, choices, fingerprint, needed.reasons)


def _request(
    uow: UnitOfWork, ids: Sequence[UUID], choices: Choices, fingerprint: str, reasons: Sequence[str]
) -> Requested:
    planning.compare(uow, ids, choices, fingerprint)
    made = keep(uow, ids, choices, fingerprint, reasons=list(reasons))
    uow.log("merge.requested", request=str(made.id), reasons=list(reasons))
    tell: Any = partial(perform, SYSTEM, approvers.tell, made.id, PLACE)
    uow.after_commit(tell)
    return Requested(made.id, second.told(reasons, uow.actor.language))


def keep(uow: UnitOfWork, ids: Sequence[UUID], choices: Choices, fingerprint: str, **more: Any) -> MergeRequest:
    """Write down a merge that happens later; of the records none may take part in another such merge."""
    asker = uow.actor.user_id
    if asker is None:
        raise Conflict("merge.request.person")
    sides, waits = col(MergeRequestSide.customer_id).in_(ids), col(MergeRequest.state).in_((WAITING, RUNNING))
    open_ones = select(MergeRequest.id).join(MergeRequestSide, col(MergeRequestSide.request_id) == MergeRequest.id)
    if uow.session.exec(open_ones.where(waits, sides)).first() is not None:
        raise Conflict("merge.request.waiting")
    made = MergeRequest(
        entity=uow.get("customer", choices.survivor_id).kind, choices=_to_json(choices), fingerprint=fingerprint,
        records=len(ids), requested_by_id=asker, **more,
    )  # fmt: skip
    uow.session.add(made)
    uow.session.flush()
    for position, one in enumerate(ids):
        uow.session.add(MergeRequestSide(request_id=made.id, customer_id=one, position=position))
    return made


def running(uow: UnitOfWork, request_id: UUID) -> MergeRequest | None:
    """Return what a job of this id has to merge, locked; None when that was done or is gone."""
    here = (MergeRequest.id == request_id, MergeRequest.state == RUNNING)
    return uow.session.exec(select(MergeRequest).where(*here).with_for_update()).first()


def listed(uow: UnitOfWork) -> list[RequestLine]:
    """Return the requests the actor may decide on and those he made himself, the waiting ones first."""
    rows = uow.session.exec(
        select(MergeRequest)
        .where((_mine(uow) | (_approvable(uow) & (MergeRequest.state == WAITING))), MergeRequest.state != RUNNING)
        .order_by(col(MergeRequest.state) != WAITING, col(MergeRequest.requested_at).desc())
        .limit(LISTED)
    ).all()
    members = _members(uow, [row.id for row in rows])
    names = references.titles(uow, "customer", {one for some in members.values() for one in some})
    uow.saw("merge.requests", "customer", ids=[str(one) for one in names])
    asked = {row.requested_by_id for row in rows} | {row.decided_by_id for row in rows if row.decided_by_id}
    people = references.titles(uow, "user", asked)
    return [
        RequestLine(
            str(row.id), row.entity, " · ".join(names.get(one, references.NAMELESS) for one in members[row.id]),
            "/merge?ids=" + ",".join(map(str, members[row.id])), people.get(row.requested_by_id, ""),
            row.requested_at.isoformat(), second.told(row.reasons, uow.actor.language), row.state, row.answer,
            people.get(row.decided_by_id, "") if row.decided_by_id else "", row.requested_by_id == uow.actor.user_id,
        )
        for row in rows
    ]  # fmt: skip


def waiting(uow: UnitOfWork) -> int:
    """Return how many requests wait for the actor's decision."""
    others = (MergeRequest.state == WAITING, ~_mine(uow), _approvable(uow))
    return uow.session.exec(select(func.count()).select_from(MergeRequest).where(*others)).one()


def look(uow: UnitOfWork, request_id: UUID) -> Plan:
    """Try a requested merge out and take it back, to show the actor what it does."""
    row = _waiting(uow, request_id)
    ids, choices = told(uow, row)
    return planning.plan(replace(uow, actor=_asker(uow, row)), ids, choices, reader=uow)


def approve(actor: Actor, request_id: UUID) -> Merged:
    """Merge as another planned it; where something changed or came into doubt since, it goes back to who made it."""
    try:
        return perform(actor, _approve, request_id)
    except Conflict as error:
        if isinstance(error, (Stale, Unanswered)) or error.message.key == "merge.changed":
            # What changed is told to who made the request: he may see other fields than who decides.
            perform(actor, _close, request_id, OUTDATED)
            raise Conflict("merge.request.stale") from error
        raise


def _approve(uow: UnitOfWork, request_id: UUID) -> Merged:
    row = _waiting(uow, request_id)
    ids, choices = told(uow, row)
    participants.load(uow, ids, choices.survivor_id, lock=True)
    # It happens as its author chose it, with what he may see and change now: so the fingerprint is the same.
    merged = commit(replace(uow, actor=_asker(uow, row)), ids, choices, row.fingerprint, approved=True)
    uow.draft.details.update(request=str(row.id), requested_by=str(row.requested_by_id))
    _decide(uow, row, APPROVED, set_id=merged.set_id)
    return merged


def decline(uow: UnitOfWork, request_id: UUID, reason: str) -> None:
    """Say why a merge another planned shall not be."""
    if not reason.strip() or len(reason) > ANSWER:
        raise Invalid.field("words", "merge.request.reason", n=ANSWER)
    _close(uow, request_id, DECLINED, reason.strip())


def withdraw(uow: UnitOfWork, request_id: UUID) -> None:
    """Take back a request of one's own."""
    row = uow.session.exec(_locked(request_id).where(_mine(uow))).first()
    if row is None:
        raise NotFound("merge.request.gone")
    _set(uow, row, WITHDRAWN)
    uow.log("merge.request.withdrawn", request=str(row.id))


def _close(uow: UnitOfWork, request_id: UUID, state: str, answer: str = "") -> None:
    row = _waiting(uow, request_id)
    _decide(uow, row, state, answer)
    uow.log(f"merge.request.{state}", request=str(row.id))


def _waiting(uow: UnitOfWork, request_id: UUID) -> MergeRequest:
    """Return a waiting request of somebody else that the actor may decide on, locked."""
    if uow.actor.user_id is None:
        raise Forbidden("merge.request.person")
    row = uow.session.exec(_locked(request_id).where(_mine(uow) | _approvable(uow))).first()
    if row is None:
        raise NotFound("merge.request.gone")
    if row.requested_by_id == uow.actor.user_id:
        raise Forbidden("merge.request.own")
    return row


def _locked(request_id: UUID) -> Any:
    here = (MergeRequest.id == request_id, MergeRequest.state == WAITING)
    return select(MergeRequest).where(*here).with_for_update()


def _mine(uow: UnitOfWork) -> Any:
    return col(MergeRequest.requested_by_id) == uow.actor.user_id


def _approvable(uow: UnitOfWork) -> Any:
    """Return the test that every participant of a request is one the actor may merge."""
    side = MergeRequestSide
    one = uow.select("customer", archived=True).where(col(Customer.id) == col(side.customer_id))
    one = one.where(*(reach(entity_for("customer"), uow.actor, verb) for verb in (Verb.MERGE, Verb.UPDATE)))
    mine = select(func.count()).where(col(side.request_id) == col(MergeRequest.id), one.correlate(side).exists())
    return mine.correlate(MergeRequest).scalar_subquery() == col(MergeRequest.records)


def _members(uow: UnitOfWork, request_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {one: [] for one in request_ids}
    query = select(MergeRequestSide).where(col(MergeRequestSide.request_id).in_(request_ids))
    for side in uow.session.exec(query.order_by(col(MergeRequestSide.position))):
        found[side.request_id].append(side.customer_id)
    return found


def told(uow: UnitOfWork, row: MergeRequest) -> tuple[list[UUID], Choices]:
    """Return the participants of a merge in their order, and what was chosen."""
    kept = row.choices
    chosen = Choices(UUID(kept["survivor"]), kept["fields"], kept["collections"], frozenset(kept["confirmed"]))
    return _members(uow, [row.id])[row.id], chosen


def _to_json(choices: Choices) -> dict[str, Any]:
    return {
        "survivor": str(choices.survivor_id), "fields": dict(choices.fields), "collections": dict(choices.collections),
        "confirmed": sorted(choices.confirmed),
    }  # fmt: skip


def _asker(uow: UnitOfWork, row: MergeRequest) -> Actor:
    asker = actor_for(uow.session, row.requested_by_id)
    if asker is None:
        raise Conflict("merge.request.nobody")
    return asker


def _decide(uow: UnitOfWork, row: MergeRequest, state: str, answer: str = "", set_id: UUID | None = None) -> None:
    """Note what became of a request and tell who made it."""
    _set(uow, row, state, answer=answer, set_id=set_id)
    about = {"who": uow.actor.name, "reason": answer, "records": [str(one) for one in _members(uow, [row.id])[row.id]]}
    tell: Any = partial(
        perform, SYSTEM, notifications.tell, row.requested_by_id, f"merge.request.{state}", href=PLACE, **about
    )
    uow.after_commit(tell)


def _set(uow: UnitOfWork, row: MergeRequest, state: str, **more: Any) -> None:
    values = {"state": state, "decided_at": utc_now(), "decided_by_id": uow.actor.user_id, **more}
    uow.session.execute(update(MergeRequest).where(col(MergeRequest.id) == row.id).values(**values))
