"""A customer's profile: the header every tab shares, and the compact card shown wherever he is named."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.core import get_global

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.errors import NotFound
from c360.core.i18n import text
from c360.models.customer import MEDIA, NATURES
from c360.registry.entity import entity_for
from c360.services import closed, facts, names, references, rights, settings
from c360.services.facts import Chip, Fact
from c360.services.uow import UnitOfWork

HUES = ("indigo", "teal", "orange", "plum", "grass", "ruby", "cyan", "amber")
DOTS = ("status_id", "segment_id")
COMPACT = {
    "contact": ("job_title", "employer_id", "email", "phone", "city", "owner_id", "responsible_id", "channel_id"),
    "account": ("account_type_id", "industry_id", "email", "phone", "website", "city", "owner_id", "responsible_id"),
}
REACHED_BY = {"email": "email", "phone": "phone", "web": "website", "post": "city"}
"""The field without which a medium cannot be used."""


@dataclass(slots=True)
class Action:
    """A way to get in touch: where it leads, or why it cannot be used."""

    medium: str
    label: str
    href: str = ""
    reason: str = ""
    preferred: bool = False


@dataclass(slots=True)
class Header:
    """What stands above every tab of a customer."""

    entity: str = ""
    id: str = ""
    name: str = ""
    kind: str = ""
    initials: str = ""
    hue: str = "indigo"
    square: bool = False
    photo: str = ""
    code: str = ""
    place: str = ""
    dots: list[Chip] = field(default_factory=list)
    inactive: str = ""
    archived: bool = False
    erased: bool = False
    created_at: str = ""
    created_by: str = ""
    updated_at: str = ""
    updated_by: str = ""
    lifetime_value: int = 0
    currency: str = ""
    version: int = 0
    may_edit: bool = False
    may_archive: bool = False
    may_assign: bool = False
    may_merge: bool = False
    actions: list[Action] = field(default_factory=list)


@dataclass(slots=True)
class Compact:
    """A customer in a few lines: for the panel of a list, a preview, a card."""

    header: Header = field(default_factory=Header)
    facts: list[Fact] = field(default_factory=list)
    has_notes: bool = False


def load(uow: UnitOfWork, key: str, record_id: UUID) -> Any:
    """Return a customer of this kind within the reach, archived ones included; the kind ``customer`` fits both."""
    if key not in ("contact", "account", "customer"):
        raise NotFound("error.not_found", entity=key)
    return uow.get(key, record_id, archived=True)


def kind_of(uow: UnitOfWork, record_id: UUID) -> str:
    """Return whether a customer is a contact or an account."""
    return str(load(uow, "customer", record_id).kind)


def header(uow: UnitOfWork, record: Any) -> Header:
    """Return what stands above every tab."""
    key = record.kind
    read = facts.read(uow, key, record, (*DOTS, "email", "phone", "website", "inactive_reason_id"))
    people = [i for i in (record.created_by_id, record.updated_by_id) if i]
    users = references.titles(uow, "user", people)
    language = uow.actor.language
    shown = uow.fields(key)
    place = [record.city] if "city" in shown else []
    place += [names.name_of("country", record.country, language)] if record.country and "country" in shown else []
    photo = f"/api/files/{record.photo}" if record.photo and "photo" in shown else ""
    name = references.called(uow, key, record)
    return Header(
        entity=key,
        id=str(record.id),
        name=name,
        kind=_kind(record, shown, language),
        initials=initials(name),
        hue=hue(name),
        square=is_square(record),
        photo=photo,
        code=(record.code if "code" in shown else "") or "",
        place=", ".join(filter(None, place)),
        dots=[chip for name in DOTS if name in read for chip in read[name].chips],
        inactive=_inactive(record, read, shown, language),
        archived=record.archived_at is not None,
        erased=record.erased_at is not None,
        created_at=record.created_at.isoformat(),
        created_by=users.get(record.created_by_id, "") if record.created_by_id else text(language, "profile.system"),
        updated_at=record.updated_at.isoformat(),
        updated_by=users.get(record.updated_by_id, "") if record.updated_by_id else text(language, "profile.system"),
        currency=settings.read(uow.session).currency,
        version=record.version,
        may_edit=may(uow, record, Verb.UPDATE) and record.archived_at is None and record.erased_at is None,
        may_archive=may(uow, record, Verb.ARCHIVE),
        may_assign=may(uow, record, Verb.ASSIGN),
        may_merge=may(uow, record, Verb.MERGE) and record.archived_at is None,
        actions=_actions(uow, record, read),
    )


def compact(uow: UnitOfWork, key: str, record_id: UUID) -> Compact:
    """Return a customer in a few lines; each look is logged."""
    record = load(uow, key, record_id)
    uow.saw("profile.peeked", record.kind, record.id)
    read = facts.read(uow, record.kind, record, COMPACT[record.kind], blank=False)
    return Compact(header(uow, record), list(read.values()), bool(record.notes) and "notes" in uow.fields(record.kind))


def opened(uow: UnitOfWork, key: str, record_id: UUID) -> None:
    """Log that the actor opened a profile."""
    uow.saw("profile.opened", key, record_id)


def may(uow: UnitOfWork, record: Any, verb: Verb) -> bool:
    """Tell whether the actor may do this to the record."""
    return rights.reaches(uow.actor, record, verb)


def initials(name: str) -> str:
    """Return up to two letters that stand for a name."""
    words = [word for word in name.split() if word[0].isalnum()] or ["?"]
    return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper()


def hue(name: str) -> str:
    """Return the colour of a face: the one the lists compute for the same name."""
    total = 0
    for letter in name:
        total = (total * 31 + ord(letter)) & 0xFFFFFFFF
    return HUES[total % len(HUES)]


def is_square(record: Any) -> bool:
    """Tell whether a customer has an organisation's face: an account that is not treated as a person."""
    return record.kind == "account" and record.treated_as != "person"


