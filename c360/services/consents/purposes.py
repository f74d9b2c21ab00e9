"""Purposes and the texts people read before they agree: kept by administrators, versioned, never rewritten."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.errors import Invalid
from c360.models.consent import ConsentEvent, ConsentText, Purpose
from c360.registry import values as kinds
from c360.services import names, records
from c360.services.uow import UnitOfWork

DEFAULTS: Sequence[Mapping[str, Any]] = (
    {"key": "promotion", "name": "Promotional information", "nature": "marketing",
     "media": ["email", "phone", "sms", "post"], "double_opt_in": True,
     "description": "Offers, news and invitations."},
    {"key": "access", "name": "Visits and calls", "nature": "access", "media": ["phone", "visit"],
     "description": "May be called or visited, whatever was said about promotion."},
    {"key": "contract", "name": "Orders and contracts", "nature": "obligation", "basis": "contract",
     "media": ["email", "phone", "sms", "post"], "description": "What an order or a contract makes us say."},
)  # fmt: skip
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
TEXTS = {
    "en": (
        "Promotional information",
        "I agree to receive offers, news and invitations on the channels I have chosen. I can take this back at any "
        "time, without giving reasons and without disadvantages.",
    ),
    "de": (
        "Werbliche Informationen",
        "Ich bin damit einverstanden, auf den von mir gewählten Wegen Angebote, Neuigkeiten und Einladungen zu "
        "erhalten. Ich kann das jederzeit ohne Angabe von Gründen und ohne Nachteile widerrufen.",
    ),
}


@dataclass(slots=True)
class Entry:
    """One purpose, as its administrator sees it."""

    id: str = ""
    key: str = ""
    name: str = ""
    description: str = ""
    nature: str = "marketing"
    nature_label: str = ""
    media: list[str] = field(default_factory=list)
    media_labels: list[str] = field(default_factory=list)
    basis: str = "consent"
    basis_label: str = ""
    double_opt_in: bool = False
    lasts_months: str = ""
    data_categories: str = ""
    recipients: str = ""
    retired: bool = False
    version: int = 0
    texts: int = 0
    used: int = 0


@dataclass(slots=True)
class TextRow:
    """One version of a text, as its administrator sees it."""

    id: str = ""
    language: str = ""
    language_label: str = ""
    country: str = ""
    country_label: str = ""
    number: int = 0
    title: str = ""
    text: str = ""
    sha256: str = ""
    is_active: bool = False
    used: int = 0


def ensure(uow: UnitOfWork) -> None:
    """Add the purposes every installation starts with, when there is none yet."""
    if uow.session.exec(select(Purpose.id).limit(1)).first() is not None:
        return
    for position, values in enumerate(DEFAULTS):
        purpose = uow.add(Purpose(**values, position=position))
        uow.flush()
        for language, (title, text) in TEXTS.items() if purpose.key == "promotion" else ():
            uow.add(_text(purpose.id, language, "", 1, title, text))


def offered(uow: UnitOfWork) -> list[Purpose]:
    """Return the purposes one can agree to, in their order."""
    found = uow.select("purpose").where(col(Purpose.retired_at).is_(None))
    return list(uow.session.exec(found.order_by(col(Purpose.position), col(Purpose.name))))


def every(uow: UnitOfWork) -> list[Purpose]:
    """Return all purposes, retired ones last."""
    found = uow.session.exec(uow.select("purpose").order_by(col(Purpose.position), col(Purpose.name)))
    return sorted(found, key=lambda one: one.retired_at is not None)


def entries(uow: UnitOfWork) -> list[Entry]:
    """Return all purposes with their active texts and events counted, for administrators."""
    uow.require(Verb.UPDATE, "purpose")
    language = uow.actor.language
    active = select(ConsentText.purpose_id, func.count()).where(
        col(ConsentText.is_active), col(ConsentText.archived_at).is_(None)
    )
    texts_of: dict[UUID, int] = dict(uow.session.exec(active.group_by(col(ConsentText.purpose_id))).all())
    told = select(ConsentEvent.purpose_id, func.count()).group_by(col(ConsentEvent.purpose_id))
    used: dict[UUID | None, int] = dict(uow.session.exec(told).all())
    return [
        Entry(
            str(p.id), p.key, p.name, p.description or "", p.nature, names.option("purpose_nature", p.nature, language),
            list(p.media), [names.option("medium", medium, language) for medium in p.media], p.basis,
            names.option("lawful_basis", p.basis, language), p.double_opt_in, str(p.lasts_months or ""),
            p.data_categories or "", p.recipients or "", p.retired_at is not None, p.version,
            texts_of.get(p.id, 0), used.get(p.id, 0),
        )
        for p in sorted(every(uow), key=lambda one: one.position)
    ]  # fmt: skip


def title(uow: UnitOfWork, purpose_id: UUID) -> str:
    """Return what a purpose is called."""
    return uow.get("purpose", purpose_id).name


def promotion(uow: UnitOfWork) -> Purpose | None:
    """Return the purpose the promotional e-mail switch is about: the first marketing one that uses e-mail."""
    return next((one for one in offered(uow) if one.nature == "marketing" and "email" in one.media), None)


def add(uow: UnitOfWork, values: records.Values) -> UUID:
    """Add a purpose at the end; its key stays, so that programs can name it."""
    key = str(values.get("key", "")).strip()
    if not KEY.fullmatch(key):
        raise Invalid.field("key", "purpose.key")
    if uow.session.exec(select(Purpose.id).where(Purpose.key == key)).first() is not None:
        raise Invalid.field("key", "purpose.key.taken", taken=key)
    last = uow.session.exec(select(func.max(Purpose.position))).one()
    return records.create(uow, "purpose", {**values, "position": str(0 if last is None else last + 1)})


def change(uow: UnitOfWork, purpose_id: UUID, values: records.Values, version: int | None = None) -> None:
    """Change a purpose; events remember the version they were recorded under."""
    records.update(uow, "purpose", purpose_id, {n: v for n, v in values.items() if n != "key"}, version)


def move(uow: UnitOfWork, purpose_id: UUID, to: int) -> None:
    """Give a purpose another place; the first is 0."""
    row = uow.get("purpose", purpose_id, Verb.UPDATE)
    records.place(row, sorted(every(uow), key=lambda one: one.position), to)


def retire(uow: UnitOfWork, purpose_id: UUID) -> None:
    """Offer a purpose no longer: nobody may be contacted for it."""
    row = uow.get("purpose", purpose_id, Verb.UPDATE)
    row.retired_at = row.retired_at or utc_now()


def offer(uow: UnitOfWork, purpose_id: UUID) -> None:
    """Offer a retired purpose again; what was said about it stands as before."""
    uow.get("purpose", purpose_id, Verb.UPDATE).retired_at = None


def texts(uow: UnitOfWork, purpose_id: UUID) -> list[TextRow]:
    """Return every version of a purpose's texts, the newest of each language first."""
    order = (col(ConsentText.language), col(ConsentText.country), col(ConsentText.number).desc())
    rows = uow.session.exec(uow.select("consent_text").where(ConsentText.purpose_id == purpose_id).order_by(*order))
    used: dict[UUID | None, int] = dict(
        uow.session.exec(select(ConsentEvent.text_id, func.count()).group_by(col(ConsentEvent.text_id))).all()
    )
    spoken = uow.actor.language
    return [
        TextRow(
            str(r.id), r.language, names.name_of("language", r.language, spoken), r.country,
            names.name_of("country", r.country, spoken) if r.country else "", r.number, r.title, r.text, r.sha256,
            r.is_active, used.get(r.id, 0),
        )
        for r in rows
    ]  # fmt: skip


