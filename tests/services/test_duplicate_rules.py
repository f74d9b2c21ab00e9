"""Rules of the search for duplicates: kept by administrators, tried before they are."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlmodel import select

from c360.core.actor import SYSTEM
from c360.core.errors import Forbidden, Invalid, NotFound
from c360.models.job import Job
from c360.models.journal import ChangeRow
from c360.services import administration, settings
from c360.services.duplicates import asking, check, reviewing, rule_book, rules, running, trying
from c360.services.uow import ask, perform, unit_of_work

pytestmark = pytest.mark.usefixtures("database")
ONE_PHONE = {"name": "One phone", "levels": {"phone": 0}}


def keep(admin, told, entity="contact"):
    perform(admin, administration.change, "duplicates", {entity: told})


def now(entity="contact"):
    return ask(SYSTEM, lambda uow: rules.of(uow.session, entity))


def search():
    running.at_once(SYSTEM, "contact", changed=False)


def groups():
    return [sorted(UUID(one.id) for one in line.members) for line in ask(SYSTEM, reviewing.groups)]


@pytest.fixture
def neighbours(agent, make_as):
    """Two people who share nothing but a phone."""
    return [
        make_as(agent, "contact", given_name=given, family_name=family, phone="+49 30 5550101", job_title=title)
        for given, family, title in (("Łucja", "Wiśniewska", "Lekarka"), ("小明", "王", "🎻"))
    ]


@pytest.mark.feature("DUP-3")
def test_the_shipped_rules_find_who_is_there_twice_before_anything_is_learned(agent, make_as):
    first = make_as(agent, "contact", given_name="Jürgen", family_name="Müller", birth_date="1961-03-04")
    typed = {"given_name": "juergen", "family_name": "MUELLER", "birth_date": "1961-03-04"}
    assert [one.id for one in ask(agent, check.check, "contact", typed).likely] == [str(first)]
    company = make_as(agent, "account", name="Bäckerei Ähren GmbH", website="https://www.aehren.example")
    typed = {"name": "Baeckerei Aehren", "website": "aehren.example/kontakt"}
    assert [one.id for one in ask(agent, check.check, "account", typed).likely] == [str(company)]
    assert all(rule.active and not rule.shut for entity in rules.SHIPPED for rule in now(entity).rules)


@pytest.mark.feature("DUP-3", "B-DUP-3")
def test_conditions_are_joined_by_and_rules_by_or(admin, agent, neighbours, make_as):
    both = {"name": "Phone and e-mail", "levels": {"phone": 0, "email": 0}}
    keep(admin, {"rules": [both]})
    search()
    assert neighbours not in groups(), "one condition of two is not enough"
    keep(admin, {"rules": [both, ONE_PHONE]})
    search()
    assert neighbours in groups(), "any rule is enough"


@pytest.mark.feature("DUP-3")
@pytest.mark.parametrize(
    ("told", "doors"),
    [({}, {"typing", "save", "api"}), ({"shut": ["save", "imports"]}, {"typing", "api"}), ({"shut": ["typing"]},
     {"save", "api"}), ({"on_save": False}, {"typing"})],
)  # fmt: skip
def test_a_rule_is_asked_only_at_the_doors_it_says(admin, agent, neighbours, told, doors):
    typed = {"family_name": "Gans", "phone": "030 5550101"}
    if "on_save" in told:  # As it was kept before each door could be chosen.
        with unit_of_work(SYSTEM) as uow:
            settings.put(uow, "duplicates", {"contact": {"rules": [{**ONE_PHONE, **told}]}})
    else:
        keep(admin, {"rules": [{**ONE_PHONE, **told}]})
    for door in ("typing", "save", "api"):
        found = ask(agent, check.check, "contact", typed, door=door)
        assert len(found.likely) == (2 if door in doors else 0), door


@pytest.mark.feature("B-DUP-1")
def test_a_rule_that_no_search_asks_puts_nobody_into_the_queue(admin, neighbours):
    keep(admin, {"rules": [{**ONE_PHONE, "shut": ["scan"]}]})
    search()
    assert neighbours not in groups()
    keep(admin, {"rules": [{**ONE_PHONE, "shut": ["typing", "save", "imports", "api"]}]})
    search()
    assert neighbours in groups()


@pytest.mark.feature("B-DUP-1")
def test_each_door_has_bounds_of_its_own_on_the_common_ones(admin, agent, neighbours):
    """The rule makes the pair 90 % likely: whether that is looked at, and whether it is sure, each door says."""
    typed = {"family_name": "Gans", "phone": "030 5550101"}
    keep(admin, {"rules": [ONE_PHONE], "save": "block", "bounds": {"save": [0.6, 0.85], "api": [0.95, 0.99]}})
    told = {door: ask(agent, check.check, "contact", typed, door=door) for door in ("typing", "save", "api")}
    assert {door: (len(one.likely), one.reaction) for door, one in told.items()} == {
        "typing": (2, "warn"), "save": (2, "block"), "api": (0, "off"),
    }  # fmt: skip
    assert {one.sure for one in told["save"].likely} == {True}
    assert {one.sure for one in told["typing"].likely} == {False}


@pytest.mark.feature("B-DUP-1")
def test_a_search_that_is_shut_off_does_not_run_by_itself(admin):
    def asked():
        with unit_of_work(SYSTEM, reads=True) as uow:
            return {one.arguments["entity"] for one in uow.session.exec(select(Job).where(Job.kind == asking.KIND))}

    keep(admin, {"scan": "off"})
    asking.due()
    assert asked() == {"account"}


@pytest.mark.feature("DUP-3", "ADM-6")
def test_rules_are_checked_journaled_and_put_back(admin, agent):
    keep(admin, {"ask": 0.3, "rules": [{"name": "  Ein Telefon ☎ ", "levels": {"phone": 1}}]})
    keep(admin, {"sure": 0.9}, "account")
    assert (now().ask, now().rules[0].name, now("account").sure) == (0.3, "Ein Telefon ☎", 0.9)
    wrong = (
        {"rules": [{"name": "x", "levels": {"shoe_size": 0}}]}, {"rules": [{"name": "x", "levels": {"phone": 2}}]},
        {"rules": [{"name": "x", "levels": {}}]}, {"rules": [{**ONE_PHONE, "name": "n" * 101}]},
        {"rules": [ONE_PHONE] * 21}, {"without": ["family"]}, {"without": ["colour"]}, {"ask": 0.01},
        {"ask": 0.9, "sure": 0.8}, {"bounds": {"save": [0.9, 0.8]}}, {"bounds": {"scan": [0.5, 0.9]}},
        {"bounds": {"window": [0.5, 0.9]}}, {"rules": [{**ONE_PHONE, "shut": ["window"]}]}, {"scan": "block"},
    )  # fmt: skip
    for told in wrong:
        with pytest.raises(Invalid):
            keep(admin, told)
    with pytest.raises(Forbidden):
        keep(agent, {"ask": 0.2})
    keep(admin, {})
    assert (now(), now("account").sure) == (rules.Rules(rules=rules.SHIPPED["contact"]), 0.9)
    kept = ask(SYSTEM, lambda uow: uow.session.exec(select(ChangeRow).where(ChangeRow.entity == "setting")).all())
    assert len(kept) >= 3


@pytest.mark.feature("B-DUP-3")
def test_a_field_left_out_says_nothing_any_more(admin, agent, make_as):
    same = {"given_name": "Rita", "family_name": "Gruber", "email": "gruber@example.org"}
    left, right = (make_as(agent, "contact", **same) for _ in range(2))
    search()
    assert [left, right] in groups()
    keep(admin, {"without": ["email"], "rules": []})
    told = ask(agent, check.check, "contact", same)
    assert all("e-mail" not in one.why for one in told.likely)
    search()
    assert all("e-mail" not in pair.why for line in ask(SYSTEM, reviewing.groups) for pair in line.pairs)
    [email] = [one for one in ask(admin, rule_book.compared, "contact", ("email",)) if one.name == "email"]
    assert (email.on, email.fixed) == (False, False)


@pytest.mark.feature("B-DUP-3", "ADM-6")
@pytest.mark.parametrize("language", ["en", "de"])
def test_what_is_compared_is_explained_with_what_was_learned(admin, agent, make_as, neighbours, language):
    for n in range(6):
        make_as(agent, "contact", given_name="Zoë", family_name=f"Ångström {n}", phone=f"+49 40 55501{n}{n}")
    admin = replace(admin, language=language)
    before = ask(admin, rule_book.compared, "contact", ())
    assert {one.same for one in before} == {0.0}
    assert all("duplicate." not in text for one in before for text in (one.label, one.how, *labels(one)))
    search()
    after = {one.name: one for one in ask(admin, rule_book.compared, "contact", ())}
    assert after["phone"].same > 0 > after["phone"].different
    assert after["family"].fixed


def labels(one):
    return [level.label for level in one.levels]


@pytest.mark.feature("B-DUP-3")
def test_two_records_are_weighed_by_rules_that_are_not_kept(admin, neighbours):
    left = {"given_name": "Łucja", "phone": "+49 30 5550101"}
    right = {"given_name": "Bernd", "phone": "030 5550101"}
    before = ask(admin, trying.weigh, "contact", left, right, rule_book.draft("contact", {"rules": []}))
    after = ask(admin, trying.weigh, "contact", left, right, rule_book.draft("contact", {"rules": [ONE_PHONE]}))
    assert (before.band, before.met, after.band, after.met) == ("ignore", [], "ask", ["One phone"])
    for one in (before, after):
        assert 1 / (1 + 2 ** -sum(bar.bits for bar in one.bars)) == pytest.approx(one.score, abs=0.001)
    assert "same phone" in after.why
    assert now().rules == rules.SHIPPED["contact"], "nothing was kept"
    empty = ask(admin, trying.weigh, "contact", {}, {}, rule_book.draft("contact", {}))
    assert (empty.band, empty.why) == ("ignore", "No field has a value on both sides, so nothing can be compared.")


@pytest.mark.feature("B-DUP-3")
def test_a_pair_that_waits_fills_the_bench_within_reach(admin, agent, stranger, make_as):
    pair = [make_as(agent, "contact", given_name="Emil", family_name="Konrád", birth_date="1972-02-16")
            for _ in range(2)]  # fmt: skip
    search()
    [(ids, names)] = ask(admin, trying.offered, "contact")
    assert (sorted(map(UUID, ids.split(","))), names) == (sorted(pair), "Emil Konrád · Emil Konrád")
    boxes = {one.name: (one.left, one.right) for one in ask(admin, trying.blanks, "contact", tuple(pair))}
    assert (boxes["family_name"], boxes["birth_date"]) == (("Konrád",) * 2, ("1972-02-16",) * 2)
    assert ask(stranger, trying.offered, "contact") == []
    with pytest.raises(NotFound):
        ask(stranger, trying.blanks, "contact", tuple(pair))


@pytest.mark.feature("B-DUP-3")
def test_the_effect_on_what_waits_is_told_before_it_is_kept(admin, agent, neighbours):
    keep(admin, {"rules": [ONE_PHONE]})
    search()
    assert neighbours in groups()
    gone = ask(admin, trying.effect, "contact", rule_book.draft("contact", {"rules": []}))
    sure = ask(admin, trying.effect, "contact", rule_book.draft("contact", {"rules": [ONE_PHONE], "sure": 0.85}))
    same = ask(admin, trying.effect, "contact", rule_book.draft("contact", {"rules": [ONE_PHONE]}))
    assert (gone.looked_at, gone.leave, gone.sure) == (1, 1, 0)
    assert (sure.sure, sure.leave) == (1, 0)
    assert (same.sure, same.no_longer_sure, same.leave) == (0, 0, 0)
    assert neighbours in groups(), "asking changed nothing"


@pytest.mark.feature("B-DUP-3")
def test_a_field_counts_as_often_as_somebody_says(admin, neighbours):
    left = {"given_name": "Łucja", "family_name": "Wiśniewska", "phone": "+49 30 5550101"}
    before, double, half = (
        ask(admin, trying.weigh, "contact", left, left, rule_book.draft("contact", {"rules": [], "weights": weights}))
        for weights in ({}, {"phone": 2}, {"phone": 0.5})
    )
    bits = [{bar.key: bar.bits for bar in one.bars}["phone"] for one in (before, double, half)]
    assert (bits[1], bits[2]) == (pytest.approx(2 * bits[0], abs=0.01), pytest.approx(bits[0] / 2, abs=0.01))
    assert half.score < before.score < double.score
    keep(admin, {"weights": {"phone": 2, "email": 1}})
    assert now().weights == {"phone": 2.0}
    search()
    shown = {one.name: one for one in ask(admin, rule_book.compared, "contact", (), now().weights)}
    learned = {one.name: one for one in ask(admin, rule_book.compared, "contact", ())}
    assert (shown["phone"].times, shown["email"].times) == ("2", "1")
    assert shown["phone"].same == pytest.approx(2 * learned["phone"].same, abs=0.11)


@pytest.mark.feature("B-DUP-3", "B-DUP-11")
def test_a_changed_weight_is_heeded_when_somebody_is_checked_and_by_the_next_search_of_changes(admin, agent, make_as):
    for n in range(30):
        make_as(agent, "contact", given_name=f"Zoë{n}", family_name=f"Ångström{n * 7}", phone=f"+49 40 5550{n}{n * 3}",
                birth_date=f"19{50 + n}-0{1 + n % 9}-1{n % 10}")  # fmt: skip
    twin = {"given_name": "Rita", "phone": "030 5550101"}
    pair = [make_as(agent, "contact", **twin) for _ in range(2)]
    bound = {"rules": [], "ask": 0.9999, "sure": 1.0}
    keep(admin, bound)
    search()
    assert groups() == [sorted(pair)]
    keep(admin, {**bound, "weights": {"given": 0.5, "phone": 0.5}})
    assert ask(agent, check.check, "contact", twin, door="save").likely == []
    running.at_once(SYSTEM, "contact", changed=True)
    assert groups() == []
    keep(admin, bound)
    assert len(ask(agent, check.check, "contact", twin, door="save").likely) == 2
    running.at_once(SYSTEM, "contact", changed=True)
    assert groups() == [sorted(pair)]


@pytest.mark.feature("B-DUP-3")
@pytest.mark.parametrize("weights", [{"phone": 3}, {"phone": "2"}, {"nonsense": 2}, {"phone": None}, {"phone": [2]}])
def test_a_weight_nobody_offers_is_refused(admin, weights):
    with pytest.raises(Invalid) as refused:
        keep(admin, {"weights": weights})
    assert "counts half" in refused.value.fields["duplicates"].text("en")
