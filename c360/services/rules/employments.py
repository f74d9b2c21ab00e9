"""Rules of employment: the current main job and the contact's own employer, title and department are one fact."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect
from sqlmodel import col, select

from c360.core.clock import utc_now
from c360.core.errors import Invalid
from c360.models.customer import Customer
from c360.models.employment import Employment
from c360.services.rules.siblings import customer_of, others

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork

SHARED = {"employer_id": "account_id", "job_title": "job_title", "department": "department"}
"""The contact's column and the job's column that say the same."""


def keep(uow: "UnitOfWork", record: Employment, changed: Collection[str]) -> None:
    """Keep dates and marks of a job sensible and carry the current main job to the contact."""
    if not (record.account_id or record.organisation or record.job_title):
        raise Invalid.field("account_id", "employment.empty")
    if record.from_on and record.to_on and record.to_on < record.from_on:
        raise Invalid.field("to_on", "employment.backwards")
    if record.to_on and record.to_on < utc_now().date() and record.is_current:
        record.is_current = False
    contact = customer_of(uow, record.contact_id, Customer)
    neighbours = others(uow, record, "contact_id")
    was_main = record.is_main or (True in (inspect(record).attrs["is_main"].history.deleted or ()))
    if record.archived_at is not None or not record.is_current:
        record.is_main = False
    current = [job for job in neighbours if job.is_current]
    if record.is_main:
        for other in neighbours:
            if other.is_main:
                other.is_main = False
        _carry(contact, record)
    elif not any(job.is_main for job in neighbours):
        heir = record if record.is_current and record.archived_at is None else (current[-1] if current else None)
        if heir is not None:
            heir.is_main = True
            _carry(contact, heir)
        elif was_main:
            _carry(contact, None)


def follow(uow: "UnitOfWork", contact: Customer, changed: Collection[str]) -> None:
    """Write a change of employer, title or department into the employment history."""
    if not any(name in changed for name in SHARED):
        return
    former = {name: inspect(contact).attrs[name].history.deleted or () for name in SHARED}
    moved = "employer_id" in changed and (bool(former["employer_id"]) or bool(inspect(contact).pending))
    jobs = [] if inspect(contact).pending else _jobs(uow, contact)
    main = next((job for job in jobs if job.is_main and job.is_current), None)
    today = utc_now().date()
    if not moved:
        if main is not None:
            for name, column in SHARED.items():
                if name in changed and getattr(main, column) != getattr(contact, name):
                    setattr(main, column, getattr(contact, name))
        return
    left = next((value for value in former["employer_id"] if value), None)
    if main is None and left is not None:
        title, department = (_before(contact, former, name) for name in ("job_title", "department"))
        uow.add(
            Employment(
                contact_id=contact.id, account_id=left, job_title=title, department=department, to_on=today,
                is_current=False,
            )
        )  # fmt: skip
    if main is not None:
        main.is_current, main.is_main, main.to_on = False, False, today
    heir = next((job for job in reversed(jobs) if job.is_current and not job.is_main), None)
    if contact.employer_id is None and heir is not None:
        heir.is_main = True
        _carry(contact, heir)
    elif contact.employer_id is not None:
        again = Employment(
            contact_id=contact.id, account_id=contact.employer_id, job_title=contact.job_title,
            department=contact.department, from_on=today if left or main else None, is_main=True,
        )  # fmt: skip
        uow.add(again)


def _before(contact: Customer, former: dict[str, Any], name: str) -> Any:
    return former[name][0] if former[name] else getattr(contact, name)


def _jobs(uow: "UnitOfWork", contact: Customer) -> list[Employment]:
    found = select(Employment).where(Employment.contact_id == contact.id, col(Employment.archived_at).is_(None))
    with uow.session.no_autoflush:
        rows = list(uow.session.exec(found.order_by(col(Employment.created_at))))
    return [row for row in rows if row.archived_at is None]


def _carry(contact: Customer, job: Employment | None) -> None:
    for name, column in SHARED.items():
        value = getattr(job, column) if job is not None else None
        if getattr(contact, name) != value:
            setattr(contact, name, value)
