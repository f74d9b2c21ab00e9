"""Households: two people of one house and name are proposed as one, and tied or left alone by a person."""

from uuid import UUID

import pytest
from sqlmodel import select

from c360.core.actor import SYSTEM
from c360.core.errors import Conflict, Forbidden, NotFound
from c360.models.duplicate import HouseholdPair
from c360.models.relationship import DismissedTie, Relation, RelationType
from c360.services import records, undo
from c360.services.duplicates import households, reviewing, running
from c360.services.merging import planning
from c360.services.merging.shapes import Choices
from c360.services.relationships import making, sections
from c360.services.uow import ask, perform, unit_of_work
from tests.conftest import reads_of

pytestmark = pytest.mark.usefixtures("database")
HOME = {"street": "Lindenstraße 12", "postal_code": "10115", "city": "Berlin"}
PEOPLE = [
    ("Emil", "Conrad", "1972-02-16"), ("Rita", "Gruber", "1978-05-19"), ("Olga", "Lenz", "1990-11-02"),
    ("Hans", "Moser", "1955-07-30"), ("Tina", "Abel", "1984-01-12"), ("Sven", "Pohl", "1967-09-05"),
]  # fmt: skip


@pytest.fixture
def live(agent, make_as):
    """Make a person who lives in Lindenstraße."""

    def make(given, family, born="", actor=agent, **more):
        made = make_as(actor, "contact", given_name=given, family_name=family, birth_date=born, **more)
        perform(actor, records.create, "address", {"role": "main", **HOME}, customer_id=made)
        return made

    return make


@pytest.fixture
def pair(agent, make_as, live):
    """A married couple of one house among strangers."""
    for given, family, born in PEOPLE:
        make_as(agent, "contact", given_name=given, family_name=family, birth_date=born)
    return live("Jürgen", "Öztürk", "1961-03-08"), live("Ayşe", "Öztürk", "1964-12-24")


def search(*, changed=False):
    return running.at_once(SYSTEM, "contact", changed=changed)


def proposed(actor):
    return [{UUID(one.id) for one in line.members} for line in ask(actor, households.proposed)]


def household_of(actor, customer_id):
    with unit_of_work(actor, reads=True) as uow:
        lives = select(Relation.to_id).join(RelationType).where(RelationType.name == "lives in the household")
        return list(uow.session.exec(lives.where(Relation.from_id == customer_id, Relation.archived_at.is_(None))))


@pytest.mark.feature("B-DUP-7", "BEY-16")
def test_two_of_one_house_and_name_are_proposed_as_a_household_with_the_reason(pair, agent, stranger):
    assert search()["groups"] == 0, "they are nobody's duplicate"
    [line] = ask(agent, households.proposed)
    assert {UUID(one.id) for one in line.members} == set(pair)
    assert line.why == "same family name, same address; different given name, different birth date"
    assert "duplicates" in reads_of(agent)
    assert (ask(agent, households.count), ask(stranger, households.count)) == (1, 0)
    assert ask(agent, sections.party, pair[0]).rows == [], "nothing is applied by itself"


PLACES = {
    "Öztürk": ({"postal_code": "10115", "city": "Berlin"}, True),
    "Nguyễn": ({"postal_code": "", "city": "BERLIN"}, True),
    "Kowalczyk": ({"postal_code": "10115", "city": ""}, True),
    "Brandner": ({"postal_code": "10827", "city": "Berlin"}, False),
    "Fitzgerald": ({"postal_code": "80331", "city": "München"}, False),
    "Haugen": ({"postal_code": "", "city": "München"}, False),
    "Dubois": ({"postal_code": "", "city": ""}, False),
}
STREETS = ("Am Anger", "Kirchweg", "Seeufer", "Postgasse", "Waldrain", "Hofplatz", "Mühlsteig")


@pytest.mark.feature("B-DUP-7", "BEY-16")
@pytest.mark.parametrize("whole", [True, False])
def test_one_street_in_two_places_is_not_one_house(agent, make_as, live, whole):
    """Of each family one lives in Berlin, another in the same street and number of that place."""
    for given, family, born in PEOPLE:
        live(given, family, born)
    if not whole:
        search()
    for (family, (place, _)), street in zip(PLACES.items(), STREETS, strict=True):
        for given, born, home in (("Jürgen", "1961-03-08", HOME), ("Jana", "1964-12-24", {**HOME, **place})):
            made = make_as(agent, "contact", given_name=given, family_name=family, birth_date=born)
            at = {"role": "main", **home, "street": f"{street} 7"}
            perform(agent, records.create, "address", at, customer_id=made)
    search(changed=not whole)
    told = {one.name.split()[-1] for line in ask(agent, households.proposed) for one in line.members}
    assert told == {family for family, (_, is_one) in PLACES.items() if is_one}


@pytest.mark.feature("B-DUP-7")
@pytest.mark.parametrize(
    ("given", "family", "born", "more", "told"),
    [
        ("Jürgen", "Öztürk", "1994-07-01", {}, True),
        ("Jürgen", "Öztürk", "", {"name_suffix": "Jr."}, True),
        ("Mehmet", "Öztürk", "", {}, True),
        ("J.", "Öztürk", "", {}, False),
        ("Mehmet", "Schneider", "1980-01-01", {}, False),
    ],
)
def test_each_guard_makes_a_household_of_what_would_be_a_merge(agent, make_as, live, given, family, born, more, told):
    for one, other, day in PEOPLE:
        make_as(agent, "contact", given_name=one, family_name=other, birth_date=day)
    first = live("Jürgen", "Öztürk", "1961-03-08", name_suffix="Sr.")
    second = live(given, family, born, **more)
    search()
    groups = ask(agent, reviewing.groups)
    asked = proposed(agent) or [{UUID(one.id) for one in line.members} for line in groups if line.home]
    assert asked == ([{first, second}] if told else [])
    assert not [line for line in groups if line.sure and line.home]


