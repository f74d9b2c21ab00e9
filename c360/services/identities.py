"""Customer identities: who a customer is in another system, and all those an account gathers."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import case, col, or_

from c360.core.actor import Verb
from c360.core.errors import Conflict
from c360.core.i18n import text
from c360.models.contact_person import ContactPerson
from c360.models.customer import Customer
from c360.models.external_reference import ExternalReference
from c360.services import closed, facts, paging, records, references
from c360.services.facts import Card, Chip, Line
from c360.services.paging import Page
from c360.services.uow import UnitOfWork

KEY = "external_reference"
TOLD = ("email", "phone", "website", "refreshed_at")


def own(uow: UnitOfWork, record: Any, start: int = 0) -> Card:
    """Return what other systems call this customer, what they know of him and when they were last asked."""
    shown = _page(uow, col(ExternalReference.customer_id) == record.id, record, start)
    lines = _lines(uow, shown.rows, {record.id: record}, record)
    return paging.paged(_card(uow, "references", lines), shown, start)


def gathered(uow: UnitOfWork, record: Any, start: int = 0) -> Card:
    """Return the identities of an account: its own and those of the people it gathers."""
    people = uow.select("contact").where(_is_of(uow, record))
    mine = col(ExternalReference.customer_id) == record.id
    theirs = col(ExternalReference.customer_id).in_(people.with_only_columns(col(Customer.id)))
    shown = _page(uow, or_(mine, theirs), record, start)
    named = {row.customer_id for row in shown.rows} - {record.id}
    known = uow.session.exec(people.where(col(Customer.id).in_(named))).all() if named else ()
    whose = {person.id: person for person in known} | {record.id: record}
    return paging.paged(_card(uow, "identities", _lines(uow, shown.rows, whose, record)), shown, start)


def holder(uow: UnitOfWork, source: str, external_id: str, customer_id: UUID) -> ExternalReference | None:
    """Return the live identity of this name when the actor sees it with another customer."""
    same = uow.select(KEY).where(
        ExternalReference.source == source.strip(), ExternalReference.external_id == external_id.strip(),
        ExternalReference.customer_id != customer_id,
    )  # fmt: skip
    return uow.session.exec(same).first()


def attach(uow: UnitOfWork, values: Mapping[str, str], customer_id: UUID, *, confirmed: bool) -> UUID | None:
    """Take over the identity another customer has, once that is ``confirmed``; None when nobody has it.

    What the form leaves empty stays as the other had it.
    """
    found = holder(uow, values.get("source", ""), values.get("external_id", ""), customer_id)
    if found is None:
        return None
    if not confirmed:
        who = references.titles(uow, "customer", [found.customer_id])
        raise Conflict("identity.held", who=next(iter(who.values()), text(uow.actor.language, "form.unseen")))
    for one in (customer_id, found.customer_id):
        uow.get("customer", one, Verb.UPDATE)
    found.customer_id = customer_id
    records.update(uow, KEY, found.id, {name: value for name, value in values.items() if value.strip()})
    uow.log("external_reference.moved")
    return found.id


def _is_of(uow: UnitOfWork, record: Any) -> Any:
    """Return the test that a contact stands for an account or is employed there."""
    stand = uow.select("contact_person").with_only_columns(col(ContactPerson.contact_id))
    mine = [col(Customer.id).in_(stand.where(ContactPerson.account_id == record.id))]
    if "employer_id" in uow.fields("contact"):
        mine.append(col(Customer.employer_id) == record.id)
    return or_(*mine)


def _page(uow: UnitOfWork, test: Any, record: Any, start: int) -> Page:
    """Return identities, the customer's own before those of others."""
    theirs = case((col(ExternalReference.customer_id) == record.id, 0), else_=1)
    found = uow.select(KEY).where(test).order_by(theirs, col(ExternalReference.source), col(ExternalReference.id))
    return paging.page(uow, found, start)


def _lines(uow: UnitOfWork, rows: list[Any], whose: Mapping[UUID, Any], record: Any) -> list[Line]:
    known, made = uow.fields(KEY), []
    read = facts.table(uow, KEY, rows, TOLD)
    shut = {customer.id: closed.media(uow, customer) for customer in whose.values()}
    for row, told in zip(rows, read, strict=True):
        holder = whose[row.customer_id]
        for fact in told.values():
            closed.close(fact, shut[holder.id].get(closed.FAMILIES.get(fact.kind, "")))
        shown = {name: getattr(row, name) or "" for name in ("name", "external_id", "source") if name in known}
        title = shown.get("name") or shown.get("external_id") or shown.get("source", "")
        parts = (shown.get("source"), shown.get("external_id") if shown.get("name") else "")
        line = Line(str(row.id), KEY, title, " · ".join(filter(None, parts)), "link", facts=list(told.values()))
        if holder.id != record.id:
            line.chips = [Chip(references.called(uow, holder.kind, holder))]
            line.href, line.id = f"/{holder.kind}/{holder.id}/additional?open={row.id}", ""
        made.append(line)
    return made


def _card(uow: UnitOfWork, key: str, lines: list[Line]) -> Card:
    told = {name: text(uow.actor.language, f"profile.{key}{name}") for name in ("", ".add", ".empty")}
    return Card(key, told[""], lines=lines, adds=KEY, add_label=told[".add"], empty=told[".empty"])
