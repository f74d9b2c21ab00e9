"""The scope of a rule: for whom it holds, at every door, and what a search makes of who comes in and who leaves."""

import pytest
from sqlmodel import select

from c360.core.actor import SYSTEM
from c360.core.errors import Invalid
from c360.models.customer import KINDS
from c360.models.duplicate import DuplicateModel, DuplicateScope
from c360.query.operators import OPERATORS
from c360.services import administration, records
from c360.services.duplicates import check, measuring, rule_book, rules, running, scoping, trying
from c360.services.uow import ask, perform, unit_of_work
from tests.services.doors import DOORS, choice, groups, search

pytestmark = pytest.mark.usefixtures("database")


def scope(*tests, join="all"):
    return {"join": join, "of": [{"field": field, "op": op, "value": value} for field, op, value in tests]}


def of_segment(place=0):
    return scope(("segment_id", "is_any_of", [str(choice("segment", place))]))


def one_phone(told):
    return {"name": "One phone", "levels": {"phone": 0}, "scope": told}


def keep(admin, told, **more):
    perform(admin, administration.change, "duplicates", {"contact": {"rules": [one_phone(told)], **more}})


def change(who, **values):
    perform(SYSTEM, records.update, "contact", who, values)


@pytest.fixture
def people(agent, make_as):
    """Three people who share nothing but a phone; the first two are of the first segment."""
    some = (("Łucja", "Wiśniewska", 0), ("小明", "王", 0), ("محمد", "الأمين", 1))
    return [
        make_as(
            agent, "contact", given_name=given, family_name=family, phone="+49 30 5550101",
            segment_id=str(choice("segment", place)),
        )
        for given, family, place in some
    ]  # fmt: skip


@pytest.mark.feature("B-DUP-3")
def test_a_rule_holds_where_both_are_inside_its_scope(admin, people):
    keep(admin, of_segment())
    search()
    assert groups() == [people[:2]]
    keep(admin, of_segment(1))
    search()
    assert groups() == [], "one alone is no pair"
    keep(admin, None)
    search()
    assert groups() == [people]


@pytest.mark.feature("B-DUP-3")
@pytest.mark.parametrize("scoped", [False, True])
def test_what_the_score_finds_is_found_whatever_the_scopes(admin, agent, make_as, scoped):
    for n in range(30):
        make_as(agent, "contact", given_name=f"Zoë{n}", family_name=f"Ångström{n * 7}", phone=f"+49 40 5550{n}{n * 3}",
                birth_date=f"19{50 + n}-0{1 + n % 9}-1{n % 10}", email=f"z{n * 11}@example.org")  # fmt: skip
    twins = [
        make_as(agent, "contact", given_name="Rita", family_name="Gruber", birth_date="1971-04-05",
                email="rita@example.org", segment_id=str(choice("segment", place)))
        for place in (0, 1)
    ]  # fmt: skip
    keep(admin, of_segment() if scoped else None)
    search()
    assert groups() == [twins], "equal rows on both sides of a scope are still one person"


@pytest.mark.feature("B-DUP-3", "B-DUP-11")
def test_who_leaves_a_scope_withdraws_his_pair_at_the_next_search_and_who_comes_is_found(admin, people):
    keep(admin, of_segment())
    search()
    change(people[1], segment_id=str(choice("segment", 1)))
    search(changed=True)
    assert groups() == []
    change(people[2], segment_id=str(choice("segment")))
    search(changed=True)
    assert groups() == [[people[0], people[2]]]


@pytest.mark.feature("B-DUP-3", "B-DUP-11")
def test_who_comes_into_a_scope_without_being_changed_himself_is_compared_too(admin, agent, make_as, people):
    """A tag hangs on him, an employer moves: neither is a change of anything that is compared."""
    firm = make_as(agent, "account", name="Søren & Søn ApS", website="https://soeren.example")
    for one in people[:2]:
        change(one, employer_id=str(firm))
    keep(admin, scope(("employer_id.website", "contains", "nouveau")))
    search()
    assert groups() == []
    perform(SYSTEM, records.update, "account", firm, {"website": "https://nouveau.example"})
    search(changed=True)
    assert groups() == [people[:2]]
    perform(SYSTEM, records.update, "account", firm, {"website": "https://vieux.example"})
    search(changed=True)
    assert groups() == []


