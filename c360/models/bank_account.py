"""Banking details of a customer."""

from typing import Annotated

from sqlmodel import Field

from c360.registry.entity import Entity, register
from c360.registry.kinds import BIC, IBAN, Currency, Flag, PersonalText
from c360.registry.marks import OnMerge, Privacy
from c360.registry.record import CustomerId, Record


class BankAccount(Record, table=True):
    """One bank account; one of a customer's is the main one."""

    __tablename__ = "bank_account"

    customer_id: Annotated[CustomerId, OnMerge.UNION] = Field(foreign_key="customer.id", index=True, title="Customer")
    holder: PersonalText | None = Field(default=None, max_length=500, title="Account holder")
    bank: PersonalText | None = Field(default=None, max_length=200, title="Bank")
    iban: Annotated[str | None, IBAN, Privacy.SENSITIVE] = Field(default=None, max_length=34, title="IBAN")
    number: Annotated[PersonalText | None, Privacy.SENSITIVE] = Field(default=None, max_length=50, title="Number")
    bic: Annotated[str | None, BIC, Privacy.PERSONAL] = Field(default=None, max_length=11, title="BIC")
    currency: Currency | None = Field(default=None, max_length=3, title="Currency")
    is_main: Flag = Field(default=False, title="Main account")


BANK_ACCOUNT = register(
    Entity(
        key="bank_account",
        model=BankAccount,
        label="Bank account",
        plural="Bank accounts",
        icon="landmark",
        title=("bank", "iban"),
        columns=("holder", "bank", "iban", "number", "bic", "currency", "is_main"),
        twins=("iban", "number"),
        within="customer_id",
        sort="-is_main",
    )
)
