"""Rules of a customer: no birth in the future, no organisation above itself."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import inspect
from sqlmodel import select

from c360.core.clock import utc_now
from c360.core.errors import Invalid
from c360.models.customer import Customer
from c360.services import codes
from c360.services.rules import communications, employments

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork

DEEPEST = 50
COUNTS = ("household_size", "children", "employees")


def keep_contact(uow: "UnitOfWork", record: Customer, changed: Collection[str]) -> None:
    """Keep a person's facts possible and his options and jobs in step."""
    check_facts(record, changed)
    communications.keep_media(record, changed)
    communications.follow(uow, record, changed)
    employments.follow(uow, record, changed)


def keep_account(uow: "UnitOfWork", record: Customer, changed: Collection[str]) -> None:
    """Keep an organisation's facts possible, its options in step, its tree free of circles, its code given."""
    check_facts(record, changed)
    _code(uow, record)
    if "parent_id" in changed and record.parent_id:
        _no_circle(uow, record)
    communications.keep_media(record, changed)
    communications.follow(uow, record, changed)


def check_facts(record: Any, changed: Collection[str]) -> None:
    """Refuse what no customer can be: born tomorrow, or with fewer than no children."""
    if "birth_date" in changed and record.birth_date and record.birth_date > utc_now().date():
        raise Invalid.field("birth_date", "contact.unborn")
    for name in COUNTS:
        if name in changed and (getattr(record, name) or 0) < 0:
            raise Invalid.field(name, "customer.negative")


def _code(uow: "UnitOfWork", record: Customer) -> None:
    """Give a new account its code; nobody types one."""
    if record.code is None and inspect(record).pending:
        record.code = next(iter(codes.take(uow.session, 1)), None)


def _no_circle(uow: "UnitOfWork", record: Customer) -> None:
    touched = [*uow.session.new, *uow.session.dirty]
    moved = {row.id: row.parent_id for row in touched if isinstance(row, Customer)}
    above = record.parent_id
    for _ in range(DEEPEST):
        if above is None:
            return
        if above == record.id:
            break
        above = moved[above] if above in moved else _parent(uow, above)
    raise Invalid.field("parent_id", "account.circle")


def _parent(uow: "UnitOfWork", account_id: UUID) -> UUID | None:
    with uow.session.no_autoflush:
        return uow.session.exec(select(Customer.parent_id).where(Customer.id == account_id)).one_or_none()
