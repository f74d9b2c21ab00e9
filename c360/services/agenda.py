"""A user's own agenda: what is his to do, what he is reminded of, and how he wants to be told."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, timezone
from typing import Any

from sqlmodel import col

from c360.core.clock import utc_now
from c360.models.activity import Activity
from c360.models.agenda import Agenda
from c360.services import activity_lines, notifications, users
from c360.services.activity_lines import ActivityLine
from c360.services.notifications import Notice
from c360.services.uow import UnitOfWork

MOST = 300


@dataclass(slots=True)
class Day:
    """What is mine to do: overdue, later today, after today; and what I was told lately."""

    overdue: list[ActivityLine] = field(default_factory=list)
    today: list[ActivityLine] = field(default_factory=list)
    upcoming: list[ActivityLine] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


def day(uow: UnitOfWork, offset: int = 0) -> Day:
    """Return the actor's day; ``offset`` is how many minutes his clock is ahead of universal time."""
    now = utc_now()
    tomorrow = midnight_after(now, offset)
    made = Day(notices=notifications.mine(uow))
    for line in activity_lines.told(uow, list(uow.session.scalars(_mine(uow).limit(MOST)))):
        at = datetime.fromisoformat(line.at)
        (made.overdue if at < now else made.today if at < tomorrow else made.upcoming).append(line)
    uow.saw("agenda", "activity", ids=[line.id for some in (made.overdue, made.today, made.upcoming) for line in some])
    return made


def midnight_after(now: datetime, offset: int) -> datetime:
    """Return when the day ends by a clock so many minutes ahead of universal time."""
    here = now.astimezone(timezone(timedelta(minutes=max(-840, min(offset, 840)))))
    return datetime.combine(here.date() + timedelta(days=1), time(), here.tzinfo)


def there(uow: UnitOfWork) -> Agenda | None:
    """Return the actor's agenda when he has one."""
    return uow.session.exec(uow.select("agenda").where(Agenda.owner_id == uow.actor.user_id)).first()


def of(uow: UnitOfWork) -> Agenda:
    """Return the actor's agenda, made when he has none yet."""
    return there(uow) or uow.add(Agenda(owner_id=users.oneself(uow)))


def prefer(uow: UnitOfWork, *, mails: bool, digest: bool) -> None:
    """Keep whether the actor wants his reminders, and a digest each morning, by mail."""
    agenda = of(uow)
    agenda.mails, agenda.digest = mails, digest


def _mine(uow: UnitOfWork) -> Any:
    planned = uow.select("activity").where(Activity.owner_id == uow.actor.user_id, col(Activity.ended_at).is_(None))
    return planned.with_only_columns(col(Activity.id)).order_by(col(Activity.at), col(Activity.id))
