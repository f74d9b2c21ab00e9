"""Four eyes: merges that wait for a second person, and what he may do with them."""

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from c360.core.actor import SYSTEM
from c360.core.db import engine
from c360.core.errors import Conflict, Forbidden, Invalid, NotFound
from c360.models.consent import Purpose
from c360.models.customer import Customer
from c360.models.journal import ChangeSet
from c360.models.merge_request import MergeRequest
from c360.services import administration, consents, notifications, records
from c360.services.consents.ledger import Said
from c360.services.merging import planning, requests, second, unmerging
from c360.services.merging.requests import Requested
from c360.services.merging.shapes import Choices, Merged, Stale
from c360.services.privacy import erasing
from c360.services.uow import ask, perform, unit_of_work
from tests.conftest import reads_of

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def people(make_user):
    """Two who may merge in one team, and one in another."""
    return [
        make_user(name, "manager", team=team) for name, team in (("Jörg", "North"), ("Zoë", "North"), ("Sue", "South"))
    ]


@pytest.fixture
def twins(people, make_as):
    one, *_ = people
    names = (("Emil", "Ångström", "Bäcker"), ("Émil", "Ångström", ""))
    return [make_as(one, "contact", given_name=g, family_name=f, job_title=job) for g, f, job in names]


def rule(admin, **values):
    perform(admin, administration.change, "merging", {"contact": values})


def submitted(actor, ids, **fields):
    choices = Choices(ids[0], fields)
    plan = perform(actor, planning.plan, ids, choices)
    return perform(actor, requests.submit, ids, choices, plan.fingerprint)


def stored(model, one_id):
    with Session(engine()) as session:
        return session.get_one(model, one_id)


@pytest.mark.feature("BEY-22")
def test_nobody_else_is_needed_unless_a_rule_says_so(admin, people, twins):
    rule(admin, second_records=3, second_contacts=1, second_consents=True)
    assert isinstance(submitted(people[0], twins), Merged)


@pytest.mark.feature("BEY-22")
def test_the_author_cannot_approve_the_own_request_and_another_can(admin, people, twins):
    asker, other, far = people
    rule(admin, second_records=2)
    plan = perform(asker, planning.plan, twins, Choices(twins[0]))
    assert plan.second == "many records become one"
    with pytest.raises(second.SecondNeeded):
        perform(asker, planning.merge, twins, Choices(twins[0]))
    with pytest.raises(second.SecondNeeded):
        perform(SYSTEM, planning.commit, twins, Choices(twins[0]), plan.fingerprint)
    waits = submitted(asker, twins, name=f"of:{twins[1]}", notes="typed:Köchin 山")
    assert isinstance(waits, Requested)
    assert stored(Customer, twins[1]).merged_into_id is None
    with pytest.raises(Conflict):
        submitted(asker, twins)
    assert (ask(asker, requests.waiting), ask(other, requests.waiting), ask(far, requests.waiting)) == (0, 1, 0)
    [mine], [line] = ask(asker, requests.listed), ask(other, requests.listed)
    assert (mine.mine, line.mine, line.who, line.state) == (True, False, "Jörg", "waiting")
    assert "Emil" in line.names
    assert "merge.requests" in reads_of(other)
    assert ask(far, requests.listed) == []
    for wrong, refused in ((asker, Forbidden), (far, NotFound), (SYSTEM, Forbidden)):
        with pytest.raises(refused):
            requests.approve(wrong, waits.id)
        with pytest.raises(refused):
            perform(wrong, requests.decline, waits.id, "no")
    shown = perform(other, requests.look, waits.id)
    assert {(one.name, one.after) for one in shown.results} >= {("name", "Émil Ångström")}
    done = requests.approve(other, waits.id)
    left = stored(Customer, twins[0])
    assert (left.given_name, left.notes) == ("Émil", "Köchin 山")
    made = stored(ChangeSet, done.set_id)
    assert (made.actor_id, made.details["requested_by"]) == (other.user_id, str(asker.user_id))
    assert [one.text for one in ask(asker, notifications.mine)] == ["Zoë approved the merge you asked for."]
    assert stored(MergeRequest, waits.id).set_id == done.set_id
    with pytest.raises(NotFound):
        requests.approve(other, waits.id)
    perform(asker, unmerging.unmerge, done.set_id)
    assert stored(Customer, twins[1]).merged_into_id is None, "an un-merge takes nobody else"


@pytest.mark.feature("BEY-22")
def test_who_sees_less_approves_what_he_sees_and_the_plan_still_holds(admin, people, twins):
    asker, other, _ = people
    perform(asker, records.update, "contact", twins[1], {"birth_date": "1980-02-01"})
    rule(admin, second_records=2)
    waits = submitted(asker, twins)
    less = replace(other, hidden=frozenset({"contact.birth_date"}))
    shown = perform(less, requests.look, waits.id)
    assert "merge.planned" in reads_of(less), "who looked is who read"
    assert "birth_date" not in {one.name for one in shown.results}
    requests.approve(less, waits.id)
    assert stored(Customer, twins[0]).birth_date.isoformat() == "1980-02-01"


