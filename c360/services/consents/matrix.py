"""The consent tab: purposes × media as they stand today, and everything ever said about one cell of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from babel.dates import format_date
from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.errors import Message
from c360.core.i18n import text
from c360.models.consent import NO, POINTED, YES, ConsentEvent, ConsentText, Purpose
from c360.models.customer import MEDIA
from c360.models.job import StoredFile
from c360.query.permission import point_of
from c360.services import names, profiles, references
from c360.services.consents import purposes
from c360.services.consents.asking import FAMILIES, Answer, Subject, answer, is_offered, look
from c360.services.uow import UnitOfWork

SHORT = {"given": "yes", "renewed": "yes", "obligation": "yes", "expired": "expired", "never": "none"}
"""The state a cell shows for what decided it; all else is a no."""


@dataclass(slots=True)
class Cell:
    """One purpose on one medium: what holds, why, and what held before."""

    medium: str
    label: str = ""
    state: str = "off"
    why: str = ""
    since: str = ""
    until: str = ""
    before: str = ""
    parties: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Line:
    """One purpose with a cell for each medium."""

    id: str
    name: str
    nature: str
    about: str
    cells: list[Cell] = field(default_factory=list)


@dataclass(slots=True)
class Matrix:
    """The whole tab."""

    media: list[tuple[str, str]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    may_edit: bool = False
    promotion: str = ""
    """The purpose of the promotional e-mail switch, and whether it is on."""
    promoted: bool = False
    promoted_since: str = ""
    waiting: bool = False


@dataclass(slots=True)
class Told:
    """One event of the ledger as a person reads it."""

    id: str
    event: str
    state: str
    at: str
    recorded_at: str
    who: str
    scope: str
    source: str
    basis: str
    until: str = ""
    party: str = ""
    note: str = ""
    text: str = ""
    file: str = ""
    file_href: str = ""
    confirmed_at: str = ""


@dataclass(slots=True)
class Place:
    """One address of a cell and what holds for it."""

    id: str
    value: str
    state: str
    why: str


@dataclass(slots=True)
class Detail:
    """One cell with all that was ever said about it."""

    purpose: str
    purpose_id: str
    medium: str
    label: str
    basis: str
    state: str
    why: str
    places: list[Place] = field(default_factory=list)
    history: list[Told] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    question: str = ""
    """The event that waits for its confirmation."""


def matrix(uow: UnitOfWork, customer_id: UUID) -> Matrix:
    """Return what a customer allows today, cell by cell."""
    subject, rows = look(uow, customer_id), purposes.offered(uow)
    uow.saw("consents", subject.customer.kind, customer_id)
    language = uow.actor.language
    used = [medium for medium in MEDIA.values if any(medium in row.media for row in rows)]
    found = Matrix([(medium, names.option("medium", medium, language)) for medium in used])
    found.may_edit = subject.customer.archived_at is None and profiles.may(uow, subject.customer, Verb.UPDATE)
    for row in rows:
        nature = names.option("purpose_nature", row.nature, language)
        line = Line(str(row.id), row.name, nature, row.description or "")
        line.cells = [cell(subject, row, medium, language) for medium in used]
        found.lines.append(line)
    if (promotion := purposes.promotion(uow)) is not None:
        shown = cell(subject, promotion, "email", language)
        found.promotion, found.promoted = str(promotion.id), shown.state == "yes"
        found.promoted_since, found.waiting = shown.since, shown.state == "pending"
    return found


def detail(uow: UnitOfWork, customer_id: UUID, purpose_id: UUID, medium: str) -> Detail:
    """Return one cell with its addresses and its whole history, the newest first."""
    subject, purpose = look(uow, customer_id), uow.get("purpose", purpose_id)
    language = uow.actor.language
    shown = cell(subject, purpose, medium, language)
    found = Detail(purpose.name, str(purpose.id), medium, shown.label, purpose.basis, shown.state, shown.why)
    for option in (o for o in subject.options if o.family in FAMILIES.get(medium, ())):
        told = answer(subject, purpose, medium, option.id)
        found.places.append(Place(str(option.id), option.value, _state(told), _why(told, language)))
    mine = [e for e in subject.events if e.purpose_id in (None, purpose_id) and e.medium in (None, medium)]
    found.history = told_of(uow, mine[::-1])
    if shown.state == "pending":
        found.question = next(str(e.id) for e in mine[::-1] if e.event == "requested")
    texts = [row for row in purposes.texts(uow, purpose_id) if row.is_active]
    found.texts = [(str(t.id), f"{t.title} ({t.language}{t.country and '-' + t.country}, v{t.number})") for t in texts]
    return found


def told_of(uow: UnitOfWork, events: Sequence[ConsentEvent]) -> list[Told]:
    """Return events as a person reads them, each name looked up once."""
    language = uow.actor.language
    users = references.titles(uow, "user", [e.created_by_id for e in events if e.created_by_id])
    texts = _by_id(uow, ConsentText, [e.text_id for e in events])
    files = _by_id(uow, StoredFile, [e.file_id for e in events])
    found = []
    for e in events:
        scope = [] if e.purpose_id else [text(language, "consent.scope.all")]
        scope += [e.point] if e.point else []
        source = names.option("consent_source", e.source, language)
        told = Told(
            str(e.id), names.option("consent_event", e.event, language),
            "yes" if e.event in YES else "no" if e.event in NO else "pending",
            e.at.isoformat(), e.created_at.isoformat(),
            users.get(e.created_by_id, "") if e.created_by_id else text(language, "consent.himself"),
            ", ".join(scope), ", ".join(filter(None, (source, e.source_detail))),
            names.option("lawful_basis", e.basis, language), e.valid_until.isoformat() if e.valid_until else "",
            e.party, e.note or "",
        )  # fmt: skip
        if e.text_id in texts:
            row = texts[e.text_id]
            told.text = f"{row.title} ({row.language}, v{row.number})"
        if e.file_id in files:
            told.file, told.file_href = files[e.file_id].name, f"/api/files/{e.file_id}"
        told.confirmed_at = e.confirmed_at.isoformat() if e.confirmed_at else ""
        found.append(told)
    return found


def cell(subject: Subject, purpose: Purpose, medium: str, language: str) -> Cell:
    """Return how one purpose stands on one medium today."""
    found = Cell(medium, names.option("medium", medium, language))
    if not is_offered(purpose, medium):
        return found
    told = answer(subject, purpose, medium)
    found.state, found.why = _state(told), _why(told, language)
    point = point_of(medium, getattr(subject.customer, POINTED.get(medium, ""), None) if medium in POINTED else None)
    mine = [e for e in subject.events if e.purpose_id in (None, purpose.id) and e.medium in (None, medium)]
    ours = [e for e in mine if not e.party and e.point in (None, point)]
    decided = next((e for e in ours if e.id == told.event_id), None)
    if decided is not None:
        found.since = decided.at.isoformat()
        found.until = decided.valid_until.isoformat() if decided.valid_until else ""
        earlier = [e for e in ours if (e.at, e.id) < (decided.at, decided.id) and e.event in (*YES, *NO)]
        if earlier:
            was = names.option("consent_event", earlier[-1].event, language)
            found.before = text(language, "consent.before", what=was, at=_day(earlier[-1], language))
    answered = {e.answers_id for e in ours}
    asked = [e for e in ours if e.event == "requested" and e.id not in answered]
    if asked and not told.allowed and (decided is None or decided.at <= asked[-1].at):
        found.state, found.since = "pending", asked[-1].at.isoformat()
        found.why = text(language, "consent.why.requested", at=_day(asked[-1], language))
    for party in dict.fromkeys(e.party for e in mine if e.party):
        allowed = answer(subject, purpose, medium, party=party).allowed
        found.parties.append(text(language, "consent.party.yes" if allowed else "consent.party.no", party=party))
    return found


def _why(told: Answer, language: str) -> str:
    """Return the reason with its day as the reader writes days."""
    params = dict(told.reason.params)
    if params.get("at"):
        params["at"] = format_date(date.fromisoformat(params["at"]), locale=language)
    return Message(told.reason.key, params).text(language)


def _day(event: ConsentEvent, language: str) -> str:
    return format_date(event.at.date(), locale=language)


def _state(told: Answer) -> str:
    key = told.reason.key.removeprefix("consent.why.")
    return "yes" if told.allowed else SHORT.get(key, "no" if key in (*NO, "unproven") else "shut")


def _by_id(uow: UnitOfWork, model: Any, ids: Sequence[UUID | None]) -> dict[UUID | None, Any]:
    wanted = {i for i in ids if i}
    return {row.id: row for row in uow.session.exec(select(model).where(col(model.id).in_(wanted)))} if wanted else {}
