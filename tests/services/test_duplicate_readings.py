"""How a field's text is read before it is compared: said by an administrator, heeded at every door and search."""

import pytest

from c360.core.errors import Invalid
from c360.matching.readings import OFFERED, READINGS
from c360.services import administration
from c360.services.duplicates import membership, rule_book, rules, trying
from c360.services.uow import ask, perform
from tests.services.doors import DOORS, choice, groups, search

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.feature("B-DUP-3")]
ONE_FAMILY = {"name": "One family", "levels": {"family": 0}}
ONE_PHONE = "+49 30 5550101"


def keep(admin, readings, entity="contact", **more):
    perform(admin, administration.change, "duplicates", {entity: {"readings": readings, **more}})


def weighed(admin, entity, left, right, **readings):
    by = rule_book.draft(entity, {"rules": [], "readings": readings})
    return ask(admin, trying.weigh, entity, left, right, by)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("reading", ["", "bare"])
def test_every_door_reads_as_it_is_told(admin, agent, make_as, tmp_path, door, reading):
    segment = str(choice("segment"))
    family = "Wiśniewska (zarządca nieruchomości, nie dzwonić)"
    make_as(agent, "contact", given_name="Bogumił", family_name=family, phone=ONE_PHONE, segment_id=segment)
    keep(admin, {"family": reading}, rules=[ONE_FAMILY], imports="block", sure=0.9)
    search()
    new = {"given_name": "Łucja", "family_name": "Wiśniewska", "phone": "030 5550101", "segment_id": segment}
    assert DOORS[door](agent, new, make_as, tmp_path) is bool(reading)


def test_a_changed_reading_is_heeded_by_the_next_search_of_changes(admin, agent, make_as):
    pair = [
        make_as(agent, "account", name=name, tax_number="DE 811907980", website="https://bär.example")
        for name in ("Big Bear Stores", "Big Bear Stores - Lager Wuppertal-Barmen 4711 [geschlossen seit 2019]")
    ]
    bound = {"rules": [{"name": "One name", "levels": {"name": 0}}], "ask": 0.9999, "sure": 0.9999}
    keep(admin, {}, "account", **bound)
    search_accounts()
    assert groups() == []
    keep(admin, {"name": "head"}, "account", **bound)
    search_accounts(changed=True)
    assert groups() == [sorted(pair)]
    keep(admin, {"name": ""}, "account", **bound)
    search_accounts(changed=True)
    assert groups() == []


def search_accounts(*, changed=False):
    from c360.core.actor import SYSTEM
    from c360.services.duplicates import running

    running.at_once(SYSTEM, "account", changed=changed)


@pytest.mark.parametrize(
    ("entity", "field", "reading", "left", "right"),
    [
        ("contact", "family", "bare", {"family_name": "王 （東京）"}, {"family_name": "王"}),
        ("contact", "given", "head", {"given_name": "Zoë, Dr."}, {"given_name": "Zoë"}),
        ("account", "name", "words", {"name": "أكمي 4711 للتجارة"}, {"name": "أكمي للتجارة"}),
        ("account", "tax_number", "digits", {"tax_number": "USt-Id DE 811 907 980"}, {"tax_number": "811907980"}),
        ("account", "registration_number", "unpadded", {"registration_number": "HRB 0004711"},
         {"registration_number": "4711"}),
    ],
)  # fmt: skip
def test_what_is_read_alike_is_the_same(admin, entity, field, reading, left, right):
    usual, read = weighed(admin, entity, left, right), weighed(admin, entity, left, right, **{field: reading})
    bits = [{bar.key: bar.bits for bar in one.bars}.get(field, 0.0) for one in (usual, read)]
    same = weighed(admin, entity, right, right)
    assert bits[1] == {bar.key: bar.bits for bar in same.bars}[field] > bits[0]


def test_what_follows_a_plus_counts_where_it_is_told(admin):
    left, right = ({"family_name": "Ng", "email": f"lager+{one}@king.example"} for one in ("north", "south"))
    usual, tagged = weighed(admin, "contact", left, right), weighed(admin, "contact", left, right, email="tagged")
    assert usual.score > tagged.score


def test_a_text_of_which_nothing_would_be_left_stays_and_values_that_never_count_are_read_alike(admin):
    left, right = {"family_name": "(VIP)"}, {"family_name": "(Neu)"}
    assert weighed(admin, "contact", left, left, family="bare").score > 0
    usual = weighed(admin, "contact", left, right)
    assert weighed(admin, "contact", left, right, family="bare").score == usual.score
    told = {"rules": [], "readings": {"name": "bare"}, "generic": {"name": ["Unbekannt (1)"]}}
    found = ask(admin, trying.weigh, "account", {"name": "Unbekannt (2)"}, {"name": "Unbekannt"},
                rule_book.draft("account", told))  # fmt: skip
    assert "name" not in {bar.key for bar in found.bars}


@pytest.mark.parametrize("readings", [{"family": "digits"}, {"nonsense": "bare"}, {"family": "no such"}, {"phone": 7}])
def test_a_reading_that_does_not_fit_is_refused(admin, readings):
    with pytest.raises(Invalid) as refused:
        keep(admin, readings)
    assert "cannot be read that way" in refused.value.fields["duplicates"].text("en")


def test_each_field_offers_what_fits_it_and_nothing_said_changes_no_print(admin):
    before = membership.judged(rules.Rules())
    assert membership.judged(rules.Rules(readings={"family": "bare"})) != before
    keep(admin, {"family": "bare", "given": ""})
    kept = ask(admin, lambda uow: rules.of(uow.session, "contact")).readings
    assert kept == {"family": "bare"}
    shown = {one.name: one for one in ask(admin, rule_book.compared, "contact", (), {}, kept)}
    assert (shown["family"].reading, shown["given"].reading) == ("bare", "")
    assert [one.value for one in shown["family"].readings] == list(OFFERED["family"])
    assert shown["phone"].readings == []
    assert {said for some in OFFERED.values() for said in some} == set(READINGS)
