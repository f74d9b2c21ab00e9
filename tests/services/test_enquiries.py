"""Questions to the owners of customers one may not open: who is asked, who answers, what nobody learns."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select, update

from c360.core import config
from c360.core.actor import SYSTEM
from c360.core.clock import utc_now
from c360.core.db import engine
from c360.core.errors import Forbidden, Invalid, NotFound, TooMany
from c360.jobs import tidy
from c360.models.customer import Customer
from c360.models.enquiry import DuplicateEnquiry
from c360.models.job import Notification
from c360.models.journal import ChangeSet
from c360.models.user import User
from c360.services import limiting, notifications
from c360.services.duplicates import enquiring
from c360.services.merging import planning
from c360.services.merging.shapes import Choices
from c360.services.privacy import erasing
from c360.services.uow import ask, perform, unit_of_work
from tests.conftest import reads_of

pytestmark = pytest.mark.usefixtures("database")
SECRET = {"given_name": "Zoë", "family_name": "Ångström 王", "job_title": "CANARY", "notes": "CANARY ليلى"}
STRONG = {"given_name": "Zoë", "family_name": "Ångström 王", "email": "zoe.angstrom@example.org"}
WEAK = {"given_name": "Zoë", "family_name": "Ångström 王", "birth_date": "1990-11-02"}


@pytest.fixture(autouse=True)
def _fresh():
    limiting.storage.cache_clear()


@pytest.fixture
def hidden(agent, make_as):
    """Return a customer of the agent whom the stranger may not open."""
    return make_as(agent, "contact", **SECRET, email=STRONG["email"], birth_date=WEAK["birth_date"])


def send(actor, words="", values=STRONG, mine=None):
    return perform(actor, enquiring.send, "contact", values, mine, words, door="save")


def rows():
    with Session(engine()) as session:
        return session.exec(select(DuplicateEnquiry)).all()


def lines(actor):
    return ask(actor, enquiring.listed)


def notices(actor):
    return [(one.text, one.href) for one in ask(actor, notifications.mine)]


def tidied():
    {name: chore for name, _, chore in tidy.CHORES}["enquiries"]()


def change(statement):
    with Session(engine()) as session:
        session.execute(statement)
        session.commit()


@pytest.mark.feature("BEY-9", "B-DUP-12")
@pytest.mark.parametrize("words", ["", "Ist das Ihr Kunde? 小明 🦊", "x" * 500])
def test_the_owner_is_asked_and_answers_and_the_asker_learns_nothing_of_the_customer(agent, stranger, hidden, words):
    assert send(stranger, f"  {words} ") is None
    text, href = notices(agent)[0]
    assert (text, href) == (f"{stranger.name} has a customer who may be one of yours, and asks you.", enquiring.PLACE)
    [line] = lines(agent)
    assert (line.href, line.who, line.words, line.shared) == (
        f"/contact/{hidden}/summary", stranger.name, words, "email"
    )  # fmt: skip
    assert "Ångström" in line.name
    assert "duplicate.enquiries" in reads_of(agent)
    assert ask(agent, enquiring.waiting) == 1
    perform(agent, enquiring.answer, UUID(line.id), " Rufen Sie mich an ☎️ ")
    assert (lines(agent), ask(agent, enquiring.waiting)) == ([], 0)
    [mine] = lines(stranger)
    assert (mine.mine, mine.state, mine.answer, mine.by) == (True, "answered", "Rufen Sie mich an ☎️", agent.name)
    told = repr([mine, notices(stranger)])
    for value in (str(hidden), "CANARY", "Ångström", "zoe.angstrom", "1990"):
        assert value not in told
    assert "duplicate.enquired" in reads_of(stranger)
    with Session(engine()) as session:
        acts = set(session.exec(select(ChangeSet.action)))
    assert {"duplicate.enquiry.asked", "duplicate.enquiry.answered"} <= acts


@pytest.mark.feature("BEY-9")
def test_what_many_share_and_what_is_open_asks_nobody_and_answers_the_same(agent, stranger, hidden):
    assert send(stranger, values=WEAK) == send(stranger, values={}) == send(agent) is None
    assert send(stranger, values={**STRONG, "email": "someone.else@example.org"}) is None
    assert (rows(), notices(agent)) == ([], [])


@pytest.mark.feature("BEY-9")
def test_one_question_a_day_and_customer_and_so_many_a_day_in_all(agent, stranger, hidden, monkeypatch):
    monkeypatch.setenv("C360_DUPLICATE_ENQUIRIES", "4")
    config.settings.cache_clear()
    for _ in range(2):
        send(stranger)
    assert (len(rows()), len(notices(agent))) == (1, 1)
    perform(agent, enquiring.answer, rows()[0].id, "", declined=True)
    send(stranger)
    assert len(rows()) == 1, "an answered question is not asked again on the same day"
    change(update(DuplicateEnquiry).values(asked_at=utc_now() - timedelta(days=2)))
    send(stranger)
    assert sorted(row.state for row in rows()) == ["declined", "open"]
    with pytest.raises(TooMany) as refused:
        send(stranger)
    assert "4 times a day" in refused.value.text("en")
    monkeypatch.undo()
    config.settings.cache_clear()


@pytest.mark.feature("BEY-9")
def test_only_who_may_change_the_customer_answers_and_never_who_asked(agent, stranger, hidden, make_user):
    far = make_user("Ferdinand", team="West")
    send(stranger)
    [row] = rows()
    for nobody in (stranger, far):
        with pytest.raises(NotFound):
            perform(nobody, enquiring.answer, row.id, "yes")
    assert lines(far) == []
    for wrong in ("", "   ", "x" * 501):
        with pytest.raises(Invalid):
            perform(agent, enquiring.answer, row.id, wrong)
    with pytest.raises(Invalid):
        send(stranger, "x" * 501)
    with pytest.raises(Forbidden):
        send(SYSTEM)
    perform(agent, enquiring.answer, row.id, "", declined=True)
    assert "declined your question" in notices(stranger)[0][0]
    with pytest.raises(NotFound):
        perform(agent, enquiring.answer, row.id, "too late")


@pytest.mark.feature("BEY-9")
def test_where_the_owner_is_gone_others_who_may_answer_are_told(admin, agent, stranger, hidden):
    change(update(User).where(User.id == agent.user_id).values(archived_at=utc_now()))
    assert send(stranger) is None
    assert notices(admin)[0][1] == enquiring.PLACE
    with Session(engine()) as session:
        asked = session.exec(select(Notification.owner_id).where(Notification.message == "enquiry.asked")).all()
    assert {agent.user_id, stranger.user_id}.isdisjoint(asked)


@pytest.mark.feature("BEY-9", "R12")
def test_a_question_follows_a_merge_and_goes_with_the_person(admin, agent, stranger, hidden, make_as):
    send(stranger)
    other = make_as(agent, "contact", given_name="Zoé", family_name="Angstrom")
    choices = Choices(other)
    plan = perform(admin, planning.plan, [other, hidden], choices)
    perform(admin, planning.commit, [other, hidden], choices, plan.fingerprint)
    assert [row.customer_id for row in rows()] == [other]
    [line] = lines(agent)
    assert line.href == f"/contact/{other}/summary"
    perform(admin, erasing.erase, other)
    assert (rows(), lines(agent), lines(stranger)) == ([], [], [])


def test_what_was_kept_long_enough_is_forgotten(agent, stranger, hidden):
    send(stranger)
    perform(agent, enquiring.answer, rows()[0].id, "mine")
    with unit_of_work(SYSTEM, reads=True) as uow:
        assert enquiring.stale(uow) is False
    tidied()
    assert len(rows()) == 1
    change(update(DuplicateEnquiry).values(decided_at=utc_now() - enquiring.KEPT - timedelta(hours=1)))
    tidied()
    assert rows() == []
    send(stranger)
    change(update(DuplicateEnquiry).values(asked_at=utc_now() - enquiring.UNANSWERED - timedelta(hours=1)))
    tidied()
    assert rows() == []
    with Session(engine()) as session:
        assert session.get(Customer, hidden) is not None
