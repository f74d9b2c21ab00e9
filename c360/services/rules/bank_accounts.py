"""Rules of bank accounts: each says how to pay into it, and one of a customer's is the main one."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from c360.core.errors import Invalid
from c360.models.bank_account import BankAccount
from c360.services.rules.siblings import one_marked, others

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork


def keep(uow: "UnitOfWork", record: BankAccount, changed: Collection[str]) -> None:
    """Refuse an account without a number, and one that is there already; keep one main account."""
    if not (record.iban or record.number):
        raise Invalid.field("iban", "bank_account.numberless")
    neighbours = others(uow, record, "customer_id")
    if record.archived_at is None and record.iban and any(other.iban == record.iban for other in neighbours):
        raise Invalid.field("iban", "bank_account.duplicate")
    one_marked(record, neighbours, "is_main")
