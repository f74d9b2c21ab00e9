"""Columns as codes: taken apart, filled from each other, cut down, in canonical order, as lists of texts would be."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from c360.matching import threads
from c360.matching.column import either, encoded, nothing
from c360.matching.derive import _signs
from c360.matching.keys import Row, keys
from c360.matching.prepare import prepare_few
from c360.matching.table import CONTACT_FIELDS, of_rows

TEXTS = st.lists(st.sampled_from((None, "", "a", "b", "c d", "ü", "日 本", "\ud800", "x" * 500)), max_size=30)


def told(column):
    return column.padded[column.codes].tolist()


def plain(texts):
    return [text or None for text in texts]


@given(TEXTS)
def test_empty_texts_are_no_value(texts):
    column = encoded(texts)
    assert told(column) == plain(texts)
    assert len({*column.values}) == len(column.values)


@given(TEXTS, st.randoms())
def test_one_column_fills_another(texts, chance):
    other = [chance.choice((None, "z", "a")) for _ in texts]
    assert told(either(encoded(texts), encoded(other))) == [a or b for a, b in zip(texts, other, strict=True)]
    assert told(either(nothing(len(texts)), encoded(texts))) == plain(texts)


@given(TEXTS, st.randoms())
def test_only_some_rows_keep_their_values(texts, chance):
    rows = np.array([chance.random() < 0.5 for _ in texts], bool)
    found = encoded(texts).only(rows)
    assert told(found) == [text or None if row else None for text, row in zip(texts, rows, strict=True)]
    assert {*found.values} == {text for text in told(found) if text}


@given(TEXTS)
def test_values_are_taken_apart(texts):
    begins, ends = encoded(texts).parted(lambda text: text.partition(" ")[::2], 2)
    assert told(begins) == [text.partition(" ")[0] if text else None for text in texts]
    assert told(ends) == [(text.partition(" ")[2] or None) if text else None for text in texts]


@given(TEXTS, st.randoms())
def test_the_canonical_order_does_not_depend_on_the_rows(texts, chance):
    order = chance.sample(range(len(texts)), len(texts))
    one, other = encoded(texts), encoded([texts[row] for row in order])
    back = np.argsort(order, kind="stable") if order else np.empty(0, np.int64)
    found, same = one.canonical(np.arange(len(texts))), other.canonical(back)
    assert found.values.tolist() == same.values.tolist()
    assert found.codes.tolist() == same.codes.tolist()
    assert told(found) == plain(texts)


@given(TEXTS)
def test_signs_are_those_of_each_value(texts):
    column = encoded(texts)
    bits = [sum({1 << (ord(sign) & 63) for sign in value}) for value in column.values]
    assert _signs(column).tolist() == [*bits, 0]


def test_threads_keep_the_order(monkeypatch):
    monkeypatch.setattr(threads, "MANY", 0)
    assert threads.side_by_side(lambda n: n * n, range(50), 1) == [n * n for n in range(50)]


def names(**row):
    records = prepare_few(of_rows([row, {"email": "b@x.example"}], CONTACT_FIELDS), "contact", None)
    return tuple(
        records[name].texts([0])[0] if name in records else None for name in ("given", "middle", "family_words")
    )


def test_names_are_found_wherever_they_stand():
    assert names(given_name="Ada Bea", family_name="King") == ("ada", "bea", "king")
    assert names(family_name="King, Ada Bea") == ("ada", "bea", "king")
    assert names(given_name="Ada King") == ("ada", None, "king")
    assert names(full_name="Ada B. King") == ("ada", "b", "king")
    assert names(full_name="Zoe Zed", given_name="Ada", family_name="King") == ("ada", None, "king")
    assert names(middle_name="Bea") == (None, "bea", None)
    # A dash for no family name does not cost the name that stands in the other cell.
    assert names(given_name="Ada King", family_name="-") == ("ada", None, "king")
    whole, parted = (
        keys("contact", Row(texts))
        for texts in ({"given_name": "Ada King", "family_name": "-"}, {"given_name": "Ada", "family_name": "King"})
    )
    assert whole == parted