@pytest.mark.feature("B-DUP-3")
def test_a_changed_scope_is_looked_at_by_the_next_search_of_changes(admin, people):
    keep(admin, of_segment(1))
    search()
    keep(admin, of_segment())
    search(changed=True)
    assert groups() == [people[:2]]
    with unit_of_work(SYSTEM, reads=True) as uow:
        noted = set(uow.session.exec(select(DuplicateScope.customer_id)))
        model = uow.session.get_one(DuplicateModel, "contact")
        assert model.judged_by == running.membership.judged(rules.of(uow.session, "contact"))
    assert noted == set(people[:2]), "what was noted for the old scope is gone"


@pytest.mark.feature("B-DUP-3")
def test_a_search_that_did_not_finish_forgets_nobody_who_moved(admin, people):
    keep(admin, of_segment())
    search()
    change(people[1], segment_id=str(choice("segment", 1)))
    perform(SYSTEM, running.membership.note, "contact")  # As a search begins, and then it is lost.
    search(changed=True)
    assert groups() == []


@pytest.mark.feature("B-DUP-3", "B-DUP-1")
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("place", [0, 1])
def test_every_door_asks_the_rule_inside_its_scope_only(admin, agent, make_as, tmp_path, door, place):
    segment = choice("segment")
    make_as(agent, "contact", given_name="Ada", family_name="Wiśniewska", phone="030 5550101", segment_id=str(segment))
    keep(admin, of_segment(), imports="block", sure=0.9)
    search()
    new = {"given_name": "Bernd", "family_name": "Ñandú", "phone": "030 5550101",
           "segment_id": str(choice("segment", place))}  # fmt: skip
    assert DOORS[door](agent, new, make_as, tmp_path) is (place == 0)


@pytest.mark.feature("B-DUP-3")
def test_while_typing_what_was_not_said_yet_does_not_speak_against_it(admin, agent, people):
    keep(admin, of_segment())
    typed = {"family_name": "Gans", "phone": "030 5550101"}
    assert len(ask(agent, check.check, "contact", typed).likely) == 2
    typed["segment_id"] = str(choice("segment", 1))
    assert ask(agent, check.check, "contact", typed).likely == []


@pytest.mark.feature("B-DUP-3")
def test_who_is_changed_counts_as_what_he_becomes(admin, agent, people):
    keep(admin, of_segment())
    into = {"segment_id": str(choice("segment"))}
    assert ask(agent, check.check, "contact", {"job_title": "🎻"}, people[2], door="save").likely == []
    assert len(ask(agent, check.check, "contact", into, people[2], door="save").likely) == 2
    out = {"segment_id": str(choice("segment", 1))}
    assert ask(agent, check.check, "contact", out, people[0], door="save").likely == []


@pytest.mark.feature("B-DUP-3")
@pytest.mark.parametrize(
    ("test", "fits"),
    [
        (("language", "is_any_of", ["de"]), {"language": "de"}), (("email", "is_empty", ""), {}),
        (("job_title", "contains", "müs"), {"job_title": "MÜSLI 🥣"}),
        (("birth_date", "before", "1980-01-01"), {"birth_date": "1961-03-04"}),
        (("family_name", "starts_with", "Ó"), {"family_name": "Ó Dálaigh"}),
        (("name", "contains", "小明"), {"given_name": "小明"}),
    ],
)  # fmt: skip
def test_a_typed_record_is_read_as_the_database_reads_a_kept_one(agent, make_as, test, fits):
    values = {"given_name": "Xenia", "family_name": "Ødegård", "email": "x@example.no", "job_title": "Nichts"}
    values |= fits
    if test[1] == "is_empty":
        del values["email"]
    other = {
        "given_name": "Bo",
        "family_name": "Ek",
        "email": "bo@example.se",
        "birth_date": "1999-09-09",
        "language": "sv",
    }
    told = scope(test)
    kept = [make_as(agent, "contact", **one) for one in (values, other)]
    with unit_of_work(agent, reads=True) as uow:
        typed = [scoping.unkept.typed(uow, "contact", one) for one in (values, other)]
        assert scoping.inside(uow.session, "contact", told, kept) == [True, False]
        assert scoping.inside(uow.session, "contact", told, typed) == [True, False]
        mixed = [kept[1], typed[0], kept[0], typed[1]]
        assert scoping.inside(uow.session, "contact", told, mixed) == [False, True, True, False]


