"""A customer's own page: what he allows, changed by himself, reached by a link that needs no account.

The link's secret is kept as a digest alone; what is said here is proof in itself, with time, address and browser.
"""

import hashlib
import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from limits import RateLimitItemPerMinute
from sqlmodel import col, select

from c360.core import config
from c360.core.actor import SYSTEM, Verb
from c360.core.clock import utc_now
from c360.core.errors import Conflict, NotFound, TooMany
from c360.models.consent import ConsentEvent, PreferenceLink, Purpose
from c360.models.customer import Customer
from c360.services import limiting, names, settings
from c360.services.consents import ledger, purposes
from c360.services.consents.asking import answer, is_offered, look
from c360.services.consents.ledger import Said
from c360.services.uow import UnitOfWork, unit_of_work

LASTS = timedelta(days=90)
CONFIRMED_WITHIN = timedelta(days=7)
TRIES = RateLimitItemPerMinute(30, multiples=10)
"""Looks and answers of one address: enough for a person, too few to guess 256 bits."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One box on the page: a purpose on a channel, ticked or not."""

    key: str
    label: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One purpose with its text and its boxes."""

    name: str
    text: str
    choices: list[Choice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the page shows; ``confirms`` names what a link of double opt-in asks to confirm."""

    controller: str
    groups: list[Group] = field(default_factory=list)
    confirms: str = ""


def make_link(uow: UnitOfWork, customer_id: UUID) -> str:
    """Make a link to a customer's preferences and return it; it is shown once."""
    uow.get("customer", customer_id, Verb.UPDATE)
    uow.log("preferences.linked", customer=str(customer_id))
    return _make(uow, customer_id, LASTS)


def make_confirmation(uow: UnitOfWork, event_id: UUID) -> str:
    """Make the link that turns a question into a yes, and return it; it is shown once."""
    event = uow.get("consent_event", event_id)
    uow.get("customer", event.customer_id, Verb.UPDATE)
    if event.event != "requested":
        raise Conflict("consent.answered")
    return _make(uow, event.customer_id, CONFIRMED_WITHIN, event)


def show(secret: str, language: str, ip: str) -> Preferences:
    """Return the page of a link; ``NotFound`` when it does not work any more."""
    _count(ip)
    with unit_of_work(SYSTEM, reads=True) as uow:
        return _shown(uow, _find(uow, secret), language)


def save(secret: str, ticked: Collection[str], language: str, *, nothing: bool, ip: str, agent: str) -> Preferences:
    """Write what the customer chose into the ledger: only what differs from before; ``nothing`` ends everything."""
    _count(ip)
    with unit_of_work(SYSTEM) as uow:
        link = _find(uow, secret)
        if link.event_id is not None:
            raise NotFound("preferences.dead")
        if nothing:
            ledger.opt_out(uow, link.customer_id, "preference_page", ip=ip, agent=agent)
        else:
            _write(uow, link, set(ticked), language, ip, agent)
        uow.flush()
        return _shown(uow, link, language)


def confirm(secret: str, *, ip: str, agent: str) -> None:
    """Turn the question a link answers into a yes, once."""
    _count(ip)
    with unit_of_work(SYSTEM) as uow:
        link = _find(uow, secret)
        asked = uow.session.get(ConsentEvent, link.event_id) if link.event_id else None
        if asked is None or asked.purpose_id is None or asked.medium is None:
            raise NotFound("preferences.dead")
        later = select(ConsentEvent).where(
            ConsentEvent.customer_id == link.customer_id, col(ConsentEvent.at) > asked.at,
            col(ConsentEvent.event).in_(("refused", "withdrawn", "objected")),
        )  # fmt: skip
        if any(e.purpose_id in (None, asked.purpose_id) for e in uow.session.exec(later)):
            raise NotFound("preferences.dead")  # He has said no since; an old link must not overrule it.
        said = Said(
            "given", "email", basis=asked.basis, text_id=asked.text_id, ip=ip, agent=agent, confirmed_at=utc_now(),
            answers_id=asked.id, point=asked.point, source_detail=asked.source_detail or "",
        )  # fmt: skip
        ledger.record(uow, link.customer_id, asked.purpose_id, asked.medium, said)
        link.used_at = utc_now()
        uow.session.add(link)


