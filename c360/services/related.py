"""Cards of what belongs to a customer: communication, people, jobs and bank accounts."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import case, col, func

from c360.core.i18n import text
from c360.models.bank_account import BankAccount
from c360.models.communication import Communication
from c360.models.contact_person import ContactPerson
from c360.models.customer import Customer
from c360.models.employment import Employment
from c360.services import closed, facts, names, paging, profiles, references
from c360.services.facts import Card, Chip, Fact, Line
from c360.services.paging import Page
from c360.services.uow import UnitOfWork

FAMILY_ICONS = {"email": "mail", "phone": "phone", "fax": "printer", "web": "globe", "social": "share",
                "messenger": "message"}  # fmt: skip
FAMILIES = list(FAMILY_ICONS)


def communications(uow: UnitOfWork, record: Any, start: int = 0) -> Card:
    """Return every way to reach the customer; his own e-mail, phone and website too when nothing else names them."""
    language, mine = uow.actor.language, Communication.customer_id == record.id
    ranked = case({one: n for n, one in enumerate(FAMILIES)}, value=col(Communication.family), else_=len(FAMILIES))
    order = ranked, col(Communication.is_primary).desc(), col(Communication.created_at), col(Communication.id)
    found = _page(uow, "communication", mine, order, start)
    rows, shown, forbidden = list(found.rows), uow.fields(record.kind), closed.media(uow, record)
    family = col(Communication.family)
    counted = uow.select("communication").with_only_columns(family, func.count()).where(mine).group_by(family)
    there = {one: n for one, n in uow.session.execute(counted)}
    for family, name in (("email", "email"), ("phone", "phone"), ("web", "website")):
        value = getattr(record, name) if name in shown and not start else None
        if value and family not in there:
            rows.append(Communication(customer_id=record.id, family=family, value=value, is_primary=True))
    read = facts.table(uow, "communication", rows, ("type_id", "comment"))
    lines = []
    for index, (row, told) in enumerate(zip(rows, read, strict=True)):
        family = names.option("family", row.family, language)
        kind = told["type_id"].chips[0].text if "type_id" in told else family
        line = Line(str(row.id), "communication", row.value, kind, FAMILY_ICONS.get(row.family, "at-sign"))
        if index >= len(found.rows):
            line.entity, line.id = "", ""
        line.href = _link(row)
        line.primary = text(language, "profile.primary") if row.is_primary else ""
        if not row.is_primary and there.get(row.family, 0) > 1:
            line.offer = text(language, "profile.primary.make")
        line.facts = [told["comment"]] if "comment" in told else []
        if row.do_not_use or row.family in forbidden:
            line.chips.append(Chip(text(language, "profile.do_not_use"), "red"))
            line.href = ""
        if row.family in forbidden:
            line.facts.append(Fact("why", text(language, "profile.why"), "text", forbidden[row.family]))
        lines.append(line)
    both = sorted(zip(rows, lines, strict=True), key=lambda p: (FAMILIES.index(p[0].family), not p[0].is_primary))
    return paging.paged(_card(uow, "communications", "communication", [line for _, line in both]), found, start)


def people(uow: UnitOfWork, record: Any, start: int = 0) -> Card:
    """Return the contact persons of an account, the primary one first."""
    order = col(ContactPerson.is_primary).desc(), col(ContactPerson.created_at), col(ContactPerson.id)
    shown = _page(uow, "contact_person", ContactPerson.account_id == record.id, order, start)
    rows = shown.rows
    found = _customers(uow, "contact", col(Customer.id).in_([row.contact_id for row in rows]))
    read = facts.table(uow, "contact_person", rows, ("role_id", "comment"))
    language = uow.actor.language
    lines = []
    for row, told in zip(rows, read, strict=True):
        person = found.get(row.contact_id)
        line = face(uow, person) if person else Line("", "contact", text(language, "form.unseen"), icon="lock")
        line.id, line.entity = str(row.id), "contact_person"
        line.chips = told["role_id"].chips if "role_id" in told else []
        line.primary = text(language, "profile.primary") if row.is_primary else ""
        line.offer = "" if row.is_primary else text(language, "profile.primary.make")
        line.facts = [*_reach(uow, "contact", person), *([told["comment"]] if "comment" in told else [])]
        lines.append(line)
    return paging.paged(_card(uow, "people", "contact_person", lines), shown, start)


def staff(uow: UnitOfWork, record: Any, start: int = 0) -> Card:
    """Return the contacts whose employer this is."""
    found = _named(uow, "contact", "employer_id", record, start)
    lines = [face(uow, person) for person in found.rows]
    for line, person in zip(lines, found.rows, strict=True):
        line.facts = _reach(uow, "contact", person)
    return paging.paged(Card("staff", text(uow.actor.language, "profile.staff"), lines=lines), found, start)


def subsidiaries(uow: UnitOfWork, record: Any, start: int = 0) -> Card:
    """Return the accounts directly below this one."""
    language, found = uow.actor.language, _named(uow, "account", "parent_id", record, start)
    lines = [face(uow, account) for account in found.rows]
    title, empty = text(language, "profile.subsidiaries"), text(language, "profile.subsidiaries.empty")
    return paging.paged(Card("subsidiaries", title, lines=lines, empty=empty), found, start)


def primary_person(uow: UnitOfWork, record: Any) -> list[Card]:
    """Return a card of the account's primary contact person."""
    found = uow.select("contact_person").where(
        ContactPerson.account_id == record.id, col(ContactPerson.is_primary).is_(True)
    )
    row = uow.session.exec(found).first()
    return _who(uow, "primary_person", "contact", row.contact_id if row else None)


