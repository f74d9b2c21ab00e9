"""The agenda: my day, reminders in the app and by mail, the digest, and the calendar under a secret address."""

import socket
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from icalendar import Calendar
from sqlmodel import select

from c360.core import config
from c360.core.actor import SYSTEM
from c360.core.clock import utc_now
from c360.core.errors import NotFound
from c360.models.activity import Activity
from c360.models.user import User
from c360.services import activities, agenda, calendar_feed, notifications, reminders
from c360.services.uow import ask, perform, unit_of_work
from tests.conftest import reads_of


@pytest.fixture
def ann(agent, make_as):
    return make_as(agent, "contact", family_name="Ann")


def plan(actor, one, subject="Call Ann", hours=1.0, **values):
    at = utc_now() + timedelta(hours=hours)
    given = {"kind": "call", "subject": subject, "starts_at": at.isoformat(), **values}
    return perform(actor, activities.add, [one], given)


def told(actor):
    return [(notice.text, notice.href) for notice in ask(actor, notifications.mine)]


class Box:
    """A mail server that keeps what it is given."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


@pytest.fixture
def smtp(monkeypatch):
    box = Box()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    monkeypatch.setenv("C360_SMTP_URL", f"smtp://127.0.0.1:{port}")
    config.settings.cache_clear()
    yield box
    server.stop()
    monkeypatch.undo()
    config.settings.cache_clear()


@pytest.mark.feature("SEC-7", "ACT-7", "B-PRF-3")
def test_my_day_lists_what_is_mine_overdue_today_and_upcoming(agent, make_user, ann):
    mate = make_user("Mate", team="North")
    plan(agent, ann, "Late", -2)
    plan(agent, ann, "Next week", 24 * 7)
    plan(agent, ann, "His", 1, owner_id=str(mate.user_id))
    day = ask(agent, agenda.day)
    assert "agenda" in reads_of(agent)
    assert [line.subject for line in day.overdue] == ["Late"]
    assert [line.subject for line in day.upcoming] == ["Next week"]
    assert day.today == []
    hers = ask(mate, agenda.day)
    assert [line.subject for line in [*hers.today, *hers.upcoming]] == ["His"]


def test_the_day_ends_at_midnight_of_the_readers_clock():
    now = utc_now().replace(hour=22, minute=30)
    assert agenda.midnight_after(now, 0) - now == timedelta(hours=1, minutes=30) - timedelta(
        seconds=now.second, microseconds=now.microsecond
    )
    assert agenda.midnight_after(now, 120) - now > timedelta(hours=23)


@pytest.mark.feature("ACT-7")
def test_an_operator_is_reminded_once_and_again_after_a_snooze(agent, ann):
    later, soon = plan(agent, ann, "Much later", 48), plan(agent, ann, "Soon", 0.1)
    version = _version(soon)
    reminders.sweep()
    reminders.sweep()
    assert told(agent) == [("Reminder: Soon", f"/activity/{soon}")]
    assert _version(soon) == version
    perform(agent, activities.snooze, soon, 15)
    reminders.sweep()
    assert len(told(agent)) == 1
    with unit_of_work(agent) as uow:
        uow.get("activity", soon).remind_at = utc_now() - timedelta(minutes=1)
    reminders.sweep()
    assert len(told(agent)) == 2
    perform(agent, activities.end, later, "cancelled")
    reminders.sweep()
    assert len(told(agent)) == 2


def _version(activity_id):
    with unit_of_work(SYSTEM, reads=True) as uow:
        return uow.session.exec(select(Activity.version).where(Activity.id == activity_id)).one()


@pytest.mark.feature("ACT-7")
def test_reminders_and_the_digest_come_by_mail_where_a_server_is_set_up(agent, ann, smtp, monkeypatch):
    with unit_of_work(agent, reads=True) as uow:
        login = uow.session.exec(select(User.login).where(User.id == agent.user_id)).one()
    plan(agent, ann, "Über die Straße", 0.1)
    monkeypatch.setattr(reminders, "MORNING", 0)
    perform(agent, agenda.prefer, mails=True, digest=True)
    reminders.sweep()
    assert [mail[0][0].replace(chr(34), "") for mail in smtp.mails] == [login, login]
    reminder, digest = (mail[1] for mail in smtp.mails)
    assert "Reminder" in reminder
    assert "Your day" in digest
    reminders.sweep()
    assert len(smtp.mails) == 2
    perform(agent, agenda.prefer, mails=False, digest=False)
    plan(agent, ann, "Silent", 0.1)
    reminders.sweep()
    assert len(smtp.mails) == 2
    assert "Reminder: Silent" in [text for text, _ in told(agent)]


def test_a_mail_server_that_is_away_stops_nothing(agent, ann, monkeypatch):
    monkeypatch.setenv("C360_SMTP_URL", "smtp://127.0.0.1:1")
    config.settings.cache_clear()
    plan(agent, ann, "Soon", 0.1)
    reminders.sweep()
    assert [text for text, _ in told(agent)] == ["Reminder: Soon"]
    monkeypatch.undo()
    config.settings.cache_clear()


@pytest.mark.feature("ACT-7")
def test_a_calendar_program_reads_what_is_planned_until_the_address_is_taken_back(agent, ann):
    meeting = plan(
        agent, ann, "Größe; Preise, Fristen", 30, kind="meeting", place="Ring 1, Wien", text="Bring samples\nand prices"
    )
    done = plan(agent, ann, "Done", 1)
    perform(agent, activities.end, done, "closed")
    token = perform(agent, calendar_feed.make).partition("token=")[2]
    (event,) = Calendar.from_ical(calendar_feed.read(token)).walk("VEVENT")
    assert str(event["summary"]) == "Meeting: Größe; Preise, Fristen"
    assert str(event["uid"]).startswith(str(meeting))
    assert str(event["location"]) == "Ring 1, Wien"
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=30)
    assert "Ann" in str(event["description"])
    assert len(event.walk("VALARM")) == 1
    renewed = perform(agent, calendar_feed.make).partition("token=")[2]
    with pytest.raises(NotFound):
        calendar_feed.read(token)
    assert calendar_feed.read(renewed)
    perform(agent, calendar_feed.revoke)
    with pytest.raises(NotFound):
        calendar_feed.read(renewed)
    with pytest.raises(NotFound):
        calendar_feed.read("")
