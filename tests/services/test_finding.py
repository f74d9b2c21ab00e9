"""Global search: what is found, in what order, and what never is."""

from dataclasses import replace

import pytest

from c360.services import finding
from c360.services.uow import unit_of_work


def labels(actor, words):
    with unit_of_work(actor, reads=True) as uow:
        return [hit.label for hit in finding.find(uow, words)]


@pytest.mark.feature("LST-15")
def test_an_account_is_found_through_its_people(agent, make_as, stranger):
    account = make_as(agent, "account", name="Nordwind GmbH")
    person = make_as(agent, "contact", given_name="Zoë", family_name="Ångström", email="zoe@privat.example",
                     phone="+49 171 5550123")  # fmt: skip
    make_as(agent, "contact_person", given={"account_id": account, "contact_id": person})
    for words in ("angstrom", "zoe@privat", "0171 5550123", "+49 (171) 555-0123"):
        assert "Nordwind GmbH" in labels(agent, words), words
        assert "Zoë Ångström" in labels(agent, words), words
        assert labels(stranger, words) == []


@pytest.mark.feature("LST-15", "R12", "BEY-13")
def test_a_person_out_of_reach_leads_nowhere(agent, stranger, admin, make_as):
    account = make_as(agent, "account", name="Nordwind GmbH")
    person = make_as(stranger, "contact", family_name="Canary", email="canary@example.com")
    make_as(admin, "contact_person", given={"account_id": account, "contact_id": person})
    assert labels(admin, "canary") == ["Canary", "Nordwind GmbH"]
    assert labels(agent, "canary") == []
    assert labels(stranger, "canary") == ["Canary"]


@pytest.mark.feature("BEY-13")
def test_hidden_fields_neither_find_nor_show(agent, make_as):
    make_as(agent, "contact", family_name="King", email="canary@example.com", phone="+49 30 998877")
    blind = replace(agent, hidden=frozenset({"contact.email", "contact.phone"}))
    assert labels(blind, "canary") == []
    assert labels(blind, "998877") == []
    with unit_of_work(blind, reads=True) as uow:
        (hit,) = finding.find(uow, "king")
    assert "canary" not in repr(hit)
    assert "998877" not in repr(hit)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Lovelcae", "Ada Lovelace"), ("Ada Lovelase", "Ada Lovelace"), ("schmitd", "Jürgen Schmidt"),
        ("Jurgen Schmit", "Jürgen Schmidt"), ("Mueller", "Zoë Müller"), ("Strasser", "Anna Straßer"),
        ("mulller", "Zoë Müller"),
    ],
)  # fmt: skip
def test_a_typing_error_is_forgiven(agent, make_as, typed, meant):
    for given, family in (("Ada", "Lovelace"), ("Jürgen", "Schmidt"), ("Zoë", "Müller"), ("Anna", "Straßer")):
        make_as(agent, "contact", given_name=given, family_name=family)
    make_as(agent, "account", name="Quarz und Partner")
    assert labels(agent, typed) == [meant]


def test_beginnings_stand_before_middles_and_ones_own_before_others(agent, make_user, make_as):
    mate = make_user("Max Mate", team="North")
    make_as(mate, "account", name="Hansa Logistik")
    make_as(agent, "account", name="Nordhansa")
    make_as(agent, "account", name="Hansa Werke")
    make_as(agent, "account", name="Alte Hansa")
    assert labels(agent_now(agent), "hansa") == ["Hansa Werke", "Hansa Logistik", "Alte Hansa", "Nordhansa"]


def agent_now(agent):
    from tests.conftest import actor_of

    return actor_of(agent.user_id)


@pytest.mark.parametrize(
    "words", ["", " ", "%", "_", '"', "\\", "a\x00b", "AND", "NEAR/2", "😀😀😀", "-", "+49", "''' OR 1"]
)
def test_every_text_is_only_text(agent, make_as, words):
    make_as(agent, "contact", family_name="King")
    assert labels(agent, words) == []


@pytest.mark.parametrize("words", ["王", "王伟", "שלום", "😀", "𝓐da", "K"])
def test_short_and_foreign_texts_find(agent, make_as, words):
    make_as(agent, "contact", family_name="王伟 שלום 😀 Ada K")
    assert labels(agent, words) == ["王伟 שלום 😀 Ada K"]


def test_archived_and_merged_customers_are_not_found(agent, make_as):
    from c360.services import records

    gone = make_as(agent, "contact", family_name="Lovelace")
    with unit_of_work(agent) as uow:
        records.archive(uow, "contact", gone)
    assert labels(agent, "lovelace") == []