@pytest.mark.feature("BEY-22")
def test_a_request_is_declined_for_a_reason_or_taken_back(admin, people, twins):
    asker, other, _ = people
    rule(admin, second_records=2)
    waits = submitted(asker, twins)
    for wrong in ("  ", "x" * 501):
        with pytest.raises(Invalid):
            perform(other, requests.decline, waits.id, wrong)
    perform(other, requests.decline, waits.id, "Vater und Sohn 👋")
    assert ask(asker, notifications.mine)[0].text == "Zoë declined the merge you asked for: Vater und Sohn 👋"
    [line] = ask(asker, requests.listed)
    assert (line.state, line.answer, line.by) == ("declined", "Vater und Sohn 👋", "Zoë")
    again = submitted(asker, twins)
    with pytest.raises(NotFound):
        perform(other, requests.withdraw, again.id)
    perform(asker, requests.withdraw, again.id)
    assert ask(other, requests.waiting) == 0


@pytest.mark.feature("BEY-22")
def test_what_changed_since_asks_for_a_new_plan(admin, people, twins):
    asker, other, _ = people
    rule(admin, second_records=2)
    plan = perform(asker, planning.plan, twins, Choices(twins[0]))
    perform(other, records.update, "contact", twins[1], {"department": "OP"})
    with pytest.raises(Stale):
        perform(asker, requests.submit, twins, Choices(twins[0]), plan.fingerprint)
    waits = submitted(asker, twins)
    perform(other, records.update, "contact", twins[1], {"department": "Küche"})
    with pytest.raises(Conflict, match="plan"):
        requests.approve(other, waits.id)
    assert stored(Customer, twins[1]).merged_into_id is None
    assert ask(asker, notifications.mine)[0].text == "Something changed since you asked for a merge: plan it anew."
    assert requests.approve(other, submitted(asker, twins).id).loser_ids == (twins[1],)


@pytest.mark.feature("BEY-22")
def test_a_doubt_that_came_up_since_sends_the_request_back(admin, people, twins):
    asker, other, _ = people
    rule(admin, second_records=2)
    waits = submitted(asker, twins)
    for one, born in zip(twins, ("1980-02-01", "1981-03-02"), strict=True):
        perform(other, records.update, "contact", one, {"birth_date": born})
    with pytest.raises(Conflict, match="plan"):
        requests.approve(other, waits.id)
    assert stored(MergeRequest, waits.id).state == "outdated"
    assert ask(asker, notifications.mine)[0].text == "Something changed since you asked for a merge: plan it anew."


@pytest.mark.feature("BEY-22")
def test_whoever_may_not_any_more_merges_nothing_through_another(admin, people, twins):
    asker, other, _ = people
    rule(admin, second_records=2)
    waits = submitted(asker, twins)
    perform(admin, records.archive, "user", asker.user_id)
    with pytest.raises(Conflict):
        requests.approve(other, waits.id)
    perform(other, requests.decline, waits.id, "gone")


@pytest.mark.feature("BEY-22")
@pytest.mark.parametrize(
    ("events", "needs"),
    [
        ([("given", "email", 0), ("withdrawn", "email", 1)], True),
        ([("given", "email", 0), ("given", "email", 1)], False),
        ([("given", "email", 0), ("withdrawn", "email", 0), ("refused", "email", 1)], False),
        ([("given", "email", 0), ("refused", "phone", 1)], False),
        ([("given", "email", 1), ("objected", None, 0)], True),
        ([("requested", "email", 0), ("given", "email", 1)], False),
        ([], False),
    ],
)
def test_consents_that_contradict_each_other_take_a_second_person(admin, people, twins, events, needs):
    rule(admin, second_consents=True)
    with unit_of_work(SYSTEM) as uow:
        promotion = uow.session.exec(select(Purpose).where(Purpose.key == "promotion")).one()
        promotion.double_opt_in = False
        for one, address in zip(twins, ("a@example.org", "ü@example.org"), strict=True):
            records.update(uow, "contact", one, {"email": address, "phone": "+49 30 5550101"})
    for event, medium, who in events:
        if medium is None:
            perform(SYSTEM, consents.opt_out, twins[who], "paper")
        else:
            perform(SYSTEM, consents.record, twins[who], promotion.id, medium, Said(event, "paper"))
    assert isinstance(submitted(people[0], twins), Requested) is needs


@pytest.mark.feature("BEY-22")
def test_much_contact_takes_a_second_person(admin, people, twins, make_as):
    rule(admin, second_contacts=1)
    with unit_of_work(SYSTEM) as uow:
        uow.session.get_one(Customer, twins[1]).contacts_total = 1
    assert isinstance(submitted(people[0], twins), Requested)
    for wrong in ({"second_records": -1}, {"second_records": True}, {"second_consents": 1}, {"colour": 1}):
        with pytest.raises(Invalid):
            rule(admin, **wrong)


def test_an_erasure_takes_the_request_along(admin, people, twins):
    asker, _, _ = people
    rule(admin, second_records=2)
    waits = submitted(asker, twins, name=f"of:{twins[1]}", notes="typed:Geheim")
    perform(SYSTEM, erasing.erase, twins[1])
    with Session(engine()) as session:
        assert session.get(MergeRequest, waits.id) is None


@pytest.mark.feature("BEY-22")
def test_those_who_may_approve_are_told_and_nobody_else(admin, people, twins, stranger):
    rule(admin, second_records=2)
    asked = submitted(people[0], twins)
    assert isinstance(asked, Requested)
    told = {one.name: [n.text for n in ask(one, notifications.mine)] for one in (*people, admin, stranger)}
    sentence = f"{people[0].name} asks you to approve a merge of 2 records."
    mine, mate, far, over, none = told.values()
    assert (mine, mate, far, over, none) == ([], [sentence], [], [sentence], [])
    assert [n.href for n in ask(people[1], notifications.mine)] == [requests.PLACE]
