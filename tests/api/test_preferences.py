"""A customer's own page: no account, no script; what he says there holds, and a dead link says nothing."""

import re

import pytest
from sqlmodel import select

from c360.core.actor import SYSTEM
from c360.models.consent import ConsentEvent, PreferenceLink
from c360.services import consents
from c360.services.consents import Said, preferences, purposes
from c360.services.uow import ask, perform, unit_of_work
from tests.api.conftest import FORM


@pytest.fixture
def promotion(database):
    with unit_of_work(SYSTEM) as uow:
        return purposes.promotion(uow).id


@pytest.fixture
def ann(agent, make_as):
    return make_as(agent, "contact", family_name="Öz", email="ann@example.com", language="de")


def path_of(link):
    return link[link.index("/preferences") :]


def send(browser, link, **data):
    return browser.post("/preferences?lang=en", data={"t": link.partition("t=")[2], **data}, headers=FORM)


@pytest.mark.feature("CNS-4", "R02")
def test_a_customer_changes_his_preferences_by_a_link_and_clears_them_all(door, agent, ann, promotion):
    link = perform(agent, preferences.make_link, ann)
    shown = door().get(path_of(link) + "&lang=de")
    assert shown.status_code == 200
    assert "Werbliche Informationen" in shown.text
    assert "Öz" not in shown.text, "the link tells nobody whose it is"
    assert "<script" not in shown.text
    assert "Your preferences" in door().get(path_of(link)).text
    boxes = re.findall(r'value="([0-9a-f-]{36}\.\w+)"', shown.text)
    assert f"{promotion}.email" in boxes
    saved = send(door(), link, act="save", yes=[f"{promotion}.email", f"{promotion}.post"])
    assert "Saved on" in saved.text
    assert saved.text.count(" checked") == 2
    for medium in ("email", "post"):
        assert ask(agent, consents.may_contact, ann, promotion, medium).allowed
    with unit_of_work(agent, reads=True) as uow:
        event = uow.session.exec(select(ConsentEvent).where(ConsentEvent.medium == "email")).one()
        assert (event.source, event.ip, bool(event.text_id), bool(event.confirmed_at)) == (
            "preference_page", "192.0.2.1", True, True,
        )  # fmt: skip
    send(door(), link, act="save", yes=[f"{promotion}.post"])
    assert not ask(agent, consents.may_contact, ann, promotion, "email").allowed
    assert ask(agent, consents.may_contact, ann, promotion, "post").allowed
    assert "not be contacted any more" in send(door(), link, act="none").text
    assert not ask(agent, consents.may_contact, ann, promotion, "post").allowed


@pytest.mark.feature("CNS-6")
def test_a_yes_holds_from_the_confirmation_on_and_the_link_works_once(door, agent, ann, promotion):
    event_id = perform(agent, consents.record, ann, promotion, "email", Said("given", "website"))
    link = perform(agent, preferences.make_confirmation, event_id)
    assert "ann@example.com" in door().get(path_of(link)).text
    assert not ask(agent, consents.may_contact, ann, promotion, "email").allowed, "looking confirms nothing"
    assert "Confirmed on" in send(door(), link, act="confirm").text
    assert ask(agent, consents.may_contact, ann, promotion, "email").allowed
    assert send(door(), link, act="confirm").status_code == 404
    with unit_of_work(agent, reads=True) as uow:
        yes = uow.session.exec(select(ConsentEvent).where(ConsentEvent.event == "given")).one()
        assert (yes.answers_id, yes.point) == (event_id, "ann@example.com")


@pytest.mark.feature("CNS-6")
def test_an_old_confirmation_does_not_overrule_a_later_no(door, agent, ann, promotion):
    event_id = perform(agent, consents.record, ann, promotion, "email", Said("given", "website"))
    link = perform(agent, preferences.make_confirmation, event_id)
    perform(agent, consents.record, ann, promotion, "email", Said("refused", "phone"))
    assert send(door(), link, act="confirm").status_code == 404
    assert not ask(agent, consents.may_contact, ann, promotion, "email").allowed


@pytest.mark.feature("CNS-4")
def test_dead_guessed_and_foreign_requests_change_nothing(door, agent, ann, promotion):
    link = perform(agent, preferences.make_link, ann)
    secret = link.partition("t=")[2]
    with unit_of_work(SYSTEM) as uow:
        row = uow.session.exec(select(PreferenceLink)).one()
        assert secret not in (row.digest, str(row))
    for wrong in ("", "x" * 43, secret[:-1]):
        assert door().get(f"/preferences?t={wrong}").status_code == 404
    yes = {"t": secret, "act": "save", "yes": f"{promotion}.email"}
    foreign = door().post("/preferences", data=yes, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    with unit_of_work(agent, reads=True) as uow:
        assert uow.session.exec(select(ConsentEvent)).all() == []
    tries = {door("192.0.2.9").get("/preferences?t=guess").status_code for _ in range(31)}
    assert tries == {404, 429}