def publish(uow: UnitOfWork, purpose_id: UUID, language: str, country: str, title: str, text: str) -> UUID:
    """Make a new version of a text the active one of its language and country; older ones stay as proof."""
    uow.get("purpose", purpose_id, Verb.UPDATE)
    title, text = title.strip(), text.strip()
    for name, value in (("title", title), ("text", text)):
        if not value:
            raise Invalid.field(name, "error.required", field=name.capitalize())
    try:
        language, country = kinds.language(language), kinds.country(country) if country.strip() else ""
    except ValueError as error:
        raise Invalid.field("country" if "country" in str(error) else "language", str(error)) from error
    same = uow.select("consent_text").where(
        ConsentText.purpose_id == purpose_id, ConsentText.language == language, ConsentText.country == country
    )
    rows = list(uow.session.exec(same))
    for row in rows:
        row.is_active = False
    uow.flush()  # The old one must have given up its place before the new one takes it.
    number = max((row.number for row in rows), default=0) + 1
    made = uow.add(_text(purpose_id, language, country, number, title, text))
    uow.log("consent_text.published", language=language, country=country, number=number)
    return made.id


def activate(uow: UnitOfWork, text_id: UUID) -> None:
    """Make an older version the active one again."""
    chosen = uow.get("consent_text", text_id, Verb.UPDATE)
    same = uow.select("consent_text").where(
        ConsentText.purpose_id == chosen.purpose_id, ConsentText.language == chosen.language,
        ConsentText.country == chosen.country, ConsentText.id != text_id,
    )  # fmt: skip
    for row in uow.session.exec(same):
        row.is_active = False
    uow.flush()
    chosen.is_active = True


def active_text(uow: UnitOfWork, purpose_id: UUID, language: str, country: str | None = None) -> ConsentText | None:
    """Return the text to read to somebody: of his country where there is one, in his language, else in English."""
    found = select(ConsentText).where(
        ConsentText.purpose_id == purpose_id, col(ConsentText.is_active), col(ConsentText.archived_at).is_(None)
    )
    rows = list(uow.session.exec(found))
    wanted = ((language, country or ""), (language, ""), ("en", country or ""), ("en", ""))
    return next((row for key in wanted for row in rows if (row.language, row.country) == key), None)


def digest(title: str, text: str) -> str:
    """Return the digest that proves which text was agreed to."""
    return hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()


def _text(purpose_id: UUID, language: str, country: str, number: int, title: str, text: str) -> ConsentText:
    return ConsentText(
        purpose_id=purpose_id, language=language, country=country, number=number, title=title, text=text,
        sha256=digest(title, text), is_active=True,
    )  # fmt: skip
