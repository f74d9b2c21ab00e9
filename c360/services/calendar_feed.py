"""A user's planned activities for any calendar program, under a secret address he makes and takes back."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from icalendar import Alarm, Calendar, Event
from sqlmodel import col, select

from c360.core.actor import SYSTEM, Actor
from c360.core.clock import utc_now
from c360.core.config import settings
from c360.core.errors import NotFound
from c360.models.activity import Activity
from c360.models.agenda import Agenda
from c360.services import activity_lines, agenda
from c360.services.activity_lines import ActivityLine
from c360.services.actors import actor_for
from c360.services.uow import UnitOfWork, ask

MOST = 1_000
HALF_AN_HOUR = timedelta(minutes=30)


def make(uow: UnitOfWork) -> str:
    """Make the actor a new address, which ends the one before, and return it: it is shown this once."""
    token = secrets.token_urlsafe(32)
    mine = agenda.of(uow)
    mine.feed_digest, mine.feed_made_at = _digest(token), utc_now()
    uow.log("agenda.feed_made")
    return f"{settings().origin}/calendar.ics?token={token}"


def revoke(uow: UnitOfWork) -> None:
    """Take the actor's address back: whoever has it gets nothing any more."""
    mine = agenda.of(uow)
    mine.feed_digest = mine.feed_made_at = None
    uow.log("agenda.feed_revoked")


def read(token: str) -> bytes:
    """Return the calendar of an address; ``NotFound`` when nobody has it."""
    actor = ask(SYSTEM, _whose, token)
    if actor is None:
        raise NotFound("agenda.feed.unknown")
    return ask(actor, render)


def render(uow: UnitOfWork) -> bytes:
    """Return the actor's planned activities as a calendar."""
    made = Calendar()
    made.add("prodid", "-//Customer 360//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", f"Customer 360: {uow.actor.name}")
    planned = (
        uow.select("activity")
        .where(Activity.owner_id == uow.actor.user_id, col(Activity.ended_at).is_(None))
        .with_only_columns(col(Activity.id))
        .order_by(col(Activity.at))
        .limit(MOST)
    )
    uow.saw("agenda.feed", "activity")
    for line in activity_lines.told(uow, list(uow.session.scalars(planned))):
        made.add_component(_event(line))
    return made.to_ical()


def _event(line: ActivityLine) -> Event:
    start = datetime.fromisoformat(line.at)
    event = Event()
    event.add("uid", f"{line.id}@customer360")
    event.add("dtstamp", utc_now())
    event.add("dtstart", start)
    event.add("dtend", datetime.fromisoformat(line.ends_at) if line.ends_at else start + HALF_AN_HOUR)
    event.add("summary", f"{line.kind_label}: {line.subject}")
    with_whom = ", ".join(who.name for who in line.customers)
    event.add("description", "\n".join(filter(None, (with_whom, line.text, settings().origin + line.href))))
    if line.place:
        event.add("location", line.place)
    if line.reminder:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", line.subject)
        alarm.add("trigger", datetime.fromisoformat(line.reminder))
        event.add_component(alarm)
    return event


def _whose(uow: UnitOfWork, token: str) -> Actor | None:
    found = select(Agenda.owner_id).where(Agenda.feed_digest == _digest(token), col(Agenda.archived_at).is_(None))
    owner: UUID | None = uow.session.exec(found).first()
    return actor_for(uow.session, owner) if owner else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