def zone_of(uow: UnitOfWork, record: Any, address: Any = None) -> tzinfo | None:
    """Return where a customer's clock is: his own time zone, his address's, or the one zone of his country."""
    shown = uow.fields(record.kind)
    for name in (record.timezone if "timezone" in shown else None, getattr(address, "timezone", None)):
        if name:
            return ZoneInfo(name)
    country = getattr(address, "country", None) or (record.country if "country" in shown else None)
    territories: Any = get_global("territory_zones")
    zones = territories.get(country or "", [])
    return ZoneInfo(zones[0]) if len(zones) == 1 else None


def local_time(zone: tzinfo | None, now: datetime | None = None) -> str:
    """Return the customer's time of day and how far it is from universal time."""
    if zone is None:
        return ""
    here = (now or utc_now()).astimezone(zone)
    offset = here.utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    sign = "+" if minutes >= 0 else "−"
    part = f":{abs(minutes) % 60:02}" if minutes % 60 else ""
    return f"{here:%H:%M} · UTC{sign}{abs(minutes) // 60}{part}"


def _kind(record: Any, shown: Collection[str], language: str) -> str:
    label = names.entity_label(entity_for(record.kind), language)
    if not record.treated_as or record.treated_as == NATURES[0] or "treated_as" not in shown:
        return label
    return f"{label} · {names.option('account_nature', record.treated_as, language)}"


def _inactive(record: Any, read: Mapping[str, Fact], shown: Collection[str], language: str) -> str:
    if record.inactive_at is None:
        return ""
    why = [chip.text for chip in read["inactive_reason_id"].chips] if "inactive_reason_id" in read else []
    note = record.inactive_note if "inactive_note" in shown else ""
    told = ", ".join([*why, *filter(None, [note])])
    return told or text(language, "profile.inactive.why")


def _actions(uow: UnitOfWork, record: Any, read: Mapping[str, Fact]) -> list[Action]:
    """Return every way to get in touch, preferred ones first; a forbidden one says why."""
    language, known = uow.actor.language, uow.fields(record.kind)
    preferred: list[str] = list(record.preferred_media or ()) if "preferred_media" in known else []
    order: dict[str, int] = {medium: place for place, medium in enumerate(preferred)}
    forbidden = closed.media(uow, record)
    made = []
    for medium in ("email", "phone", "web"):
        fact = read.get(REACHED_BY[medium])
        if fact is None:
            continue
        action = Action(medium, names.option("medium", medium, language), fact.href, preferred=medium in order)
        action.reason = forbidden.get(medium) or fact.reason
        if not action.reason and not fact.text:
            action.reason = text(language, "profile.unknown")
        made.append(action)
    return sorted(made, key=lambda action: order.get(action.medium, len(MEDIA.values)))
