"""One page of the timeline: the newest entries of every source after the place each of them has reached."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select

from c360.core.errors import Invalid
from c360.core.i18n import text
from c360.models.activity import ActivityCustomer
from c360.models.contact_person import ContactPerson
from c360.models.customer import Customer
from c360.services import activity_lines, references
from c360.services.activity_lines import ActivityLine
from c360.services.relationships import structure
from c360.services.timeline.registry import SOURCES
from c360.services.timeline.source import Entry, Head, Sought
from c360.services.uow import UnitOfWork

PAGE = 30
MOST = 100
"""Contacts of an account, and accounts of its group, whose entries are added to its own."""
UPCOMING = 20
LONG, LINES = 200, 3
"""Letters and lines of a text that are shown before it is opened."""


@dataclass(slots=True)
class Stream:
    """Entries, the newest first, and where the next ones begin (empty at the end)."""

    entries: list[Entry] = field(default_factory=list)
    after: str = ""


def fetch(
    uow: UnitOfWork,
    record_id: UUID,
    sought: Sought | None = None,
    *,
    wide: bool = False,
    grouped: bool = False,
    after: str = "",
    limit: int = PAGE,
) -> Stream:
    """Return what happened to a customer, the newest first.

    ``wide`` adds what happened to the contacts of an account, ``grouped`` what happened to every account of its group,
    each labelled.
    """
    sought = sought or Sought()
    uow.must_see("customer", record_id, archived=True)
    uow.saw("timeline", "customer", record_id)
    customers = circle(uow, record_id, wide=wide, grouped=grouped)
    places = _places(after)
    found: list[tuple[Head, str]] = []
    for source in SOURCES:
        if sought.among(*source.types) and (not sought.way or source.key == "activity"):
            heads = source.heads(uow, customers, sought, places.get(source.key, ""), limit + 1)
            found += [(head, source.key) for head in heads]
            found.sort(key=lambda pair: pair[0].at, reverse=True)
            sought = replace(sought, enough=found[limit][0].at) if len(found) > limit else sought
    page = found[:limit]
    for head, key in page:
        places[key] = head.after
    return Stream(_told(uow, record_id, page), json.dumps(places) if len(found) > limit else "")


def types(uow: UnitOfWork) -> list[tuple[str, str]]:
    """Return every type of entry there is, as key and name."""
    keys = dict.fromkeys(one for source in SOURCES for one in source.types)
    return [(key, text(uow.actor.language, f"timeline.type.{key}")) for key in keys]


def upcoming(uow: UnitOfWork, record_id: UUID, *, wide: bool = False, grouped: bool = False) -> list[ActivityLine]:
    """Return what is planned with a customer, what is overdue first."""
    uow.must_see("customer", record_id, archived=True)
    customers = circle(uow, record_id, wide=wide, grouped=grouped)
    ids: dict[UUID, None] = {}
    for one in customers:
        planned = (
            select(ActivityCustomer.at, ActivityCustomer.activity_id)
            .where(ActivityCustomer.customer_id == one, ActivityCustomer.phase == "planned")
            .order_by(col(ActivityCustomer.at), col(ActivityCustomer.id))
            .limit(UPCOMING)
        )
        ids |= dict.fromkeys(activity_id for _, activity_id in uow.session.exec(planned))
    lines = activity_lines.told(uow, list(ids))
    return sorted(lines, key=lambda line: line.at)[:UPCOMING]


def circle(uow: UnitOfWork, record_id: UUID, *, wide: bool = False, grouped: bool = False) -> list[UUID]:
    """Return a customer and, when asked, the contacts and the group of an account, as far as they are in reach."""
    found = {record_id: None}
    if wide:
        # Who may not read names may not learn their order either.
        order = col(Customer.sort_name if "name" in uow.fields("contact") else Customer.id)
        found |= dict.fromkeys(uow.session.scalars(people(uow, record_id).order_by(order).limit(MOST)))
    if grouped:
        found |= dict.fromkeys(structure.members(uow, record_id, MOST))
    return list(found)


def people(uow: UnitOfWork, record_id: UUID) -> Any:
    """Select the ids of the contacts in reach that work at an account or stand for it."""
    persons = uow.select("contact_person").where(ContactPerson.account_id == record_id)
    stands = persons.with_only_columns(col(ContactPerson.contact_id))
    near = uow.select("contact").where(or_(Customer.employer_id == record_id, col(Customer.id).in_(stands)))
    return near.where(Customer.id != record_id).with_only_columns(col(Customer.id))


def _told(uow: UnitOfWork, record_id: UUID, page: Sequence[tuple[Head, str]]) -> list[Entry]:
    others = {head.customer_id for head, _ in page} - {record_id}
    names = select(Customer.id, Customer.kind, Customer.name).where(col(Customer.id).in_(others))
    known = {row[0]: row for row in uow.session.exec(names)} if others else {}
    told = {
        source.key: source.tell(uow, mine)
        for source in SOURCES
        if (mine := [head for head, key in page if key == source.key])
    }
    entries: dict[tuple[str, UUID], Entry] = {}
    for head, key in page:
        shared = told[key].get(head.id)
        if shared is None:
            continue
        text_is_long = shared.type != "post" and (len(shared.text) > LONG or shared.text.count("\n") > LINES - 1)
        entry = replace(shared, key=f"{key}-{head.id}", long=text_is_long)
        if head.customer_id in known:
            _, kind, name = known[head.customer_id]
            entry.of = references.customer_name(uow, kind, name)
            entry.of_href = f"/{kind}/{head.customer_id}/timeline"
        if head.customer_id == record_id or (key, head.id) not in entries:
            entries[key, head.id] = entry
    return list(entries.values())


def _places(after: str) -> dict[str, str]:
    try:
        places = json.loads(after) if after else {}
    except ValueError as error:
        raise Invalid.field("after", "error.invalid") from error
    if not isinstance(places, dict) or not all(isinstance(one, str) for one in places.values()):
        raise Invalid.field("after", "error.invalid")
    return places
