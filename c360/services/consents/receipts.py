"""A receipt: what one event records, for the person to keep, in the fields of ISO/IEC TS 27560."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from babel.dates import format_datetime
from sqlmodel import select

from c360.core.i18n import text
from c360.models.consent import ConsentEvent, ConsentText, Purpose
from c360.models.customer import Customer
from c360.query.raw import raw
from c360.services import names, settings
from c360.services.uow import UnitOfWork

PAGE = 1_000
SCHEMA = "ISO/IEC TS 27560:2023"
PARTS = ("header", "processing", "party_identification", "events")
Word = Callable[[Any], Any]
SHARED = ("purpose_id", "text_id", "text_sha256", "purpose_version", "basis", "medium", "point", "party", "source",
          "source_detail", "valid_until")  # fmt: skip
"""What many events agree in; the rest of a receipt is an event's own."""
TIMED = ("at", "created_at", "event", "confirmed_at", "file_sha256", "answers_id")


@dataclass(frozen=True, slots=True)
class Fields:
    """A part of some receipts by its fields: what each receipt's event holds, and how each such value is worded."""

    columns: dict[str, tuple[Sequence[Any], Mapping[Any, Any]]]
    listed: bool
    """Whether the part is a list, of this one object."""


Parts = dict[str, Fields | list[Any]]
"""Some receipts part by part: by fields, or an object a receipt, the same one where several say the same."""


def receipt(uow: UnitOfWork, event_id: UUID) -> dict[str, Any]:
    """Return the receipt of one event, as JSON; each is logged as a read."""
    event: ConsentEvent = uow.get("consent_event", event_id)
    uow.saw("receipt", "consent_event", event_id)
    customer = uow.get("customer", event.customer_id, archived=True)
    purpose = uow.session.get(Purpose, event.purpose_id) if event.purpose_id else None
    spoken = uow.session.get(ConsentText, event.text_id) if event.text_id else None
    return _written(uow, event, customer, purpose, spoken)


def every(uow: UnitOfWork, customers: Mapping[UUID, Customer]) -> Iterator[tuple[int, Parts]]:
    """Yield the receipts of all events of some customers a page at a time, for whoever reads everything about them.

    Each page is the number of its receipts and their parts.
    """
    known = {str(row.id): row for row in uow.session.exec(select(Purpose))}
    spoken = {str(row.id): row for row in uow.session.exec(select(ConsentText))}
    table: Any = ConsentEvent.__table__  # pyright: ignore[reportAttributeAccessIssue]
    dialect = uow.session.connection().dialect
    stored = {name: raw(table.c[name], dialect) for name in ("id", "customer_id", *TIMED, *SHARED)}
    found = select(*(source for source, _ in stored.values())).where(table.c.customer_id.in_(customers))
    own = _own(uow, {str(one): customer.name for one, customer in customers.items()})
    for rows in uow.session.execute(found.order_by(table.c.at).execution_options(yield_per=PAGE)).partitions(PAGE):
        columns = dict(zip(stored, zip(*rows, strict=True), strict=True))
        agreed = list(zip(*(columns[name] for name in SHARED), strict=True))
        alike = {}
        for same in set(agreed):
            values = {n: v and stored[n][1](v) for n, v in zip(SHARED, same, strict=True)}
            event = SimpleNamespace(**values)
            alike[same] = _shared(uow, event, known.get(event.purpose_id), spoken.get(event.text_id))
        shared: Parts = {name: [alike[same][name] for same in agreed] for name in PARTS if name not in own}
        yield len(rows), shared | {name: _fields(name, worded, columns, stored) for name, worded in own.items()}


def _written(
    uow: UnitOfWork, event: ConsentEvent, customer: Customer, purpose: Purpose | None, spoken: ConsentText | None
) -> dict[str, Any]:
    own = {
        name: {field: word(getattr(event, column)) for field, (column, word) in worded.items()}
        for name, worded in _own(uow, {str(customer.id): customer.name}).items()
    }
    return {"header": own["header"], **_shared(uow, event, purpose, spoken), "events": [own["events"]]}


def _own(uow: UnitOfWork, called: Mapping[str, str]) -> dict[str, dict[str, tuple[str, Word]]]:
    """Return what is an event's own in its receipt: for each field the column it comes from and how it is worded."""
    language = uow.actor.language
    return {
        "header": {
            "schema_version": ("customer_id", lambda _: SCHEMA),
            "record_id": ("id", str),
            "receipt_id": ("id", str),
            "pii_principal_id": ("customer_id", str),
            "pii_principal_name": ("customer_id", lambda one: called[str(one)]),
        },
        "events": {
            "event_time": ("at", _iso),
            "recorded_time": ("created_at", _iso),
            "event_type": ("event", str),
            "event_state": ("event", lambda one: names.option("consent_event", one, language)),
            "valid_until": ("valid_until", _iso),
            "double_opt_in_time": ("confirmed_at", _iso),
            "evidence_sha256": ("file_sha256", _text),
            "answers_record_id": ("answers_id", _text),
        },
    }


def _fields(
    name: str,
    worded: Mapping[str, tuple[str, Word]],
    columns: Mapping[str, Sequence[Any]],
    stored: Mapping[str, tuple[Any, Word]],
) -> Fields:
    made = {}
    for field, (column, word) in worded.items():
        value = stored[column][1]
        made[field] = columns[column], {one: word(one and value(one)) for one in set(columns[column])}
    return Fields(made, listed=name == "events")


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


def _text(value: Any) -> str | None:
    return str(value) if value else None


def _iso(value: Any) -> str | None:
    return value.isoformat() if value else None