@pytest.mark.feature("B-DUP-7", "BEY-16")
def test_a_household_is_accepted_with_one_act_and_undone_with_one(pair, agent):
    search()
    [line] = ask(agent, households.proposed)
    made = perform(agent, households.accept, UUID(line.id))
    [home] = household_of(agent, pair[0])
    assert household_of(agent, pair[1]) == [home]
    assert ask(agent, lambda uow: uow.get("account", home).name) == "Household Öztürk"
    assert [one.sub for one in ask(agent, sections.party, pair[0]).rows] == ["Household Öztürk"]
    assert proposed(agent) == []
    search()
    assert proposed(agent) == [], "nor after the next search"
    with pytest.raises(NotFound):
        perform(agent, households.accept, UUID(line.id))

    perform(agent, undo.undo, made)
    assert household_of(agent, pair[0]) == household_of(agent, pair[1]) == []
    assert proposed(agent) == [set(pair)]


@pytest.mark.feature("B-DUP-7")
def test_who_lives_with_somebody_already_is_joined_there(pair, agent, live, make_as):
    child = live("Elif", "Öztürk", "1999-05-05")
    search()
    assert len(proposed(agent)) == 3
    first = next(line for line in ask(agent, households.proposed) if str(child) not in {m.id for m in line.members})
    perform(agent, households.accept, UUID(first.id))
    rest = ask(agent, households.proposed)
    assert len(rest) == 2
    perform(agent, households.accept, UUID(rest[0].id))
    assert household_of(agent, child) == household_of(agent, pair[0]) == household_of(agent, pair[1])
    assert proposed(agent) == [], "all three live there, so nothing is left to say"

    other = make_as(agent, "account", name="家族 Öztürk")
    lone = live("Deniz", "Öztürk", "2001-01-01")
    kind = ask(agent, lambda uow: uow.session.exec(
        select(RelationType.id).where(RelationType.name == "lives in the household")).one())  # fmt: skip
    perform(agent, making.connect, lone, other, f"{kind}:forward")
    search()
    line = ask(agent, households.proposed)[0]
    with pytest.raises(Conflict, match="different households"):
        perform(agent, households.accept, UUID(line.id))


@pytest.mark.feature("B-DUP-7")
def test_a_dismissed_household_stays_away_until_that_is_undone(pair, agent, stranger):
    search()
    [line] = ask(agent, households.proposed)
    with pytest.raises((NotFound, Forbidden)):
        perform(stranger, households.dismiss, UUID(line.id))
    said = perform(agent, households.dismiss, UUID(line.id))
    search()
    assert proposed(agent) == []
    with unit_of_work(agent, reads=True) as uow:
        [kept] = uow.session.exec(select(DismissedTie)).all()
        assert {kept.one_id, kept.other_id} == set(pair)
    perform(agent, undo.undo, said)
    assert proposed(agent) == [set(pair)]


@pytest.mark.feature("B-DUP-7")
def test_a_group_of_likely_duplicates_can_be_one_household_instead(agent, make_as, live):
    for given, family, born in PEOPLE:
        make_as(agent, "contact", given_name=given, family_name=family, birth_date=born)
    ids = [
        live("Kofi", "Mensah", "1950-02-01", email="mensah@example.org", phone="+49 30 998877"),
        live("Kofi", "Mensah", "1983-09-17", email="mensah@example.org", phone="+49 30 998877"),
    ]
    search()
    [line] = ask(agent, reviewing.groups)
    assert (line.home, line.sure) == (True, False)
    perform(agent, households.accept_group, UUID(line.id))
    assert ask(agent, reviewing.groups) == []
    assert household_of(agent, ids[0]) == household_of(agent, ids[1]) != []
    search()
    assert (ask(agent, reviewing.groups), proposed(agent)) == ([], [])


def test_a_search_of_what_changed_keeps_households_as_a_whole_one_does(pair, agent, live):
    search()
    [line] = ask(agent, households.proposed)
    child = live("Elif", "Öztürk", "1999-05-05")
    search(changed=True)
    assert len(proposed(agent)) == 3
    assert next(one for one in ask(agent, households.proposed) if one.id == line.id).found_at == line.found_at
    perform(agent, records.update, "contact", child, {"family_name": "Wong"})
    search(changed=True)
    assert proposed(agent) == [set(pair)]
    perform(agent, records.archive, "contact", pair[1])
    assert proposed(agent) == [], "not even before the next search"


def test_a_household_follows_a_merge_and_its_undo(pair, agent, live):
    twin = live("Ayşe", "Öztürk")
    search()
    assert {frozenset(one) for one in proposed(agent)} == {frozenset({pair[0], one}) for one in (pair[1], twin)}
    merged = perform(SYSTEM, planning.merge, [pair[1], twin], Choices(pair[1]))
    assert proposed(agent) == [set(pair)]
    perform(SYSTEM, undo.undo, merged.set_id)
    assert len(proposed(agent)) == 2


def test_without_a_type_for_households_it_says_so(pair, agent, admin):
    search()
    [line] = ask(agent, households.proposed)
    with unit_of_work(SYSTEM) as uow:
        for kind in uow.session.exec(select(RelationType).where(RelationType.is_party)):
            kind.is_party = False
    with pytest.raises(Conflict, match="no relation type"):
        perform(agent, households.accept, UUID(line.id))
    with unit_of_work(SYSTEM) as uow:
        assert uow.session.exec(select(HouseholdPair)).first() is not None
