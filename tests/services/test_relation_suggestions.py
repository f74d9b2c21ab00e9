"""Suggested ties: from a shared phone, house or mail domain, with the reason; never applied, dismissed for good."""

import pytest

from c360.core.errors import Forbidden, NotFound
from c360.services import records, undo
from c360.services.relationships import suggestions
from c360.services.uow import ask, perform
from tests.services.test_relations import around, relations, tie


def suggested(actor, center):
    """Return who is suggested, with the reasons."""
    return {one.label: one.reasons for one in ask(actor, suggestions.of, center)}


@pytest.fixture
def mill(agent, make_as):
    """Return a company with a phone, a mail domain and a house."""
    made = make_as(agent, "account", name="Mühle ♥ GmbH", email="info@muehle.example", phone="+49 30 901820")
    make_as(
        agent, "address", {"customer_id": made}, street="Hauptstraße 5", postal_code="10115", city="Köln", country="DE"
    )
    return made


def test_what_two_share_is_suggested_with_its_reason(agent, mill, make_as):
    ada = make_as(agent, "contact", family_name="Ada", email="Ada@Muehle.example", phone="+49 (30) 90 18 20")
    bob = make_as(agent, "contact", family_name="Bob")
    make_as(agent, "address", {"customer_id": bob}, street="Hauptstr. 5", postal_code="10115", country="DE")
    make_as(agent, "address", {"customer_id": bob}, street="Hauptstr. 7", postal_code="10115", country="DE")
    make_as(agent, "contact", family_name="Nobody", email="nobody@other.example", phone="+49 30 111111")
    assert suggested(agent, mill) == {
        "Ada": ["Same phone: +49 (30) 90 18 20", "Same mail domain: muehle.example"],
        "Bob": ["Same address: Hauptstraße 5, 10115 Köln"],
    }
    assert list(suggested(agent, ada)) == ["Mühle ♥ GmbH"]
    assert around(agent, mill).edges == []
    assert relations(agent) == []
    tie(agent, ada, mill, "is a member of", until_on="2020-01-01")
    perform(agent, records.archive, "contact", bob)
    assert suggested(agent, mill) == {}


def test_a_free_providers_domain_and_a_house_without_number_say_nothing(agent, make_as):
    one, other = (make_as(agent, "contact", family_name=n, email=f"{n}@gmail.com", phone="") for n in ("ada", "bob"))
    for customer in (one, other):
        make_as(agent, "address", {"customer_id": customer}, street="Am Markt", postal_code="10115")
    assert suggested(agent, one) == {}
    assert suggested(agent, make_as(agent, "contact", family_name="Empty")) == {}


@pytest.mark.feature("SEC-8", "R14")
def test_whom_one_may_not_see_is_not_suggested(agent, stranger, admin, mill, make_as):
    eve = make_as(stranger, "contact", family_name="Geheim", email="eve@muehle.example", phone="+49 30 901820")
    assert suggested(agent, mill) == {}
    assert list(suggested(admin, mill)) == ["Geheim"]
    assert not any(one.editable for one in ask(agent, suggestions.of, mill))
    with pytest.raises(NotFound):
        perform(agent, suggestions.dismiss, mill, eve)
    with pytest.raises(NotFound):
        ask(stranger, suggestions.of, mill)


def test_a_dismissed_one_stays_away_from_both_sides_until_taken_back(agent, mill, make_user, make_as):
    ada = make_as(agent, "contact", family_name="Ada", email="ada@muehle.example")
    made = perform(agent, suggestions.dismiss, ada, mill)
    perform(agent, suggestions.dismiss, mill, ada)
    assert suggested(agent, mill) == suggested(agent, ada) == {}
    perform(agent, undo.begin, made)
    assert list(suggested(agent, mill)) == ["Ada"]


@pytest.mark.feature("SEC-8")
def test_who_may_change_neither_dismisses_nothing(make_user, make_as):
    ann, ben = make_user("Ann", team="North"), make_user("Ben", team="North")
    one = make_as(ann, "contact", family_name="One", email="one@muehle.example")
    two = make_as(ann, "contact", family_name="Two", email="two@muehle.example")
    assert [(s.label, s.editable) for s in ask(ben, suggestions.of, one)] == [("Two", False)]
    with pytest.raises(Forbidden):
        perform(ben, suggestions.dismiss, one, two)
