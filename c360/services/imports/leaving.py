"""Imports that end something: a row names a record by its key, and the record is made inactive or asked to be erased.

Only the key is read; what else a row says is nobody's business here. An anonymisation is asked for as any other
request is: a second person carries it out, because nothing brings the data back.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from c360.core.actor import Verb
from c360.core.clock import today, utc_now
from c360.core.errors import Invalid
from c360.models.request import SubjectRequest
from c360.services import rights
from c360.services.imports.plan import LEAVING, Plan
from c360.services.imports.words import Words, plain
from c360.services.privacy import requests
from c360.services.uow import UnitOfWork

NAMES = ("full_name", "given_name", "middle_name", "family_name", "name")
Diff = list[dict[str, Any]]


def check(uow: UnitOfWork, plan: Plan) -> None:
    """Refuse a plan that does not say by which key or why, or asks for more than the actor may."""
    if plan.on_match not in LEAVING:
        return
    if not plan.match:
        raise Invalid.field("match", "import.leave.keyless")
    if plan.on_match == "anonymise":
        uow.require(Verb.CREATE, "subject_request")
    elif reason(Words(uow, plan.entity), plan) is None:
        raise Invalid.field("reason", "profile.inactive.reasonless")


def narrowed(plan: Plan) -> Plan:
    """Return a plan that reads nothing but the key."""
    if plan.on_match not in LEAVING:
        return plan
    name, _, also = plan.match.partition("+")
    wanted = {name, also, f"address.main.{also}", *(NAMES if name == "name" else ())}
    columns = tuple(column for column in plan.columns if column.target in wanted)
    return replace(plan, columns=columns, defaults={}, on_new="skip", erase=False)


def reason(words: Words, plan: Plan) -> UUID | None:
    """Return the reason a plan names, by its name or id."""
    return words.choices["inactive_reason"].get(plain(plan.reason)) or words.choices["inactive_reason"].get(plan.reason)


def leave(uow: UnitOfWork, plan: Plan, words: Words, record: Any) -> Diff:
    """Make a record inactive, or ask for it to be anonymised; nothing when it is so already."""
    if plan.on_match == "anonymise":
        return _ask(uow, plan, record)
    rights.check(uow.actor, record, Verb.UPDATE)
    if record.inactive_at is not None:
        return []
    record.inactive_at, record.inactive_note = utc_now(), plan.source or None
    record.inactive_reason_id = reason(words, plan)
    return [{"field": "inactive_at", "before": None, "after": today().isoformat()}]


def _ask(uow: UnitOfWork, plan: Plan, record: Any) -> Diff:
    waiting = uow.select("subject_request").where(
        SubjectRequest.customer_id == record.id, SubjectRequest.kind == "anonymisation", SubjectRequest.state == "open"
    )
    if record.erased_at is not None or uow.session.exec(waiting.limit(1)).first() is not None:
        return []
    requests.open_(uow, record.id, "anonymisation", today(), plan.source or "import")
    return [{"field": "anonymisation", "before": None, "after": today().isoformat()}]
