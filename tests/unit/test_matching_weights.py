"""Fields that count more or less than learned: in the score, in its explanation, and not in what is learned."""

import numpy as np
import pytest

from c360.matching import engine, online
from c360.matching.evidence import GUARD
from c360.matching.explanation import explain
from c360.matching.population import population
from c360.services.duplicates import columns
from tests.labelled import ENTITY, HOME

NAME = "restaurants"
WEIGHTS = {"phone": 0.5, "name": 2.0, "city": 1.5}


@pytest.fixture(scope="module")
def table():
    return columns.read(HOME / f"{NAME}.csv", ENTITY[NAME], "id", {})[0]


@pytest.fixture(scope="module")
def found(table):
    return {name: engine.match(table, ENTITY[NAME], emphasis=some)
            for name, some in (("none", {}), ("one", {"phone": 1.0}), ("some", WEIGHTS))}  # fmt: skip


def bars(compared, count=400):
    some = slice(0, count)
    pairs = engine.Pairs(compared.pairs.left[some], compared.pairs.right[some])
    levels, odds = compared.levels[some], compared.raw.odds[some]
    return explain(compared.model, compared.prepared.records, pairs, levels, odds, compared.fields)


@pytest.mark.feature("B-DUP-3")
def test_once_as_much_as_learned_is_as_learned(found):
    assert np.array_equal(found["none"].raw.odds, found["one"].raw.odds)
    assert not np.array_equal(found["none"].raw.odds, found["some"].raw.odds)


@pytest.mark.feature("B-DUP-3", "B-DUP-8")
def test_the_bars_of_weighed_fields_are_so_many_times_as_long_and_still_add_up(found):
    plain, weighed = bars(found["none"]), bars(found["some"])
    for before, after in zip(plain, weighed, strict=True):
        told = {bar.field: bar.bits for bar in after.bars}
        for bar in before.fields:
            assert told[bar.field] == pytest.approx(bar.bits * WEIGHTS.get(bar.field, 1.0), abs=0.003)
        assert GUARD not in told, "what is left over would stand there"
    assert sum(bar.field in WEIGHTS for one in plain for bar in one.fields) > 400


@pytest.mark.feature("B-DUP-3")
def test_what_is_learned_does_not_hang_on_the_weights(found):
    assert found["none"].model.to_json() == found["some"].model.to_json()


@pytest.mark.feature("B-DUP-3", "B-DUP-1")
def test_a_few_records_are_weighed_by_them_too(table, found):
    whole = found["some"]
    first = whole.prepared.collapsed.first
    rows = [(int(first[whole.pairs.left[place]]), int(first[whole.pairs.right[place]])) for place in range(50)]
    known = population(whole.prepared)
    plain, weighed = (
        online.told(online.look(table, ENTITY[NAME], rows, found["none"].model, known, (), some))
        for some in ({}, WEIGHTS)
    )
    for before, after in zip(plain, weighed, strict=True):
        bits = {bar.field: bar.bits * WEIGHTS.get(bar.field, 1.0) for bar in before.why.fields}
        assert {bar.field: bar.bits for bar in after.why.fields} == pytest.approx(bits, abs=0.003)
