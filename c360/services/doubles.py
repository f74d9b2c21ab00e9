"""Who has this already: customers in reach with the same e-mail or phone; a hint, never a barrier."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, or_, select

from c360.models.communication import Communication, normalised
from c360.models.customer import Customer
from c360.registry import values
from c360.services import references
from c360.services.uow import UnitOfWork

MOST = 5
CHECKS = {"email": values.email, "phone": values.phone}


@dataclass(slots=True)
class Double:
    """A customer who has the same address."""

    name: str
    href: str


def of(uow: UnitOfWork, family: str, typed: str, mine: UUID | None = None) -> list[Double]:
    """Return customers within the reach who have this e-mail or phone; nothing for what is not one."""
    if family not in CHECKS or family not in uow.fields("customer"):
        return []
    try:
        value = CHECKS[family](typed)
    except ValueError:
        return []
    own = Customer.email if family == "email" else Customer.phone
    same = select(Communication.customer_id).where(
        Communication.family == family,
        Communication.normalised == normalised(family, value),
        col(Communication.archived_at).is_(None),
    )
    query = uow.select("customer").where(
        or_(own == value, col(Customer.id).in_(same)), col(Customer.id).is_distinct_from(mine)
    )
    found = uow.session.exec(query.order_by(col(Customer.id)).limit(MOST)).all()
    return [Double(references.called(uow, row.kind, row), f"/{row.kind}/{row.id}") for row in found]
