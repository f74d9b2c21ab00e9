"""What the demo's people agreed to: some said yes, some took it back, most were never asked."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.models.consent import ConsentText, Purpose
from c360.models.customer import Customer
from c360.query.permission import point_of
from c360.registry.entity import entity_for
from c360.services import mass
from c360.services.consents import purposes
from c360.services.uow import UnitOfWork

SAID: tuple[tuple[tuple[str, str, str, str], ...], ...] = (
    (("promotion", "email", "given", "website"),),
    (("promotion", "email", "given", "website"), ("promotion", "email", "withdrawn", "email")),
    (("promotion", "phone", "refused", "phone"),),
    (("promotion", "post", "given", "paper"), ("access", "visit", "given", "in_person")),
    (("promotion", "email", "given", "event"), ("access", "phone", "given", "phone")),
    (), (), (),
)  # fmt: skip
"""What a person said, oldest first, as purpose, medium, event and source; people take turns."""


def arrange(uow: UnitOfWork) -> int:
    """Write what the demo's contacts said into the ledger, in one go; return how many events that made."""
    known = {one.key: one for one in purposes.offered(uow)}
    read = {key: purposes.active_text(uow, one.id, "en") for key, one in known.items()}
    people: Any = select(Customer.id, Customer.email, Customer.phone).where(
        col(Customer.is_demo), Customer.kind == "contact"
    )
    rows = []
    for n, (customer_id, email, phone) in enumerate(uow.session.exec(people.order_by(col(Customer.id)))):
        for step, (key, medium, event, source) in enumerate(SAID[n % len(SAID)]):
            address = {"email": email, "phone": phone}.get(medium)
            if key in known and (address or medium in ("post", "visit")):
                point = point_of(medium, address)
                text = read[key] if event == "given" and source == "website" else None
                at = utc_now() - timedelta(days=400 - n % 300 - step)
                told = {"medium": medium, "point": point, "event": event, "source": source, "at": at}
                rows.append(_event(customer_id, known[key], text) | told)
    mass.add(uow, entity_for("consent_event"), rows, "customer_id")
    uow.log("demo.consents", events=len(rows))
    return len(rows)


def _event(customer_id: UUID, purpose: Purpose, text: ConsentText | None) -> dict[str, Any]:
    return {
        "id": new_id(), "customer_id": customer_id, "purpose_id": purpose.id, "purpose_version": purpose.version,
        "basis": purpose.basis, "text_id": text.id if text else None, "text_sha256": text.sha256 if text else None,
        "source_detail": "Demo", "proven": True,
    }  # fmt: skip
