"""Rules of contact persons: one of an account's people is the primary one."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from c360.core.errors import Invalid
from c360.models.contact_person import ContactPerson
from c360.services.rules.siblings import one_marked, others

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork


def keep(uow: "UnitOfWork", record: ContactPerson, changed: Collection[str]) -> None:
    """Refuse a person named twice and keep one primary."""
    neighbours = others(uow, record, "account_id")
    if record.archived_at is None and any(other.contact_id == record.contact_id for other in neighbours):
        raise Invalid.field("contact_id", "contact_person.twice")
    one_marked(record, neighbours, "is_primary")
