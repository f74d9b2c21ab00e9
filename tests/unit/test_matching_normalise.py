"""One spelling for one value: tables of what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from c360.matching.normalise import codes, days, organisations, people, places, reach, text

NORMAL = [
    (people.name, "Dr. Ana-María  Ruiz", "ana maria ruiz"),
    (people.name, "O’Brien", "obrien"),
    (people.name, "Jürgen Groß", "jurgen gross"),
    (people.name, "Александр", "aleksandr"),
    (people.name, "SMITH JR.", "smith"),
    (people.name, "J\u200bohn", "john"),
    (people.suffix, "John Smith, Sr.", "sr"),
    (people.suffix, "Smith III", "3"),
    (people.generation, "Junior", "jr"),
    (reach.email, "Ada.King+shop@GoogleMail.com ", "adaking@gmail.com"),
    (reach.email, "ada.king@web.de", "ada.king@web.de"),
    (reach.email, "ada@gmial.com", "ada@gmail.com"),
    (reach.email, "INFO@king.com", ""),
    (reach.phone, "+49 (0)30 901820-1", "309018201"),
    (reach.phone, "0049 30/9018201", "309018201"),
    (reach.phone, "(212) 555-0147 x12", "125550147"),
    (reach.phone, "000 000 0000", ""),
    (reach.phone, "n/a", ""),
    (reach.web, "https://www.Example.com/de?x=1", "example.com"),
    (days.day, "1980-03-07", "19800307"),
    (days.day, "19800307", "19800307"),
    (days.day, "25.03.1980", "19800325"),
    (days.day, "03/25/1980", "19800325"),
    (days.day, "1900-01-01", ""),
    (days.day, "soon", ""),
    (places.postal_code, "e94 8DE", "e948de"),
    (organisations.organisation, "Söhne & Co. GmbH", "sohne"),
    (organisations.organisation, "A.B.C. International Ltd.", "abc intl"),
    (organisations.organisation, "The Company", "the company"),
    (codes.code, "DE 136/695 976", "de136695976"),
    (codes.code, "0000000", ""),
    (codes.gender, "weiblich", "f"),
]


@pytest.mark.feature("B-DUP-4", "DUP-4")
@pytest.mark.parametrize(("change", "typed", "normal"), NORMAL)
def test_what_is_typed_becomes_one_spelling(change, typed, normal):
    assert change(typed) == normal


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("King, Ada", ("ada", "king")),
        ("Ada King", ("ada", "king")),
        ("Smith, Jr", ("smith", "")),
        ("Madonna", ("madonna", "")),
        ("Prof. Ada de Souza", ("ada", "de souza")),
    ],
)
def test_a_whole_name_is_taken_apart(typed, parts):
    assert people.halves(typed) == parts


@pytest.mark.parametrize(
    ("typed", "street"),
    [
        ("Hauptstraße 12a", places.Street("hauptst", "12a", "")),
        ("Hauptstr. 12a", places.Street("hauptst", "12a", "")),
        ("Flat 3, 12 Oak Avenue", places.Street("oak ave", "12", "3")),
        ("12 Oak Ave #3", places.Street("oak ave", "12", "3")),
    ],
)
def test_a_street_is_taken_apart(typed, street):
    assert places.street(typed) == street


@pytest.mark.parametrize(("one", "other"), [("meyer", "maier"), ("philips", "fillips"), ("schmidt", "schmitt")])
def test_names_that_sound_alike_have_one_skeleton(one, other):
    assert text.skeleton(one) == text.skeleton(other)


def test_nicknames_work_both_ways():
    assert "bob" in people.nicknames("robert")
    assert "robert" in people.nicknames("bob")


@given(st.text(max_size=60))
def test_a_normal_form_is_its_own_normal_form(typed):
    for change in (text.joined, text.squeezed, reach.phone, reach.web, places.postal_code, codes.gender):
        assert change(change(typed)) == change(typed)


@given(st.text(max_size=60))
def test_nothing_typed_breaks_a_normal_form(typed):
    for change in (people.name, people.full, reach.email, days.day, places.street, organisations.organisation):
        change(typed)
    assert text.plain(typed).isascii()
