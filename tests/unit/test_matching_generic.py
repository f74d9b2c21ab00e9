"""Values that never count: read as records are read, and gone from rows and tables before anything is compared."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from c360.matching import generic
from c360.matching.keys import Row, keys
from c360.matching.table import of_rows

PHONE = {"phone": ("030 / 5550101",)}


@pytest.mark.feature("BEY-16")
@pytest.mark.parametrize(
    ("column", "typed", "value"),
    [
        ("phone", "030 / 5550101", "+49 30 5550101"),
        ("email", "Zentrale@", "zentrale@ähren.example"),
        ("email", "@Googlemail.com", "ada.king@gmail.com"),
        ("email", "Ada.King@gmail.com", "adaking+shop@googlemail.com"),
        ("given_name", "UNBEKANNT", "Dr. Unbekannt"),
        ("family_name", "佚名", "佚名"),
        ("family_name", "مجهول", " مجهول "),
        ("name", "Diverse", "Diverse GmbH"),
        ("birth_date", "02.02.1902", "1902-02-02"),
        ("website", "https://www.facebook.com/", "facebook.com/some.shop"),
        ("tax_number", "DE 1234", "de-1234"),
    ],
)
def test_a_value_is_read_as_it_is_compared(column, typed, value):
    kept = generic.row(Row({column: value, "city": "Köln"}), {column: (typed,)})
    assert kept.texts == {column: None, "city": "Köln"}


@pytest.mark.feature("BEY-16")
def test_what_only_looks_like_it_stays():
    never = {"email": ("info2@", "@example.com"), "given_name": ("Test",)}
    row = Row({"email": "info@example.org", "given_name": "Testa"}, ["info2@example.org", "x@sub.example.com", "🎻"])
    kept = generic.row(row, never)
    assert (kept.texts, list(kept.emails)) == (row.texts, ["x@sub.example.com", "🎻"])


@pytest.mark.feature("BEY-16")
def test_a_record_is_not_found_by_a_value_that_never_counts():
    row = Row({"phone": "+49 30 5550101", "given_name": "Zoë", "family_name": "Ångström"}, (), ["030 5550101"])
    names = set(keys("contact", row).values())
    assert names - set(keys("contact", generic.row(row, PHONE)).values()) == {"phone"}
    assert generic.row(row, {"phone": ()}) is row


@pytest.mark.feature("BEY-16")
@given(st.lists(st.sampled_from([None, "030 5550101", "+49 30 5550101", "040 1234567", "x" * 500]), max_size=9))
def test_a_table_loses_the_values_and_no_others(values):
    some = of_rows([{"phone": value, "city": "Łódź"} for value in values], ["phone", "city"])
    kept = generic.table(some, PHONE)
    wanted = [value if value and "5550101" not in value else None for value in values]
    assert kept.size == len(values)
    column = kept.get("phone")
    assert (column.texts(np.arange(len(values))) if column else [None] * len(values)) == wanted
    assert (column is None) == (not any(wanted)), "a column without any value is left out"
