"""Whom the search of changes compares a customer with: all who share a key, in a large base only where it tells."""

from collections import defaultdict
from uuid import UUID

import pytest
from sqlalchemy import delete, insert
from sqlmodel import col, select

from c360.core.actor import SYSTEM
from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.matching.keys import MANY, RARE
from c360.models.duplicate import DuplicateKey, DuplicateModel
from c360.services.duplicates.keys import BLOCK
from c360.services.duplicates.neighbours import neighbours
from c360.services.uow import unit_of_work

pytestmark = pytest.mark.usefixtures("database")
ALIKE = ("Meyer", "Maier", "Mayer", "Meier")


@pytest.fixture
def large():
    """Pretend that the last search saw more customers than there are."""
    with unit_of_work(SYSTEM) as uow:
        learned = {"weights": {}, "population": {}, "customers": MANY + 1, "seq": 0, "judged_by": ""}
        now = {"learned_at": utc_now(), "scanned_at": utc_now()}
        uow.session.execute(insert(DuplicateModel).values(id=new_id(), entity="contact", **now, **learned))
    yield
    with unit_of_work(SYSTEM) as uow:
        uow.session.execute(delete(DuplicateModel))


def found(ids):
    with unit_of_work(SYSTEM, reads=True) as uow:
        every, pairs = neighbours(uow.session, "contact", ids)
        assert every == sorted(every)
        return {(every[one], every[other]) for one, other in pairs.tolist()}


def naive(ids: set[UUID]):
    with unit_of_work(SYSTEM, reads=True) as uow:
        blocks = defaultdict(list)
        for key, one in uow.session.exec(select(DuplicateKey.key, DuplicateKey.customer_id)):
            blocks[key].append(one)
    return {
        (min(one, other), max(one, other))
        for block in blocks.values()
        for one in block
        for other in block
        if len(block) <= BLOCK and one != other and ids & {one, other}
    }


def sounding(agent, make_as, count):
    """Return so many people whose names sound the same and who share nothing else."""
    return [
        make_as(agent, "contact", given_name="Jürgen" if n % 3 else "Jurgen", family_name=f"{ALIKE[n % 4]}")
        for n in range(count)
    ]


@pytest.mark.feature("B-DUP-11")
def test_neighbours_are_all_who_share_a_key(agent, make_as):
    ids = sounding(agent, make_as, 9)
    ids += [
        make_as(agent, "contact", given_name="王", family_name=f"芳{n}", email=f"fang{n % 3}@x.example")
        for n in range(9)
    ]
    ids += [make_as(agent, "contact", family_name="مريم", birth_date=f"198{n}-01-02") for n in range(3)]
    for some in ([], ids[:1], ids[4:12], ids):
        assert found(some) == naive(set(some))
    assert len(found(ids)) > 40


@pytest.mark.feature("B-DUP-11")
def test_a_key_too_many_share_makes_no_neighbours(agent, make_as):
    ids = [make_as(agent, "contact", given_name="Ada", family_name="King") for _ in range(BLOCK + 1)]
    assert found(ids[:2]) == set()


@pytest.mark.feature("B-DUP-11")
def test_names_that_only_sound_alike_must_be_rare_in_a_large_base(agent, make_as, large):
    ids = sounding(agent, make_as, RARE["sounds"] + 1)
    pairs, every = found(ids[:1]), naive({ids[0]})
    assert 0 < len(pairs) < len(every) == RARE["sounds"]
    with unit_of_work(SYSTEM) as uow:
        uow.session.execute(delete(DuplicateKey).where(col(DuplicateKey.customer_id) == ids[-1]))
    assert found(ids[:1]) == naive({ids[0]}) > pairs - {(min(ids[0], ids[-1]), max(ids[0], ids[-1]))}
