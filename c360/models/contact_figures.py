"""Figures a customer keeps of the contacts with him."""

from typing import Annotated

from sqlmodel import Field, SQLModel

from c360.registry.kinds import Moment, Whole
from c360.registry.marks import SYSTEM_SET


class ContactFigures(SQLModel):
    """How often and when we were in contact, and what comes next: kept by ``services.counters``, never typed."""

    last_contact_at: Annotated[Moment | None, SYSTEM_SET] = Field(default=None, title="Last contact")
    last_in_at: Annotated[Moment | None, SYSTEM_SET] = Field(default=None, title="Last incoming contact")
    last_out_at: Annotated[Moment | None, SYSTEM_SET] = Field(default=None, title="Last outgoing contact")
    contacts_in: Annotated[Whole, SYSTEM_SET] = Field(default=0, title="Contacts in")
    contacts_out: Annotated[Whole, SYSTEM_SET] = Field(default=0, title="Contacts out")
    contacts_total: Annotated[Whole, SYSTEM_SET] = Field(default=0, title="Contacts")
    next_step_at: Annotated[Moment | None, SYSTEM_SET] = Field(default=None, title="Next step")
