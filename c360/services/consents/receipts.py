"""A receipt: what one event records, for the person to keep, in the fields of ISO/IEC TS 27560."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from babel.dates import format_datetime
from sqlmodel import select

from c360.core.i18n import text
from c360.models.consent import ConsentEvent, ConsentText, Purpose
from c360.models.customer import Customer
from c360.services import names, settings
from c360.services.uow import UnitOfWork

PAGE = 1_000
SCHEMA = "ISO/IEC TS 27560:2023"
PARTS = ("header", "processing", "party_identification", "events")
SHARED = ("purpose_id", "text_id", "text_sha256", "purpose_version", "basis", "medium", "point", "party", "source",
          "source_detail", "valid_until")  # fmt: skip
"""What many events agree in; the rest of a receipt is an event's own."""
TIMED = ("at", "created_at", "event", "confirmed_at", "file_sha256", "answers_id")


def receipt(uow: UnitOfWork, event_id: UUID) -> dict[str, Any]:
    """Return the receipt of one event, as JSON; each is logged as a read."""
    event: ConsentEvent = uow.get("consent_event", event_id)
    uow.saw("receipt", "consent_event", event_id)
    customer = uow.get("customer", event.customer_id, archived=True)
    purpose = uow.session.get(Purpose, event.purpose_id) if event.purpose_id else None
    spoken = uow.session.get(ConsentText, event.text_id) if event.text_id else None
    return _written(uow, event, customer, purpose, spoken)


def every(uow: UnitOfWork, customers: Mapping[UUID, Customer]) -> Iterator[list[dict[str, Any]]]:
    """Yield the receipts of all events of some customers a page at a time, for whoever reads everything about them.

    Parts that say the same are one object.
    """
    known = {row.id: row for row in uow.session.exec(select(Purpose))}
    spoken = {row.id: row for row in uow.session.exec(select(ConsentText))}
    table: Any = ConsentEvent.__table__  # pyright: ignore[reportAttributeAccessIssue]
    columns = (table.c[name] for name in ("id", "customer_id", *TIMED, *SHARED))
    found = select(*columns).where(table.c.customer_id.in_(customers)).order_by(table.c.at)
    in_common = attrgetter(*SHARED)
    for events in uow.session.execute(found.execution_options(yield_per=PAGE)).partitions(PAGE):
        alike: dict[Any, Any] = {}
        page = []
        for event in events:
            purpose, said = known.get(event.purpose_id), spoken.get(event.text_id)
            made = {"header": _header(event, customers[event.customer_id])}
            same = in_common(event)
            if same not in alike:
                alike[same] = _shared(uow, event, purpose, said)
            page.append(made | alike[same] | {"events": _events(uow, event)})
        yield page


def _written(
    uow: UnitOfWork, event: ConsentEvent, customer: Customer, purpose: Purpose | None, spoken: ConsentText | None
) -> dict[str, Any]:
    shared = _shared(uow, event, purpose, spoken)
    return {"header": _header(event, customer)} | shared | {"events": _events(uow, event)}


def _header(event: Any, customer: Customer) -> dict[str, Any]:
    ident = str(event.id)
    return {
        "schema_version": SCHEMA,
        "record_id": ident,
        "receipt_id": ident,
        "pii_principal_id": str(customer.id),
        "pii_principal_name": customer.name,
    }


def _shared(uow: UnitOfWork, event: Any, purpose: Purpose | None, spoken: ConsentText | None) -> dict[str, Any]:
    """Return what events that agree in the ``SHARED`` columns have in common."""
    shown, language = settings.read(uow.session), uow.actor.language
    return {
        "processing": {
            "privacy_notice": {
                "title": spoken.title,
                "text": spoken.text,
                "language": spoken.language,
                "country": spoken.country,
                "version": spoken.number,
                "sha256": event.text_sha256,
            }
            if spoken
            else None,
            "purposes": [
                {
                    "purpose": purpose.name if purpose else text(language, "consent.scope.all"),
                    "purpose_id": purpose.key if purpose else None,
                    "purpose_version": event.purpose_version,
                    "purpose_type": purpose.nature if purpose else None,
                    "lawful_basis": event.basis,
                    "pii_types": _parts(purpose.data_categories if purpose else None)
                    or [text(language, "consent.receipt.contact_data")],
                    "communication_channel": event.medium,
                    "contact_point": event.point,
                    "pii_controllers": ["controller"],
                    "recipients": [*_parts(purpose.recipients if purpose else None), *filter(None, [event.party])],
                    "collection_method": event.source,
                    "collection_point": event.source_detail,
                    "storage_location": shown.country,
                    "retention": _iso(event.valid_until) or "until withdrawn",
                    "withdrawal_method": text(language, "consent.receipt.how"),
                }
            ],
        },
        "party_identification": [
            {"party_id": "controller", "party_name": shown.controller, "party_country": shown.country},
            *([{"party_id": "recipient", "party_name": event.party}] * bool(event.party)),
        ],
    }


def _events(uow: UnitOfWork, event: Any) -> list[dict[str, Any]]:
    return [
        {
            "event_time": _iso(event.at),
            "recorded_time": _iso(event.created_at),
            "event_type": event.event,
            "event_state": names.option("consent_event", event.event, uow.actor.language),
            "valid_until": _iso(event.valid_until),
            "double_opt_in_time": _iso(event.confirmed_at),
            "evidence_sha256": event.file_sha256,
            "answers_record_id": str(event.answers_id) if event.answers_id else None,
        }
    ]


def lines(uow: UnitOfWork, event_id: UUID) -> list[tuple[str, str]]:
    """Return the receipt as labelled lines, for a page people print."""
    told, language = receipt(uow, event_id), uow.actor.language
    what, when, notice = told["processing"]["purposes"][0], told["events"][0], told["processing"]["privacy_notice"]
    medium = names.option("medium", what["communication_channel"], language) if what["communication_channel"] else ""
    found = {
        "person": told["header"]["pii_principal_name"],
        "controller": told["party_identification"][0]["party_name"],
        "purpose": what["purpose"],
        "medium": ", ".join(filter(None, (medium, what["contact_point"]))),
        "event": when["event_state"],
        "at": _moment(when["event_time"], language),
        "confirmed": _moment(when["double_opt_in_time"], language),
        "until": _moment(when["valid_until"], language),
        "basis": names.option("lawful_basis", what["lawful_basis"], language),
        "source": ", ".join(filter(None, (names.option("consent_source", what["collection_method"], language),
                                          what["collection_point"]))),
        "data": ", ".join(what["pii_types"]),
        "recipients": ", ".join(what["recipients"]),
        "notice": f"{notice['title']} ({notice['language']}, v{notice['version']})\n{notice['text']}" if notice else "",
        "withdrawal": what["withdrawal_method"],
        "record": told["header"]["record_id"],
        "schema": SCHEMA,
    }  # fmt: skip
    return [(text(language, f"consent.receipt.{name}"), str(value)) for name, value in found.items() if value]


def _parts(value: str | None) -> list[str]:
    return [part.strip() for part in (value or "").replace("\n", ";").split(";") if part.strip()]


def _moment(iso: str | None, language: str) -> str:
    """Return a time as people read it, with the clock it is told by."""
    return format_datetime(datetime.fromisoformat(iso), "long", locale=language) if iso else ""


def _iso(value: Any) -> str | None:
    return value.isoformat() if value else None
