"""What people decide in the queue corrects the next search: on labelled records kept in the app."""

import csv
from uuid import UUID

import pytest
from sqlmodel import select

from c360.core.actor import SYSTEM
from c360.matching import corrections
from c360.models.address import Address
from c360.models.customer import Customer
from c360.models.duplicate import DuplicateModel, DuplicatePair
from c360.services import records
from c360.services.duplicates import running, scan, teaching, verdicts
from c360.services.uow import ask, perform, unit_of_work
from tests.conftest import required
from tests.labelled import HOME, fit, truth

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def restaurants(admin):
    """Keep the restaurants as accounts; give the cluster of each."""
    true = truth(HOME / "restaurants.truth.csv")
    with (HOME / "restaurants.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with unit_of_work(admin) as uow:
        filled = required(uow, "account")
        ids = [records.create(uow, "account", {**filled, "name": row["org_name"]}) for row in rows]
        uow.flush()
        for one, row in zip(ids, rows, strict=True):
            uow.session.get_one(Customer, one).phone = row["phone"]
            home = {"role": "main", "street": row["street"], "city": row["city"]}
            uow.add(Address(customer_id=one, **home))
    return {one: true[row["id"]] for one, row in zip(ids, rows, strict=True)}


def search():
    return running.at_once(SYSTEM, "account", changed=False)


def pairs():
    found = select(DuplicatePair.left_id, DuplicatePair.right_id).where(DuplicatePair.entity == "account")
    return ask(SYSTEM, lambda uow: uow.session.exec(found).all())


def learned():
    with unit_of_work(SYSTEM, reads=True) as uow:
        return uow.session.get_one(DuplicateModel, "account").weights["correction"]


@pytest.mark.feature("B-DUP-14")
def test_decisions_in_the_queue_correct_the_next_search(admin, restaurants):
    search()
    assert learned() is None
    before = fit(scan.whole(SYSTEM, "account").groups, restaurants)[2]
    merged: dict[UUID, UUID] = {}
    asked = pairs()
    assert len(asked) > corrections.ENOUGH
    for left, right in asked:
        if restaurants[left] != restaurants[right]:
            perform(admin, verdicts.dismiss, "account", left, right, "two houses")
    with unit_of_work(SYSTEM) as uow:
        for left, right in asked:
            if restaurants[left] == restaurants[right] and not {left, right} & merged.keys():
                uow.session.get_one(Customer, right).merged_into_id = left
                merged[right] = left
    assert len(ask(SYSTEM, lambda uow: teaching.merged(uow.session, "account"))) >= len(merged)
    search()
    assert learned() is not None
    left_over = scan.whole(SYSTEM, "account").groups
    after = fit([*left_over, *([one, into] for one, into in merged.items())], restaurants)[2]
    assert after >= 0.98 > before


@pytest.mark.feature("B-DUP-14")
def test_a_merge_taken_back_is_no_answer_any_more(admin, make_as):
    twins = [make_as(admin, "account", name="Bäckerei Ähren", website="aehren.example") for _ in range(2)]
    search()
    with unit_of_work(SYSTEM) as uow:
        uow.session.get_one(Customer, twins[1]).merged_into_id = twins[0]
    [one] = ask(SYSTEM, lambda uow: teaching.merged(uow.session, "account"))
    assert (one.same, one.levels["name"]) == (True, 0)
    with unit_of_work(SYSTEM) as uow:
        uow.session.get_one(Customer, twins[1]).merged_into_id = None
    assert ask(SYSTEM, lambda uow: teaching.merged(uow.session, "account")) == []


@pytest.mark.feature("B-DUP-14")
def test_who_was_merged_in_two_steps_is_one_all_the_same(admin, make_as):
    twins = [make_as(admin, "account", name="Bäckerei Ähren", website="aehren.example") for _ in range(2)]
    search()
    other = make_as(admin, "account", name="山田", website="yamada.example")
    for one, into in ((twins[0], twins[1]), (twins[1], other)):
        with unit_of_work(SYSTEM) as uow:
            uow.session.get_one(Customer, one).merged_into_id = into
    assert [one.same for one in ask(SYSTEM, lambda uow: teaching.merged(uow.session, "account"))] == [True]
