"""The engine's laws and guards, on tables made for them."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from c360.matching import clusters, engine, grouped
from c360.matching.blocking import Pairs
from c360.matching.comparison import fields
from c360.matching.model import from_json
from c360.matching.table import table
from c360.services.duplicates import telling

GIVEN = (
    "Ada", "Bela", "Carl", "Dora", "Emil", "Fritz", "Gerda", "Hans", "Ida", "Jonas", "Karin", "Lars", "Mona", "Nils",
    "Olga", "Paul", "Rita", "Sven", "Tina", "Udo",
)  # fmt: skip
FAMILY = (
    "Abel", "Bauer", "Conrad", "Dietz", "Ebert", "Falk", "Gruber", "Hahn", "Illner", "Jung", "Kranz", "Lenz", "Moser",
    "Nolte", "Otto", "Pohl", "Roth", "Sauer",
)  # fmt: skip
CITIES = ("Berlin", "Hamburg", "Köln", "Bremen")


def people(count, seed=1):
    """Return rows of different people."""
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        first, last = chance.choice(GIVEN), chance.choice(FAMILY)
        rows.append({
            "given_name": first, "family_name": last,
            "birth_date": f"{chance.randint(1940, 2004)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
            "email": f"{first[0]}{last}{number}@example.org".lower(), "phone": f"0{chance.randint(10**9, 10**10 - 1)}",
            "street": f"{chance.choice(FAMILY)}weg {chance.randint(1, 90)}",
            "postal_code": f"{chance.randint(10000, 99999)}", "city": chance.choice(CITIES),
        })  # fmt: skip
    return rows


def compared(rows, entity="contact", **options):
    names = {name for row in rows for name in row}
    return engine.match(table(len(rows), {n: [row.get(n) for row in rows] for n in names}), entity, **options)


def groups(rows, entity="contact", **options):
    return grouped.groups(compared(rows, entity, **options))


@pytest.fixture(scope="module")
def base():
    return people(400)


def changed(row, **values):
    return {**row, **values}


@pytest.mark.feature("B-DUP-5", "DUP-4")
@pytest.mark.parametrize(
    "change",
    [
        lambda r: changed(r, phone="", email=""),
        lambda r: changed(r, given_name=r["given_name"].upper(), family_name=f" {r['family_name']} "),
        lambda r: changed(r, given_name=r["family_name"], family_name=r["given_name"]),
        lambda r: changed(r, given_name="", family_name=f"{r['family_name']}, {r['given_name']}"),
        lambda r: changed(r, street="", city="", phone=r["phone"][:-2] + r["phone"][-1] + r["phone"][-2]),
        lambda r: changed(r, email=r["email"].replace("@", "+news@").upper(), phone=""),
        lambda r: changed(r, family_name=r["family_name"] + "n", birth_date=""),
    ],
)
def test_the_same_person_is_found_however_typed(base, change):
    assert [0, len(base)] in groups([*base, change(base[0])])


@pytest.mark.feature("B-DUP-7", "BEY-16")
def test_people_of_one_household_stay_apart(base):
    homes = []
    for row in base[:60]:
        other = GIVEN[(GIVEN.index(row["given_name"]) + 7) % len(GIVEN)]
        homes.append(changed(row, given_name=other, birth_date="1999-05-05", email="", phone=row["phone"]))
    found = compared([*base, *homes])
    assert grouped.groups(found) == []
    assert "household" in found.model.kinds


@pytest.mark.feature("B-DUP-7", "BEY-16")
def test_father_and_son_of_one_name_stay_apart(base):
    father = changed(base[0], family_name=f"{base[0]['family_name']} Sr.", birth_date="")
    son = changed(base[0], family_name=f"{base[0]['family_name']} Jr.", birth_date="", email="")
    assert groups([*base[1:], father, son]) == []


@pytest.mark.feature("B-DUP-7", "BEY-16")
def test_twins_are_asked_about_and_never_sure(base):
    twin = changed(base[0], given_name=f"{base[0]['given_name']}a", email="")
    [pair] = grouped.pairs(compared([*base, twin]))
    assert 0.5 <= pair.why.score <= 0.95
    assert pair.why.objections == ("given",)


@pytest.mark.feature("B-DUP-7")
def test_another_tax_number_is_never_sure():
    rows = [
        {"name": f"{a} {b} GmbH", "city": c, "tax_number": f"DE{n}{n}1357"}
        for n, (a, b, c) in enumerate(zip(FAMILY * 3, GIVEN * 3, CITIES * 15, strict=False), start=100)
    ]
    twin = changed(rows[0], tax_number="DE999888777", street="Am Markt 1")
    rows[0]["street"] = "Am Markt 1"
    for pair in grouped.pairs(compared([*rows, twin], "account")):
        assert pair.why.score <= 0.95
        assert pair.why.objections == ("tax_number",)


@pytest.mark.feature("B-DUP-6", "BEY-16")
def test_a_value_many_share_stops_counting(base):
    rows = [changed(row, phone="030 1234567") for row in base]
    found = compared(rows)
    assert grouped.groups(found) == []
    assert found.prepared.shared[0] == ("phone", "301234567", len(base))


@pytest.mark.feature("B-DUP-6")
def test_a_rare_name_says_more_than_a_common_one(base):
    rows = [changed(row, family_name="Schmidt") for row in base[:200]] + base[200:]
    rows[399] = changed(rows[399], family_name="Wolkenstein")
    found = compared([*rows, changed(rows[0], phone=""), changed(rows[399], phone="")])
    told = {p.left: next(bar.bits for bar in p.why.bars if bar.field == "family") for p in grouped.pairs(found)}
    assert told[399] > told[0] + 3


@pytest.mark.feature("B-DUP-8", "BEY-7")
def test_the_bars_of_an_explanation_add_up_to_its_score(base):
    rows = base + [changed(row, phone="", city="Ulm") for row in base[:40]]
    pairs = list(grouped.pairs(compared(rows)))
    assert len(pairs) == 40
    for pair in pairs:
        assert 1 / (1 + math.pow(2, -pair.why.bits)) == pytest.approx(pair.why.score, abs=2e-3)
        assert {bar.field for bar in pair.why.fields} <= {"given", "family", "birth_date", "email", "address"}


@pytest.mark.parametrize("count", [0, 1, 2])
@pytest.mark.parametrize("entity", ["contact", "account"])
def test_almost_no_rows_are_no_trouble(count, entity):
    rows = [{"given_name": "Ada", "name": "King Ltd", "email": "a.king@example.org", "phone": None}] * count
    assert groups(rows, entity) == ([[0, 1]] if count == 2 else [])


def test_equal_rows_are_one_group_whatever_their_number():
    found = compared([people(1)[0]] * 5_000)
    assert grouped.groups(found) == [list(range(5_000))]
    assert len(list(grouped.pairs(found))) == 4_999


def test_empty_columns_change_nothing(base):
    rows = [*base, changed(base[0], city="")]
    assert groups([{**row, "fax": None, "employer": "", "gender": None} for row in rows]) == groups(rows)


def test_one_column_is_told_to_be_a_guess(base):
    found = compared([{"family_name": row["family_name"]} for row in base])
    assert not fields.can_tell(found.fields)
    assert not found.model.learned
    found = compared([{"full_name": f"{row['given_name']} {row['family_name']}"} for row in base])
    assert not fields.can_tell(found.fields)


def test_the_order_of_rows_does_not_matter_and_a_second_run_says_the_same(base):
    rows = base + [changed(row, phone="", given_name=row["given_name"][:1]) for row in base[:80]]
    first = compared(rows)
    assert grouped.groups(first) == grouped.groups(compared(rows))
    order = list(range(len(rows)))
    random.Random(3).shuffle(order)
    other = groups([rows[place] for place in order])
    assert sorted(sorted(order[row] for row in group) for group in other) == grouped.groups(first)


def test_a_model_is_kept_and_used_again(base):
    rows = [*base, changed(base[0], phone="")]
    found = compared(rows)
    again = compared(rows, model=from_json(found.model.to_json()))
    assert np.allclose(found.scores.odds, again.scores.odds)


@pytest.mark.feature("B-DUP-9")
def test_a_weak_link_does_not_melt_two_groups():
    inner = [(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5)]
    left, right = np.array([*inner, (2, 3)], np.int32).T
    odds = np.array([6.0] * 6 + [1.0], np.float32)
    assert clusters.group(6, Pairs(left, right), odds).group.tolist() == [0, 0, 0, 1, 1, 1]
    links = dict.fromkeys(inner, 6.0) | {(2, 3): 1.0}
    assert clusters.bridges(list(range(6)), links) == [(2, 3)]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_groups_are_a_partition_that_keeps_refused_pairs_apart(data):
    size = data.draw(st.integers(2, 14))
    every = [(a, b) for a in range(size) for b in range(a + 1, size)]
    some = data.draw(st.lists(st.sampled_from(every), unique=True, min_size=1))
    worth = np.array(data.draw(st.lists(st.floats(-8, 8), min_size=len(some), max_size=len(some))), np.float32)
    left, right = np.array(some, np.int32).T
    apart = np.array([0])
    found = clusters.group(size, Pairs(left, right), worth, apart=apart).group
    assert len(found) == size
    assert found[left[0]] != found[right[0]]
    if len(some) == 1:
        assert len(set(found.tolist())) == size


@pytest.mark.feature("BEY-7")
def test_fields_a_reader_may_not_see_are_not_named(base):
    [pair] = grouped.pairs(compared([*base, changed(base[0], phone="")]))
    shown = telling.sentence(pair.why, "en")
    kept = telling.sentence(pair.why, "en", frozenset({"birth_date", "email"}))
    assert "birth date" in shown
    assert "birth date" not in kept
    assert "fields you may not see" in kept
    assert telling.sentence(pair.why, "de") != shown