@pytest.mark.feature("B-DUP-3")
@pytest.mark.parametrize("entity", KINDS)
@pytest.mark.filterwarnings("error")
def test_every_field_of_a_typed_record_is_full_or_empty_as_it_will_be(agent, make_as, entity):
    """Fields that count what hangs on a record included; a test that reads another record would warn."""
    values = {"name": "Bäckerei Ähren 🥐", "email": "ä@example.org"} if entity == "account" else {"family_name": "王"}
    made = make_as(agent, entity, **values)
    with unit_of_work(agent, reads=True) as uow:
        own = ("segment_id", "status_id", "channel_id", "account_type_id")
        said = {name: str(value) for name in own if (value := getattr(uow.get(entity, made), name))}
        typed = scoping.unkept.typed(uow, entity, {**values, **said})
        tests = {
            (name, op)
            for name, spec in uow.fields(entity).items()
            for op in spec.kind.operators
            if OPERATORS[op].takes == "nothing" and name not in ("code", "updated_by_id")
        }
        told = {test: scoping.inside(uow.session, entity, scope((*test, "")), [made, typed]) for test in tests}
    assert len(told) > 60
    assert {test: both for test, both in told.items() if both[0] != both[1]} == {}


@pytest.mark.feature("B-DUP-3")
@pytest.mark.parametrize(
    "told",
    [
        scope(("possible_duplicate", "is_yes", "")), scope(("employer_id.possible_duplicate", "is_yes", "")),
        scope(("shoe_size", "is_empty", "")), scope(("city", "contains", "")), "Germany",
        scope(("owner_id", "is_any_of", ["@me"])),
    ],
)  # fmt: skip
def test_a_scope_that_cannot_be_asked_is_not_kept(admin, told):
    with pytest.raises(Invalid):
        keep(admin, told)


@pytest.mark.feature("B-DUP-3")
@pytest.mark.parametrize(("language", "words"), [("en", "Segment"), ("de", "Segment")])
def test_a_scope_is_told_in_words_with_how_many_are_inside(admin, people, make_as, agent, language, words):
    told = ask(admin, scoping.told, "contact", of_segment())
    assert (told.inside, told.of) == (2, 3)
    assert words in told.said
    empty = ask(admin, scoping.told, "contact", None)
    assert (empty.said, empty.of) == ("", 0)
    gone = ask(admin, scoping.told, "contact", scope(("shoe_size", "is_empty", "")))
    assert (gone.said[:9], gone.of) == ("Holds for", 0)


@pytest.mark.feature("B-DUP-3")
def test_a_rule_whose_filter_tests_what_is_gone_holds_for_nobody_and_stops_nothing(admin, agent, people):
    with unit_of_work(SYSTEM) as uow:
        told = {"contact": {"rules": [one_phone(scope(("shoe_size", "is_empty", "")))]}}
        administration.settings.put(uow, "duplicates", told)
    assert ask(agent, check.check, "contact", {"family_name": "Gans", "phone": "030 5550101"}).likely == []
    search()
    search(changed=True)
    assert groups() == []


@pytest.mark.feature("B-DUP-3")
def test_the_bench_weighs_inside_and_a_pair_that_waits_as_it_is(admin, people):
    draft = rule_book.draft("contact", {"rules": [one_phone(of_segment())]})
    side = {"phone": "030 5550101", "given_name": "Ada"}
    typed = ask(admin, trying.weigh, "contact", side, {**side, "given_name": "Zoë"}, draft)
    assert (typed.band, typed.met, typed.outside) == ("ask", ["One phone"], [])
    out = ask(admin, trying.weigh, "contact", side, {**side, "given_name": "Zoë"}, draft, (people[0], people[2]))
    assert (out.band, out.met, out.outside) == ("ignore", [], ["One phone"])
    inside = ask(admin, trying.weigh, "contact", side, {**side, "given_name": "Zoë"}, draft, tuple(people[:2]))
    assert (inside.band, inside.met) == ("ask", ["One phone"])


@pytest.mark.feature("B-DUP-3", "B-DUP-14")
def test_the_effect_and_the_figures_of_a_rule_count_who_is_inside(admin, people):
    keep(admin, None)
    search()
    everybody = ask(admin, trying.effect, "contact", rule_book.draft("contact", {"rules": [one_phone(None)]}))
    some = ask(admin, trying.effect, "contact", rule_book.draft("contact", {"rules": [one_phone(of_segment())]}))
    assert (everybody.looked_at, everybody.leave, some.leave) == (3, 0, 2)
    assert [one.waiting for one in ask(admin, measuring.measured, "contact")] == [3, 0]
    keep(admin, of_segment())
    assert [one.waiting for one in ask(admin, measuring.measured, "contact")] == [1, 2]
