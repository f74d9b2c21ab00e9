"""The Consents tab as a person uses it: open a cell, record with proof, withdraw, look back."""

import pytest

from c360.core.actor import SYSTEM
from c360.core.errors import NotFound
from c360.models.consent import Purpose
from c360.services.consents import Said, matrix, purposes, receipts, record
from c360.services.uow import ask, perform, unit_of_work
from c360.state.consents import _said, written


@pytest.fixture
def promotion(database):
    with unit_of_work(SYSTEM) as uow:
        return purposes.promotion(uow).id


@pytest.fixture
def ann(agent, make_as):
    return make_as(agent, "contact", family_name="Öz", email="ann@example.com", phone="030 123", language="de")


def cell(actor, customer_id, medium):
    found = ask(actor, matrix.matrix, customer_id)
    return next(c for line in found.lines for c in line.cells if line.id == found.promotion and c.medium == medium)


@pytest.mark.feature("CNS-1", "CNS-3", "CNS-8")
def test_a_cell_says_what_holds_since_when_why_and_what_held_before(agent, ann, promotion):
    assert cell(agent, ann, "post").state == "none"
    for event, note in (("given", "card"), ("withdrawn", ""), ("given", "signed again")):
        perform(agent, record, ann, promotion, "post", Said(event, "paper", note=note))
    perform(agent, record, ann, promotion, "post", Said("refused", "third_party", party="Data House"))
    shown = cell(agent, ann, "post")
    assert (shown.state, shown.parties) == ("yes", ["Data House: no"])
    assert shown.since
    assert "Withdrawn" in shown.before
    found = ask(agent, matrix.detail, ann, promotion, "post")
    assert [told.event for told in found.history] == ["No", "Yes", "Withdrawn", "Yes"]
    assert (found.history[0].party, found.history[1].note, found.history[1].who) == (
        "Data House",
        "signed again",
        "Ben Agent",
    )


@pytest.mark.feature("CNS-6")
def test_a_yes_by_email_waits_for_its_confirmation(agent, ann, promotion):
    perform(agent, record, ann, promotion, "email", Said("given", "website"))
    assert cell(agent, ann, "email").state == "pending"
    assert ask(agent, matrix.matrix, ann).waiting


@pytest.mark.feature("CNS-2")
def test_the_promotional_switch_is_one_cell(agent, ann, promotion):
    with unit_of_work(SYSTEM) as uow:
        uow.session.get(Purpose, promotion).double_opt_in = False
    perform(agent, record, ann, promotion, "email", Said("given", "paper", note="card"))
    assert ask(agent, matrix.matrix, ann).promoted
    perform(agent, record, ann, promotion, "email", Said("withdrawn", "in_person"))
    found = ask(agent, matrix.matrix, ann)
    assert (found.promoted, bool(found.promoted_since)) == (False, True)


@pytest.mark.feature("CNS-1")
def test_a_receipt_tells_what_was_agreed_to_and_only_to_who_sees_the_customer(agent, stranger, ann, promotion):
    spoken = ask(agent, purposes.active_text, promotion, "de")
    event_id = perform(agent, record, ann, promotion, "post", Said("given", "paper", text_id=spoken.id))
    told = ask(agent, receipts.receipt, event_id)
    assert told["header"]["schema_version"] == "ISO/IEC TS 27560:2023"
    assert told["processing"]["privacy_notice"]["sha256"] == spoken.sha256
    assert told["events"][0]["event_type"] == "given"
    assert dict(ask(agent, receipts.lines, event_id))["Purpose"] == "Promotional information"
    with pytest.raises(NotFound):
        ask(stranger, receipts.receipt, event_id)


def test_controls_that_are_not_on_the_page_say_nothing():
    form = {"source": "paper", "note": "card", "c-option_id": None, "option_id": None, "files": []}
    said = _said("given", written(form))
    assert (said.source, said.note, said.option_id, said.at) == ("paper", "card", None, None)
