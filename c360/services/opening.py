"""Opening a profile: one unit of work gives the header, the tabs and the cards of the tab asked for."""

from dataclasses import dataclass, field
from uuid import UUID

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.errors import Conflict, Invalid, Unavailable
from c360.core.i18n import text
from c360.registry.entity import entity_for
from c360.services import completeness, panels, profiles, records, references, settings
from c360.services.duplicates import reviewing
from c360.services.duplicates.reviewing import Hint
from c360.services.facts import Card
from c360.services.profiles import Header
from c360.services.uow import UnitOfWork

SUMMARY = "summary"
CHANGES = "changes"


@dataclass(slots=True)
class TabLink:
    """A tab as the bar shows it."""

    key: str
    label: str
    href: str


@dataclass(slots=True)
class Gap:
    """A field nobody has filled, and what filling it is worth."""

    label: str
    weight: int


@dataclass(slots=True)
class Opened:
    """Everything one tab of a profile shows."""

    header: Header
    tabs: list[TabLink] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    score: int = 0
    gaps: list[Gap] = field(default_factory=list)
    has_notes: bool = False
    twice: Hint = field(default_factory=Hint)


def open_tab(uow: UnitOfWork, key: str, record_id: UUID, tab: str, *, log: bool = True) -> Opened:
    """Return one tab of a profile; ``Unavailable`` when an administrator has switched it off."""
    record = profiles.load(uow, key, record_id)
    order = settings.read(uow.session).tabs(key)
    if tab not in (SUMMARY, *order):
        raise Unavailable("section.off")
    if log:
        profiles.opened(uow, key, record_id)
    header = profiles.header(uow, record)
    cards = panels.PANELS[tab](uow, record) if tab in panels.PANELS else []
    _limit(header, cards)
    language = uow.actor.language
    keys, base = (SUMMARY, *order), f"/{key}/{record_id}"
    links = [TabLink(one, text(language, f"profile.tab.{one}"), f"{base}/{one}") for one in keys]
    opened = Opened(header, links, cards, has_notes=bool(record.notes) and "notes" in uow.fields(key))
    opened.twice = reviewing.hint(uow, record_id)
    if tab == SUMMARY:
        found = completeness.of(uow, key, record_id)
        opened.score = found.score
        opened.gaps = [Gap(gap.label, gap.weight) for gap in found.missing]
    return opened


def more(uow: UnitOfWork, key: str, record_id: UUID, tab: str, card: str, start: int) -> Card:
    """Return the next lines of a card, from number ``start`` on."""
    record = profiles.load(uow, key, record_id)
    if tab not in (SUMMARY, *settings.read(uow.session).tabs(key)) or card not in panels.PAGED.get(tab, {}):
        raise Unavailable("section.off")
    found = panels.PAGED[tab][card](uow, record, max(start, 0))
    _limit(profiles.header(uow, record), [found])
    return found


def _limit(header: Header, cards: list[Card]) -> None:
    """Offer nothing on a card to whoever may not change the record."""
    for card in () if header.may_edit else cards:
        card.edits = card.adds = ""
        for line in card.lines:
            line.offer = ""


def inactivate(uow: UnitOfWork, key: str, record_id: UUID, reason_id: UUID | None, note: str) -> UUID:
    """Leave a customer out of lists and targets, with a reason and a note; he is kept and can come back."""
    record = uow.get(key, record_id, Verb.UPDATE)
    if reason_id is None:
        raise Invalid.field("reason", "profile.inactive.reasonless")
    entity = entity_for(key)
    references.check(uow, entity.fields, {"inactive_reason_id": reason_id})
    if record.inactive_at is not None:
        raise Conflict("profile.inactive.already")
    record.inactive_at, record.inactive_reason_id, record.inactive_note = utc_now(), reason_id, note.strip() or None
    uow.log(f"{key}.inactivated")
    return record_id


def activate(uow: UnitOfWork, key: str, record_id: UUID) -> UUID:
    """Bring an inactive customer back into lists and targets."""
    record = uow.get(key, record_id, Verb.UPDATE)
    if record.erased_at is not None:
        raise Conflict("profile.erased")
    record.inactive_at = record.inactive_reason_id = record.inactive_note = None
    uow.log(f"{key}.activated")
    return record_id


PREFERRED = {
    "communication": "is_primary", "contact_person": "is_primary", "relation": "is_primary", "bank_account": "is_main",
}  # fmt: skip


def prefer(uow: UnitOfWork, key: str, record_id: UUID) -> UUID:
    """Make a row the primary one of its kind; the rules take the mark from the other."""
    records.update(uow, key, record_id, {PREFERRED[key]: "yes"})
    return record_id