def _make(uow: UnitOfWork, customer_id: UUID, lasts: timedelta, event: ConsentEvent | None = None) -> str:
    secret, now = secrets.token_urlsafe(32), utc_now()
    uow.session.add(
        PreferenceLink(
            digest=_digest(secret), customer_id=customer_id, event_id=event.id if event else None,
            point=event.point if event else None, created_at=now, expires_at=now + lasts,
        )
    )  # fmt: skip
    return f"{config.settings().origin}/preferences?t={secret}"


def _find(uow: UnitOfWork, secret: str) -> PreferenceLink:
    row = uow.session.exec(select(PreferenceLink).where(PreferenceLink.digest == _digest(secret))).first()
    if row is None or row.used_at is not None or row.expires_at <= utc_now():
        raise NotFound("preferences.dead")
    customer = uow.session.get(Customer, row.customer_id)
    while customer is not None and customer.merged_into_id is not None:
        customer = uow.session.get(Customer, customer.merged_into_id)
    if customer is None or customer.archived_at is not None:
        raise NotFound("preferences.dead")
    row.customer_id = customer.id
    return row


def _shown(uow: UnitOfWork, link: PreferenceLink, language: str) -> Preferences:
    controller = settings.read(uow.session).controller
    if link.event_id is not None:
        asked = uow.session.get_one(ConsentEvent, link.event_id)
        purpose = uow.session.get_one(Purpose, asked.purpose_id)
        spoken = purposes.active_text(uow, purpose.id, language)
        return Preferences(controller, [Group(spoken.title if spoken else purpose.name, spoken.text if spoken else "")],
                           confirms=asked.point or names.option("medium", asked.medium or "", language))  # fmt: skip
    subject, groups = look(uow, link.customer_id), []
    for purpose in _offered(uow):
        spoken = purposes.active_text(uow, purpose.id, language, subject.customer.country)
        group = Group(spoken.title if spoken else purpose.name, spoken.text if spoken else purpose.description or "")
        for medium in purpose.media:
            told = answer(subject, purpose, medium)
            if told.reason.key not in ("consent.why.unreachable", "consent.why.purpose"):
                label = names.option("medium", medium, language)
                group.choices.append(Choice(f"{purpose.id}.{medium}", label, told.allowed))
        if group.choices:
            groups.append(group)
    return Preferences(controller, groups)


def _write(uow: UnitOfWork, link: PreferenceLink, ticked: set[str], language: str, ip: str, agent: str) -> None:
    subject = look(uow, link.customer_id)
    for purpose in _offered(uow):
        spoken = purposes.active_text(uow, purpose.id, language, subject.customer.country)
        for medium in purpose.media:
            told, wanted = answer(subject, purpose, medium), f"{purpose.id}.{medium}" in ticked
            reachable = is_offered(purpose, medium) and told.reason.key != "consent.why.unreachable"
            if not reachable or told.allowed == wanted:
                continue
            now = utc_now()
            said = Said(
                "given" if wanted else "withdrawn", "preference_page", text_id=spoken.id if spoken and wanted else None,
                ip=ip, agent=agent, confirmed_at=now if wanted else None, at=now,
            )  # fmt: skip
            ledger.record(uow, link.customer_id, purpose.id, medium, said)


def _offered(uow: UnitOfWork) -> list[Purpose]:
    return [one for one in purposes.offered(uow) if one.nature != "obligation"]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _count(ip: str) -> None:
    limiter = limiting.limiter()
    if not limiter.hit(TRIES, "preferences", ip):
        left = limiter.get_window_stats(TRIES, "preferences", ip).reset_time - time.time()
        raise TooMany("preferences.many", n=max(1, round(left / 60)))
