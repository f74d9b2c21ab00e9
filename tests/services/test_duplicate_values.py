"""Values that never count: named by an administrator, heeded at every door and by the next search."""

import pytest

from c360.core.actor import SYSTEM
from c360.core.errors import Forbidden, Invalid
from c360.services import administration
from c360.services.duplicates import check, rule_book, rules, trying
from c360.services.uow import ask, perform
from tests.services.doors import DOORS, choice, groups, search

pytestmark = pytest.mark.usefixtures("database")
ONE_PHONE = {"name": "One phone", "levels": {"phone": 0}}


def keep(admin, generic, entity="contact", **more):
    perform(admin, administration.change, "duplicates", {entity: {"generic": generic, **more}})


@pytest.mark.feature("BEY-16", "B-DUP-1")
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("never", [[], ["030/5550101"]])
def test_no_door_takes_a_value_that_never_counts_for_a_sign(admin, agent, make_as, tmp_path, door, never):
    segment = str(choice("segment"))
    make_as(agent, "contact", given_name="Łucja", family_name="Wiśniewska", phone="+49 30 5550101", segment_id=segment)
    keep(admin, {"phone": never}, rules=[ONE_PHONE], imports="block", sure=0.9)
    search()
    new = {"given_name": "小明", "family_name": "王", "phone": "030 5550101", "segment_id": segment}
    assert DOORS[door](agent, new, make_as, tmp_path) is not bool(never)


@pytest.mark.feature("BEY-16", "B-DUP-11")
def test_a_changed_list_is_heeded_by_the_next_search_of_changes(admin, agent, make_as):
    pair = [
        make_as(agent, "contact", given_name=given, family_name=family, phone="+49 30 5550101")
        for given, family in (("محمد", "الأمين"), ("Zoë", "Ångström"))
    ]
    keep(admin, {}, rules=[ONE_PHONE])
    search()
    assert groups() == [pair]
    keep(admin, {"phone": ["+49 30 5550101"]}, rules=[ONE_PHONE])
    search(changed=True)
    assert groups() == []
    keep(admin, {}, rules=[ONE_PHONE])
    search(changed=True)
    assert groups() == [pair]


@pytest.mark.feature("BEY-16")
def test_what_else_two_share_still_finds_them(admin, agent, make_as):
    keep(admin, {"email": ["zentrale@"]})
    twin = {"given_name": "Emil", "family_name": "Conrad", "birth_date": "1972-02-16", "email": "zentrale@x.example"}
    made = make_as(agent, "contact", **twin)
    [found] = ask(agent, check.check, "contact", twin, door="save").likely
    assert found.id == str(made)
    assert "email" not in {bar.key for bar in found.bars}


@pytest.mark.feature("BEY-16", "BEY-9", "B-DUP-12")
def test_it_is_no_strong_sign_of_somebody_out_of_reach(admin, agent, stranger, make_as):
    twin = {"given_name": "Emil", "family_name": "Conrad", "birth_date": "1972-02-16", "email": "zentrale@x.example"}
    make_as(agent, "contact", **twin)
    assert ask(stranger, check.check, "contact", twin).ask == [agent.name]
    keep(admin, {"email": ["@x.example"]})
    assert ask(stranger, check.check, "contact", twin).ask == []


@pytest.mark.feature("BEY-16")
def test_the_test_bench_weighs_by_values_that_are_not_kept(admin):
    told = {"phone": "+49 30 5550101", "given_name": "Zoë"}
    by = rule_book.draft("contact", {"generic": {"phone": ["030 5550101"]}})
    before, after = (
        ask(admin, trying.weigh, "contact", told, told, one) for one in (rule_book.draft("contact", {}), by)
    )
    assert {bar.key for bar in before.bars} - {bar.key for bar in after.bars} == {"phone"}


@pytest.mark.feature("BEY-16", "ADM-6")
@pytest.mark.parametrize(
    ("entity", "generic", "error"),
    [
        ("contact", {"phone": ["n/a"]}, "cannot be read"),
        ("contact", {"email": ["@"]}, "cannot be read"),
        ("contact", {"given_name": ["x" * 201]}, "cannot be read"),
        ("contact", {"phone": [5550101]}, "cannot be read"),
        ("contact", {"city": ["Köln"]}, "at most 500"),
        ("account", {"birth_date": ["1902-02-02"]}, "at most 500"),
        ("contact", {"phone": [f"030 55{n:05}" for n in range(501)]}, "at most 500"),
    ],
)
def test_what_cannot_be_a_value_is_refused(admin, entity, generic, error):
    with pytest.raises(Invalid) as told:
        keep(admin, generic, entity)
    assert error in told.value.fields["duplicates"].text("en")
    assert ask(SYSTEM, lambda uow: rules.of(uow.session, entity)).generic == {}


@pytest.mark.feature("BEY-16")
def test_nobody_but_administrators_names_them(agent):
    with pytest.raises(Forbidden):
        keep(agent, {"phone": ["030 5550101"]})


@pytest.mark.feature("BEY-16")
def test_values_are_shown_by_field_and_what_says_the_same_is_one(admin):
    kept = rule_book.lines("phone", " 030 5550101\n\n+49 (30) 555-0101\n??\n040 1234567")
    assert kept == ["030 5550101", "??", "040 1234567"]
    shown = {one.name: one for one in ask(admin, rule_book.never, "contact", {"phone": kept})}
    assert list(shown) == ["given_name", "family_name", "birth_date", "email", "phone"]
    assert (shown["phone"].count, shown["phone"].unread) == (3, "??")
    assert shown["phone"].typed.splitlines() == kept
    assert (shown["email"].label, shown["email"].typed) == ("E-mail", "")
