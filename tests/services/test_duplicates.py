"""Duplicates among the customers, and what was decided about them."""

import pytest

from c360.core.actor import SYSTEM
from c360.core.errors import Conflict, Forbidden, Invalid, NotFound
from c360.services import records
from c360.services.duplicates import scan, verdicts
from c360.services.uow import ask, perform

pytestmark = pytest.mark.usefixtures("database")
PEOPLE = [
    ("Emil", "Conrad", "1972-02-16"), ("Rita", "Gruber", "1978-05-19"), ("Olga", "Lenz", "1990-11-02"),
    ("Hans", "Moser", "1955-07-30"), ("Tina", "Abel", "1984-01-12"), ("Sven", "Pohl", "1967-09-05"),
]  # fmt: skip


@pytest.fixture
def base(agent, make_as):
    """Six different people, and one of them twice: by a nickname, without the birth date."""
    ids = [
        make_as(agent, "contact", given_name=given, family_name=family, birth_date=born,
                email=f"{family}.{born[:4]}@example.org".lower())
        for given, family, born in PEOPLE
    ]  # fmt: skip
    twin = make_as(agent, "contact", given_name="EMIL", family_name="Conrad", email="conrad.1972@example.org")
    return ids, twin


def groups(actor=SYSTEM):
    return scan.scan(actor, "contact").groups


@pytest.mark.feature("DUP-2", "B-DUP-9")
def test_a_scan_finds_who_is_there_twice_and_says_why(base):
    ids, twin = base
    found = scan.scan(SYSTEM, "contact")
    assert (found.customers, found.groups) == (7, [[ids[0], twin]])
    assert "same e-mail" in found.pairs[0].why
    assert (found.pairs[0].left_id, found.pairs[0].right_id) == (ids[0], twin)


@pytest.mark.feature("B-DUP-13")
def test_archived_customers_are_not_listed(base, agent):
    _, twin = base
    perform(agent, records.archive, "contact", twin)
    assert groups() == []


def test_a_scan_sees_what_its_actor_sees(base, stranger, make_as):
    assert groups(stranger) == []


@pytest.mark.feature("DUP-6", "B-DUP-10", "BEY-6")
def test_told_apart_they_stay_apart_until_they_become_more_alike(base, agent):
    ids, twin = base
    verdict = perform(agent, verdicts.dismiss, "contact", twin, ids[0], "father and son")
    assert groups() == []
    [told] = ask(agent, verdicts.standing)
    assert (told.id, told.reason, told.by_id) == (verdict, "father and son", agent.user_id)
    assert {told.left_id, told.right_id} == {ids[0], twin}

    perform(agent, records.update, "contact", twin, {"job_title": "Baker"})
    assert groups() == [], "what is not compared changes nothing"
    perform(agent, records.update, "contact", twin, {"birth_date": "1972-02-16"})
    assert groups() == [[ids[0], twin]], "now they are more alike than they were"


@pytest.mark.feature("B-DUP-10")
def test_a_verdict_can_be_taken_back(base, agent):
    ids, twin = base
    verdict = perform(agent, verdicts.dismiss, "contact", ids[0], twin, "two people")
    with pytest.raises(Conflict):
        perform(agent, verdicts.dismiss, "contact", ids[0], twin, "again")
    perform(agent, verdicts.revoke, verdict)
    assert groups() == [[ids[0], twin]]
    assert ask(agent, verdicts.standing) == []
    with pytest.raises(Conflict):
        perform(agent, verdicts.revoke, verdict)
    perform(agent, verdicts.dismiss, "contact", ids[0], twin, "two people after all")
    assert groups() == []


def test_a_verdict_takes_a_reason_and_rights_on_both(base, agent, stranger):
    ids, twin = base
    with pytest.raises(Invalid):
        perform(agent, verdicts.dismiss, "contact", ids[0], twin, "  ")
    with pytest.raises(Invalid):
        perform(agent, verdicts.dismiss, "contact", ids[0], ids[0], "myself")
    with pytest.raises((NotFound, Forbidden)):
        perform(stranger, verdicts.dismiss, "contact", ids[0], twin, "why not")
    verdict = perform(agent, verdicts.dismiss, "contact", ids[0], twin, "two people")
    assert ask(stranger, verdicts.standing) == []
    with pytest.raises((NotFound, Forbidden)):
        perform(stranger, verdicts.revoke, verdict)
