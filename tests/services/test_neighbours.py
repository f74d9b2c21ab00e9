"""Stepping through a list one came from."""

from uuid import uuid4

import pytest

from c360.query.criteria import Criteria, Criterion
from c360.services import listing
from c360.services.listing import ListQuery
from c360.services.uow import unit_of_work


@pytest.mark.feature("LST-17")
@pytest.mark.parametrize(
    "sort", [(), ("name",), ("-name",), ("email", "-name"), ("-email",), ("status_id", "email"), ("-birth_date",)]
)
def test_steps_follow_the_list_from_end_to_end(agent, make_as, sort):
    for n in range(12):
        values = {"email": f"e{n % 3}@example.com"} if n % 4 else {}
        values |= {"birth_date": f"2000-01-0{1 + n % 5}"} if n % 3 else {}
        make_as(agent, "contact", family_name=f"Ä{n % 5}", **values)
    query = ListQuery("contact", sort=sort)
    with unit_of_work(agent, reads=True) as uow:
        ids = listing.ids(uow, query, 100)
        beside = [listing.neighbours(uow, query, one) for one in ids]
    assert [one.previous for one in beside] == [None, *ids[:-1]]
    assert [one.next for one in beside] == [*ids[1:], None]


@pytest.mark.feature("LST-17")
def test_a_record_off_the_list_or_out_of_reach_has_no_neighbours(agent, stranger, make_as):
    mine, theirs = make_as(agent, "contact", family_name="A"), make_as(stranger, "contact", family_name="B")
    query = ListQuery("contact", criteria=Criteria((Criterion("name", "equals", "C"),)))
    with unit_of_work(agent, reads=True) as uow:
        for asked, one in ((query, mine), (ListQuery("contact"), theirs), (ListQuery("contact"), uuid4())):
            assert listing.neighbours(uow, asked, one) == listing.Neighbours()
        assert listing.neighbours(uow, ListQuery("contact"), mine) == listing.Neighbours()
