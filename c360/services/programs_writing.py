"""What programs write of customers: checked, versioned, done once a key, and past the door for duplicates."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from c360.core.actor import Actor, Verb
from c360.core.errors import Conflict, Invalid, Message
from c360.registry.entity import entity_for
from c360.services import forms, records
from c360.services.duplicates import check, doors, sources
from c360.services.duplicates.check import Found
from c360.services.duplicates.doors import CREATE, LINK, QUEUE, REFUSE
from c360.services.merging import aliases
from c360.services.uow import UnitOfWork, kept_of, perform, perform_once

P = ParamSpec("P")
CLOSED = frozenset({"owner_id"})
"""What a person may give away in the app and no program does."""


@dataclass(frozen=True, slots=True)
class Door:
    """What a program wants done when its record looks like another, and why it is another one all the same."""

    wanted: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """A customer that was written, or ``linked``: the one who was there already, and who is like him.

    ``repeated`` says that it was written before, by the same token.
    """

    id: UUID
    found: Found = field(default_factory=Found)
    linked: bool = False
    repeated: bool = False


class Refused(Conflict):
    """The record looks like others: those the program may see are named, the others counted."""

    def __init__(self, found: Found) -> None:
        super().__init__("api.duplicate")
        self.found = found


class Folded(Conflict):
    """The record was merged into another."""

    def __init__(self, survivor_id: UUID) -> None:
        super().__init__("api.folded")
        self.survivor_id = survivor_id


def create(uow: UnitOfWork, kind: str, values: Mapping[str, str], door: Door) -> Saved:
    """Create a customer; what a form starts with he starts with, too."""
    uow.require(Verb.CREATE, kind)  # Before the door: who may not write learns nothing of who is there.
    asked = (f for section in forms.describe(uow, kind).sections for f in section.fields if f.required and f.value)
    filled = {**{one.name: one.value for one in asked}, **_open(values)}
    records.parse(uow, entity_for(kind), filled)
    return _save(uow, kind, None, filled, None, door)


def change(uow: UnitOfWork, customer_id: UUID, version: int, values: Mapping[str, str], door: Door) -> Saved:
    """Set the given fields of a customer, as he was at a version."""
    kind = _kind(uow, customer_id, Verb.UPDATE)
    records.parse(uow, entity_for(kind), _open(values), partial=True)
    return _save(uow, kind, customer_id, values, version, door)


def archive(uow: UnitOfWork, customer_id: UUID, version: int) -> Saved:
    """Take a customer, as he was at a version, out of every list."""
    records.archive(uow, _kind(uow, customer_id, Verb.ARCHIVE), customer_id, version)
    uow.draft.result = customer_id
    return Saved(customer_id)


def _kind(uow: UnitOfWork, customer_id: UUID, verb: Verb) -> str:
    alias = aliases.resolve(uow, customer_id)
    if alias is not None:
        raise Folded(alias.survivor_id)
    kind: str = uow.get("customer", customer_id).kind
    uow.get(kind, customer_id, verb)
    return kind


def _open(values: Mapping[str, str]) -> Mapping[str, str]:
    if shut := CLOSED & values.keys():
        raise Invalid({name: Message("error.unknown_field", {"field": name}) for name in sorted(shut)})
    return values


def _save(
    uow: UnitOfWork, kind: str, customer_id: UUID | None, values: Mapping[str, str], version: int | None, door: Door
) -> Saved:
    found = Found()
    if any(name in sources.VALUES[kind] for name in values):
        found = check.check(uow, kind, values, customer_id, door="api")
    known = _linkable(uow, kind, found) if customer_id is None else None
    act = decide(found, door, known is not None)
    if act == LINK and known is not None:
        return _link(uow, kind, known, values, found)
    if act == QUEUE or found.quiet:
        made = check.save_and_search(uow, kind, customer_id, values, version)
    elif door.reason.strip() and found.likely:
        apart = [one.customer_id for one in found.likely]
        made = check.save_anyway(uow, kind, customer_id, values, version, apart=apart, reason=door.reason)
    else:
        made = forms.save(uow, kind, customer_id, values, version)
    uow.draft.result = made
    return Saved(made, found)


def _linkable(uow: UnitOfWork, kind: str, found: Found) -> UUID | None:
    """Return the likeliest of those who surely are the same and whom the program may change."""
    sure = [one.customer_id for one in found.likely if one.sure]
    mine = doors.changeable(uow, kind, sure)
    return next((one for one in sure if one in mine), None)


def _link(uow: UnitOfWork, kind: str, known: UUID, values: Mapping[str, str], found: Found) -> Saved:
    """Make no second customer: the one who is there takes what he lacks."""
    record = uow.get(kind, known, Verb.UPDATE)
    lacking = {
        name: value for name, value in values.items()
        if value and (getattr(record, name, None) or (record.custom or {}).get(name)) in (None, "", [])
    }  # fmt: skip
    if lacking:
        forms.save(uow, kind, known, lacking, record.version)
    uow.draft.result = known
    uow.draft.details["linked"] = True
    return Saved(known, found, linked=True)


def decide(found: Found, door: Door, linkable: bool) -> str:
    """Return what is done with a record: what the program wants, or what the door does where that is stricter.

    What the door does not let in, a program saves all the same by saying so and why. ``Refused`` when it is not saved.
    """
    if not found.likely and not found.hidden:
        return CREATE
    act = doors.decide(found.reaction, door.wanted, linkable)
    if act in (LINK, REFUSE) and door.wanted == CREATE and door.reason.strip():
        return CREATE
    if act == REFUSE:
        raise Refused(found)
    return act


def once(
    actor: Actor, token: str, sent: str, service: Callable[Concatenate[UnitOfWork, P], Saved],
    /, *args: P.args, **kwargs: P.kwargs,
) -> Saved:  # fmt: skip
    """Run a service, by the same token once only; ``Invalid`` when the token came before with something else.

    Of what was sent only a digest is kept, made with the token, which nobody keeps.
    """
    if not token:
        return perform(actor, service, *args, **kwargs)
    key = hashlib.sha256(f"{actor.key_id}:{token}".encode("utf-8", "replace")).hexdigest()[:40]
    request = hmac.new(token.encode("utf-8", "replace"), sent.encode("utf-8", "replace"), "sha256").hexdigest()[:32]

    def noted(uow: UnitOfWork) -> Saved:
        uow.draft.details["request"] = request
        return service(uow, *args, **kwargs)

    done: Any = perform_once(actor, key, noted)
    kept = kept_of(actor, key)
    if kept.get("request") != request:
        raise Invalid.field("Idempotency-Key", "api.reused")
    return done if isinstance(done, Saved) else Saved(done, linked=bool(kept.get("linked")), repeated=True)
