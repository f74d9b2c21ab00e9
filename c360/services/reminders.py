"""Reminders: what is due soon is told in the app and by mail; each morning a digest for whoever wants one."""

import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from c360.core.actor import SYSTEM, Actor
from c360.core.clock import today, utc_now
from c360.core.config import settings
from c360.core.i18n import text
from c360.models.activity import Activity
from c360.models.agenda import Agenda
from c360.models.user import User
from c360.services import agenda, mailer, notifications
from c360.services.actors import actor_for
from c360.services.told import plain_text
from c360.services.uow import UnitOfWork, ask, perform

log = logging.getLogger("c360.reminders")
AT_ONCE = 200
MORNING = 5
"""The hour, in universal time, from which digests are sent."""
Mail = tuple[str, str, str]


def sweep() -> None:
    """Remind everybody of what is due, then send the digests of the day."""
    for mail in [*perform(SYSTEM, remind), *digests()]:
        try:
            mailer.send(*mail)
        except OSError as error:  # The notice in the app is there all the same.
            log.warning("a mail was not sent", extra={"error": type(error).__name__})


def remind(uow: UnitOfWork) -> list[Mail]:
    """Leave a notice for every activity whose time to remind has come; return the mails to send, each reminder once."""
    due = select(Activity).where(
        col(Activity.remind_at) <= utc_now(), col(Activity.reminded_at).is_(None), col(Activity.ended_at).is_(None),
        col(Activity.archived_at).is_(None),
    )  # fmt: skip
    found = uow.session.exec(due.order_by(col(Activity.remind_at)).limit(AT_ONCE)).all()
    mails: list[Mail] = []
    for one in found:
        href = f"/activity/{one.id}"
        notifications.tell(uow, one.owner_id, "reminder.notice", href=href, subject=one.subject)
        user = _mailed(uow, one.owner_id)
        if user is not None:
            when = plain_text("moment", one.at.isoformat(), user.language)
            body = text(user.language, "reminder.mail", subject=one.subject, when=when, url=settings().origin + href)
            mails.append((user.login, text(user.language, "reminder.notice", subject=one.subject), body))
    # Bookkeeping, not a change of the activity: its version stays, so that nobody's form conflicts with it.
    uow.session.execute(
        update(Activity).where(col(Activity.id).in_([one.id for one in found])).values(reminded_at=utc_now()),
        execution_options={"synchronize_session": False},
    )
    return mails


def digests() -> list[Mail]:
    """Return the digest of everybody who wants one and had none today."""
    if not mailer.is_on() or utc_now().hour < MORNING:
        return []
    found = [(perform(SYSTEM, _take, agenda_id)) for agenda_id in ask(SYSTEM, _waiting)]
    return [mail for actor in found if actor is not None for mail in ask(actor, _digest)]


def _waiting(uow: UnitOfWork) -> list[UUID]:
    wanted = select(Agenda.id).where(
        col(Agenda.digest).is_(True),
        col(Agenda.archived_at).is_(None),
        col(Agenda.digested_on).is_distinct_from(today()),
    )
    return list(uow.session.exec(wanted.limit(AT_ONCE)))


def _take(uow: UnitOfWork, agenda_id: UUID) -> Actor | None:
    """Note that a digest is sent today, and return whose it is."""
    row = uow.session.get_one(Agenda, agenda_id)
    row.digested_on = today()
    return actor_for(uow.session, row.owner_id)


def _digest(uow: UnitOfWork) -> list[Mail]:
    day, language = agenda.day(uow), uow.actor.language
    user = uow.session.get(User, uow.actor.user_id)
    if user is None or not (day.overdue or day.today or day.upcoming):
        return []
    soon = (utc_now() + timedelta(days=7)).isoformat()
    parts = []
    for name, lines in (("overdue", day.overdue), ("today", day.today), ("upcoming", day.upcoming)):
        told = [f"- {plain_text('moment', line.at, language)}  {line.subject}" for line in lines if line.at < soon]
        parts += [text(language, f"day.{name}"), *told, ""] if told else []
    body = "\n".join([*parts, f"{settings().origin}/day"])
    return [(user.login, text(language, "reminder.digest"), body)]


def _mailed(uow: UnitOfWork, user_id: UUID) -> User | None:
    """Return a user who gets his reminders by mail: all do who have not said otherwise."""
    if not mailer.is_on():
        return None
    off = select(Agenda.id).where(
        Agenda.owner_id == user_id, col(Agenda.mails).is_(False), col(Agenda.archived_at).is_(None)
    )
    user = uow.session.get(User, user_id)
    live = user is not None and user.disabled_at is None and user.archived_at is None
    return user if live and uow.session.exec(off).first() is None else None
