"""The consent ledger: what was said, what it means today, and that nobody can rewrite it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from c360.core import db
from c360.core.actor import SYSTEM
from c360.core.clock import utc_now
from c360.core.errors import Conflict, Forbidden, Invalid, NotFound
from c360.models.consent import NO, POINTED, YES, ConsentEvent, Purpose
from c360.models.customer import Customer
from c360.models.journal import ChangeSet
from c360.registry.entity import entity_for
from c360.services import consents, records, undo
from c360.services.consents import Said, asking, purposes, receipts
from c360.services.uow import ask, perform, unit_of_work


@pytest.fixture
def purpose(database):
    """Return the ids of the purposes every installation starts with, by key."""
    with unit_of_work(SYSTEM) as uow:
        found = {one.key: one.id for one in purposes.every(uow)}
        uow.session.get(Purpose, found["promotion"]).double_opt_in = False
        uow.session.get(Purpose, found["access"]).media = ["email", "phone", "post", "visit"]
    return found


@pytest.fixture
def ann(agent, make_as):
    return make_as(agent, "contact", family_name="Öz", email="ann@example.com", phone="030 123-456")


def say(actor, customer_id, purpose_id, medium, event, **told):
    return perform(
        actor, consents.record, customer_id, purpose_id, medium, Said(event, told.pop("source", "paper"), **told)
    )


def may(actor, customer_id, purpose_id, medium="email", option=None):
    return ask(actor, consents.may_contact, customer_id, purpose_id, medium, option)


def listed(purpose_id, medium):
    return set(ask(SYSTEM, reachable, purpose_id, medium))


def reachable(uow, purpose_id, medium):
    purpose = uow.session.get(Purpose, purpose_id)
    return uow.session.exec(select(Customer.id).where(consents.contactable(purpose, medium))).all()


@pytest.mark.feature("CNS-1", "R36")
def test_the_default_is_no_and_a_yes_is_for_one_purpose_medium_and_address(agent, make_as, ann, purpose):
    promotion = purpose["promotion"]
    allowed, _ = may(agent, ann, promotion)
    assert not allowed
    assert may(agent, ann, promotion).reason.key == "consent.why.never"
    say(agent, ann, promotion, "email", "given", note="told at the fair")
    assert may(agent, ann, promotion).allowed
    assert not may(agent, ann, promotion, "phone").allowed
    assert not may(agent, ann, purpose["access"], "phone").allowed
    with unit_of_work(agent) as uow:
        records.update(uow, "contact", ann, {"email": "new@example.com"})
    assert not may(agent, ann, promotion).allowed, "another address has not been agreed to"
    with unit_of_work(agent) as uow:
        records.update(uow, "contact", ann, {"email": "ann@example.com"})
    assert may(agent, ann, promotion).allowed


@pytest.mark.feature("CNS-13")
def test_access_and_marketing_are_two_permissions(agent, ann, purpose):
    say(agent, ann, purpose["access"], "visit", "given")
    assert may(agent, ann, purpose["access"], "visit").allowed
    assert not any(may(agent, ann, purpose["promotion"], medium).allowed for medium in ("email", "phone", "post"))
    say(agent, ann, purpose["promotion"], "phone", "refused")
    say(agent, ann, purpose["access"], "phone", "given")
    assert may(agent, ann, purpose["access"], "phone").allowed
    assert not may(agent, ann, purpose["promotion"], "phone").allowed


@pytest.mark.feature("CNS-2", "CNS-3")
def test_a_withdrawal_counts_at_once_and_a_new_yes_needs_proof(agent, ann, purpose):
    promotion = purpose["promotion"]
    say(agent, ann, promotion, "email", "given", note="card")
    say(agent, ann, promotion, "email", "withdrawn")
    answer = may(agent, ann, promotion)
    assert (answer.allowed, answer.reason.key) == (False, "consent.why.withdrawn")
    with pytest.raises(Invalid):
        say(agent, ann, promotion, "email", "given")
    say(agent, ann, promotion, "email", "given", note="signed again")
    assert may(agent, ann, promotion).allowed
    with unit_of_work(agent, reads=True) as uow:
        assert len(uow.session.exec(select(ConsentEvent)).all()) == 3, "the whole history stays"


@pytest.mark.feature("CNS-1")
def test_a_yes_ends_with_its_term_and_without_a_job(agent, ann, purpose):
    long_ago = utc_now() - timedelta(days=400)
    say(agent, ann, purpose["promotion"], "post", "given", at=long_ago, valid_until=(long_ago + timedelta(9)).date())
    assert may(agent, ann, purpose["promotion"], "post").reason.key == "consent.why.expired"
    assert ann not in listed(purpose["promotion"], "post")
    with unit_of_work(SYSTEM) as uow:
        uow.session.get(Purpose, purpose["promotion"]).lasts_months = 6
    say(agent, ann, purpose["promotion"], "post", "renewed", at=utc_now() - timedelta(days=100), note="call")
    assert may(agent, ann, purpose["promotion"], "post").allowed
    for wrong in ({"at": utc_now() + timedelta(days=2)}, {"valid_until": (utc_now() - timedelta(days=9)).date()}):
        with pytest.raises(Invalid):
            say(agent, ann, purpose["promotion"], "post", "given", **wrong)


@pytest.mark.feature("REC-20")
def test_forbidden_channels_and_options_beat_every_consent(agent, ann, make_as, purpose):
    promotion = purpose["promotion"]
    second = make_as(agent, "communication", {"customer_id": ann}, family="email", value="b@example.com")
    for option in (None, second):
        say(agent, ann, promotion, "email", "given", option_id=option, note="card")
    assert may(agent, ann, promotion).allowed
    assert may(agent, ann, promotion, option=second).allowed
    with unit_of_work(agent) as uow:
        records.update(uow, "communication", second, {"do_not_use": "yes", "comment": "full"})
    assert may(agent, ann, promotion, option=second).reason.params["reason"] == "full"
    assert ann in listed(promotion, "email")
    with unit_of_work(agent) as uow:
        records.update(uow, "contact", ann, {"forbidden_media": "email", "forbidden_reason": "asked"})
    answer = may(agent, ann, promotion)
    assert (answer.allowed, answer.reason.params["reason"]) == (False, "asked")
    assert ann not in listed(promotion, "email")


def test_messages_of_a_duty_need_no_consent_but_respect_forbidden_channels(agent, ann, purpose):
    assert may(agent, ann, purpose["contract"]).allowed
    with pytest.raises(Conflict):
        say(agent, ann, purpose["contract"], "email", "given")
    perform(agent, consents.opt_out, ann, "phone")
    assert may(agent, ann, purpose["contract"]).allowed
    with unit_of_work(agent) as uow:
        records.update(uow, "contact", ann, {"forbidden_media": "email"})
    assert not may(agent, ann, purpose["contract"]).allowed


@pytest.mark.feature("CNS-4")
def test_one_opt_out_ends_every_permission(agent, ann, purpose):
    say(agent, ann, purpose["promotion"], "email", "given", note="card")
    say(agent, ann, purpose["access"], "visit", "given")
    perform(agent, consents.opt_out, ann, "phone")
    assert not may(agent, ann, purpose["promotion"]).allowed
    assert not may(agent, ann, purpose["access"], "visit").allowed


@pytest.mark.feature("CNS-8")
def test_a_third_partys_permission_is_not_ours(agent, ann, purpose):
    say(agent, ann, purpose["promotion"], "email", "given", party="Data House", note="licence")
    assert not may(agent, ann, purpose["promotion"]).allowed
    assert ann not in listed(purpose["promotion"], "email")
    with unit_of_work(agent, reads=True) as uow:
        assert consents.may_contact(uow, ann, purpose["promotion"], "email", party="Data House").allowed


@pytest.mark.feature("R36")
@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE consent_event SET event = 'given'",
        "UPDATE consent_event SET at = created_at",
        "UPDATE consent_event SET note = 'other'",
        "DELETE FROM consent_event",
        "UPDATE consent_text SET text = 'other'",
        "DELETE FROM consent_text",
    ],
)
def test_the_database_itself_refuses_to_rewrite_what_was_said(agent, ann, purpose, wrong):
    say(agent, ann, purpose["promotion"], "post", "refused", at=datetime(2020, 1, 1, tzinfo=UTC), note="call")
    with Session(db.engine()) as session, pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(wrong))


@pytest.mark.feature("R36")
def test_nobody_changes_deletes_undoes_or_types_an_event(agent, ann, purpose):
    event_id = say(agent, ann, purpose["promotion"], "post", "refused")
    with pytest.raises(Conflict), unit_of_work(agent) as uow:
        uow.get("consent_event", event_id).event = "given"
    with pytest.raises(Conflict), unit_of_work(agent) as uow:
        uow.session.delete(uow.get("consent_event", event_id))
    with pytest.raises(Invalid), unit_of_work(agent) as uow:
        records.create(uow, "consent_event", {"event": "given", "medium": "post"}, customer_id=ann)
    with unit_of_work(agent, reads=True) as uow:
        last = uow.session.exec(select(ChangeSet.id).order_by(ChangeSet.seq.desc()).limit(1)).one()
    outcome = perform(agent, undo.undo, last)
    assert [kept.reason for kept in outcome.conflicts] == ["append_only"]
    assert not may(agent, ann, purpose["promotion"], "post").allowed


@pytest.mark.feature("R13")
def test_only_who_may_change_the_customer_may_record_and_only_who_sees_him_may_ask(
    agent, stranger, make_user, ann, purpose
):
    mate = make_user("Mia", team="North")
    with pytest.raises(Forbidden):
        say(mate, ann, purpose["promotion"], "email", "given", note="x")
    with pytest.raises(NotFound):
        say(stranger, ann, purpose["promotion"], "email", "given", note="x")
    with pytest.raises(NotFound):
        may(stranger, ann, purpose["promotion"])
    assert not may(mate, ann, purpose["promotion"]).allowed


@pytest.mark.feature("CNS-7")
def test_texts_are_versioned_one_is_active_and_the_accepted_one_is_kept(admin, agent, ann, purpose):
    promotion = purpose["promotion"]
    first = ask(agent, purposes.active_text, promotion, "de", "AT")
    assert (first.language, first.number) == ("de", 1)
    say(agent, ann, promotion, "email", "given", text_id=first.id)
    perform(admin, purposes.publish, promotion, "de", "", "Neu", "Neuer Text")
    perform(admin, purposes.publish, promotion, "de", "AT", "Neu", "Text für Österreich")
    assert ask(agent, purposes.active_text, promotion, "de", "AT").text == "Text für Österreich"
    assert ask(agent, purposes.active_text, promotion, "de", "DE").number == 2
    with unit_of_work(agent, reads=True) as uow:
        kept = uow.session.exec(select(ConsentEvent)).one()
        assert (kept.text_id, kept.text_sha256) == (first.id, purposes.digest(first.title, first.text))
        active = [t for t in purposes.texts(uow, promotion) if t.is_active and t.language == "de" and not t.country]
        assert [t.number for t in active] == [2]
    perform(admin, purposes.activate, first.id)
    assert ask(agent, purposes.active_text, promotion, "de").number == 1
    with pytest.raises(Forbidden):
        perform(agent, purposes.publish, promotion, "de", "", "Meins", "Text")


MEDIA = ("email", "phone", "post")
EVENT = st.tuples(
    st.integers(0, 2),  # customer
    st.sampled_from([None, 0, 1]),  # purpose
    st.sampled_from([None, *MEDIA]),
    st.sampled_from([None, "a@example.com", "b@example.com", "030123"]),
    st.sampled_from(["", "", "Data House"]),
    st.sampled_from(["requested", *YES, *YES, *NO]),
    st.integers(-5, 0),  # days ago
    st.sampled_from([None, None, -1, 3]),  # valid until, days from now
    st.booleans(),  # proven
)


def naive(rows, customer, purpose, medium, address):
    """Say again, as a story, what the ledger means: day by day, and the strict word is the last of a day."""
    mine = []
    for of, for_, on, point, party, event, day, until, proven in rows:
        if of != customer or party or event == "requested" or for_ not in (None, purpose) or on not in (None, medium):
            continue
        if medium in POINTED and point != address and not (event in NO and point is None):
            continue
        mine.append((day, event in NO, until is not None and until <= 0, proven))
    allowed, refused = False, any(no for _, no, _, _ in mine)
    for _day, no, lapsed, proven in sorted(mine, key=lambda one: (one[0], one[1] or one[2])):
        allowed = not no and not lapsed and (allowed or proven or not refused)
    return allowed


SAID = {"expired": "lapsed", "unproven": "lapsed", "withdrawn": "refused", "objected": "refused"}


def reasons(uow, purpose_id, medium):
    """Return why SQL leaves customers out, None where it does not."""
    purpose = uow.session.get(Purpose, purpose_id)
    return dict(uow.session.execute(select(Customer.id, asking.why_not(purpose, medium))).all())


@pytest.mark.feature("CNS-5", "R36")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(EVENT, max_size=12))
def test_the_question_the_list_and_a_naive_reading_agree(agent, make_as, purpose, rows):
    emails = ("a@example.com", "b@example.com", None)
    with unit_of_work(agent) as uow:
        ids = [
            records.add(uow, entity_for("contact"), {"family_name": "X", "email": email, "phone": "030-12 3"}).id
            for email in emails
        ]
    both = (purpose["promotion"], purpose["access"])
    now = utc_now()
    made = [
        ConsentEvent(
            customer_id=ids[of], purpose_id=None if for_ is None else both[for_], medium=on, point=point, party=party,
            event=event, at=now + timedelta(days=day), source="paper", proven=proven,
            valid_until=None if until is None else now + timedelta(days=until),
        )
        for of, for_, on, point, party, event, day, until, proven in rows
    ]  # fmt: skip
    with unit_of_work(agent) as uow:
        uow.session.add_all(made)
    with unit_of_work(SYSTEM, reads=True) as everybody, unit_of_work(agent, reads=True) as mine:
        for which, purpose_id, medium in ((*one, medium) for one in enumerate(both) for medium in MEDIA):
            known = set(reachable(everybody, purpose_id, medium))
            why_not = reasons(everybody, purpose_id, medium)
            for n, customer_id in enumerate(ids):
                address = {"email": emails[n], "phone": "030123"}.get(medium)
                has_one = medium not in POINTED or address is not None
                expected = has_one and naive(rows, n, which, medium, address)
                told = consents.may_contact(mine, customer_id, purpose_id, medium, None)
                assert told.allowed == expected
                assert (customer_id in known) == expected
                why = told.reason.key.removeprefix("consent.why.")
                assert why_not[customer_id] == (None if expected else SAID.get(why, why))


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_receipt_is_read_by_people(agent, ann, purpose, language):
    event = say(agent, ann, purpose["promotion"], "post", "given", at=datetime(2026, 5, 3, 14, 5, tzinfo=UTC))
    lines = dict(ask(replace(agent, language=language), receipts.lines, event))
    said = {"en": "May 3, 2026", "de": "3. Mai 2026"}[language]
    assert [value for value in lines.values() if said in value and "UTC" in value], lines
    assert [(label, value) for label, value in lines.items() if label in value] == [], "no label is said twice"
    assert ("contact data" in lines.values()) == (language == "en")