def employer(uow: UnitOfWork, record: Any) -> list[Card]:
    """Return a card of the contact's employer."""
    return _who(uow, "employer", "account", record.employer_id if "employer_id" in uow.fields("contact") else None)


def stands_for(uow: UnitOfWork, record: Any, start: int = 0) -> Card:
    """Return the accounts a person stands for."""
    order = col(ContactPerson.created_at), col(ContactPerson.id)
    shown = _page(uow, "contact_person", ContactPerson.contact_id == record.id, order, start)
    found = _customers(uow, "account", col(Customer.id).in_([row.account_id for row in shown.rows]))
    lines = [face(uow, account) for account in found.values()]
    return paging.paged(Card("stands_for", text(uow.actor.language, "profile.stands_for"), lines=lines), shown, start)


def jobs(uow: UnitOfWork, record: Any, start: int = 0) -> Card:
    """Return the employment history of a person, the current job first."""
    language, job = uow.actor.language, Employment
    order = col(job.is_main).desc(), col(job.is_current).desc(), col(job.created_at).desc(), col(job.id)
    found = _page(uow, "employment", job.contact_id == record.id, order, start)
    rows = found.rows
    wanted = ("account_id", "organisation", "department", "from_on", "to_on")
    lines = []
    for row, told in zip(rows, facts.table(uow, "employment", rows, wanted), strict=True):
        place = told.get("account_id") or told.get("organisation")
        line = Line(str(row.id), "employment", row.job_title or (place.text if place else ""), icon="briefcase")
        line.sub = ", ".join(filter(None, (place.text if place and row.job_title else "", row.department)))
        line.href = place.href if place else ""
        line.primary = text(language, "profile.job.main") if row.is_main else ""
        line.chips = [Chip(text(language, "profile.job.current"), "green")] if row.is_current else []
        line.facts = [told[name] for name in ("from_on", "to_on") if name in told]
        lines.append(line)
    return paging.paged(_card(uow, "jobs", "employment", lines), found, start)


def bank_accounts(uow: UnitOfWork, record: Any, start: int = 0) -> Card:
    """Return the bank accounts, the main one first."""
    language = uow.actor.language
    known = uow.fields("bank_account")
    order = col(BankAccount.is_main).desc(), col(BankAccount.created_at), col(BankAccount.id)
    found = _page(uow, "bank_account", BankAccount.customer_id == record.id, order, start)
    rows = found.rows
    lines = []
    for row, told in zip(rows, facts.table(uow, "bank_account", rows, ("bic", "currency", "holder")), strict=True):
        number = (row.iban if "iban" in known else "") or (row.number if "number" in known else "") or ""
        spaced = " ".join(number[i : i + 4] for i in range(0, len(number), 4)) if row.iban else number
        line = Line(str(row.id), "bank_account", spaced or row.bank or "", row.bank or "", "landmark")
        line.primary = text(language, "profile.account.main") if row.is_main else ""
        line.offer = "" if row.is_main else text(language, "profile.account.make")
        line.facts = list(told.values())
        lines.append(line)
    return paging.paged(_card(uow, "bank_accounts", "bank_account", lines), found, start)


def face(uow: UnitOfWork, customer: Any) -> Line:
    """Return a customer as a line with his face and a link to his profile, as far as the actor may read him."""
    key, name = customer.kind, references.called(uow, customer.kind, customer)
    line = Line(str(customer.id), key, name, href=f"/{key}/{customer.id}")
    told = "job_title" if key == "contact" else "city"
    line.sub = getattr(customer, told) or "" if told in uow.fields(key) else ""
    line.initials, line.hue = profiles.initials(name), profiles.hue(name)
    line.square = profiles.is_square(customer)
    return line


def _page(uow: UnitOfWork, key: str, test: Any, order: Sequence[Any], start: int) -> Page:
    return paging.page(uow, uow.select(key).where(test).order_by(*order), start)


def _named(uow: UnitOfWork, key: str, link: str, record: Any, start: int) -> Page:
    """Return customers who name this one in a field, if the actor may read it."""
    if link not in uow.fields(key):
        return Page([], 0)
    return _page(uow, key, getattr(Customer, link) == record.id, _order(uow, key), start)


def _order(uow: UnitOfWork, key: str) -> list[Any]:
    return [*([col(Customer.sort_name)] if "name" in uow.fields(key) else []), col(Customer.id)]


def _customers(uow: UnitOfWork, key: str, test: Any) -> dict[Any, Any]:
    found = uow.select(key).where(test).order_by(*_order(uow, key))
    return {row.id: row for row in uow.session.exec(found)}


def _reach(uow: UnitOfWork, key: str, customer: Any) -> list[Fact]:
    if customer is None:
        return []
    return list(facts.read(uow, key, customer, ("email", "phone"), blank=False).values())


def _who(uow: UnitOfWork, card: str, key: str, record_id: Any) -> list[Card]:
    found = _customers(uow, key, Customer.id == record_id) if record_id else {}
    language = uow.actor.language
    made = []
    for customer in found.values():
        line = face(uow, customer)
        wanted = profiles.COMPACT[key][:6]
        line.facts = list(facts.read(uow, key, customer, wanted, blank=False).values())
        made.append(Card(card, text(language, f"profile.{card}"), lines=[line]))
    return made


def _link(option: Any) -> str:
    links = {"email": f"mailto:{option.value}", "phone": f"tel:{option.value.replace(' ', '')}", "web": option.value}
    return links.get(option.family, "")


def _card(uow: UnitOfWork, key: str, entity: str, lines: list[Line]) -> Card:
    """Return a card of records that can be added to."""
    told = {name: text(uow.actor.language, f"profile.{key}{name}") for name in ("", ".add", ".empty")}
    return Card(key, told[""], lines=lines, adds=entity, add_label=told[".add"], empty=told[".empty"])
