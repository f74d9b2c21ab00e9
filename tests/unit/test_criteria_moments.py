"""Words for spans of time, against a calendar stepped through by hand."""

from datetime import date, timedelta

import pytest

from c360.query import moments
from tests.services.naive import days_of

DAYS = [
    date(2024, 2, 29),
    date(2023, 12, 31),
    date(2024, 1, 1),
    date(2024, 3, 31),
    date(2025, 2, 28),
    date(2026, 6, 30),
    date(2028, 12, 28),
    date(2020, 10, 1),
]
COUNTED = [f"{word}:{n}" for word in moments.COUNTED for n in (0, 1, 30, 366)]


@pytest.mark.feature("LST-7", "B-LST-2")
@pytest.mark.parametrize("word", [*moments.WORDS, *COUNTED])
@pytest.mark.parametrize("today", DAYS, ids=str)
def test_a_word_means_the_days_a_calendar_says(word, today):
    start, after = moments.span(word, today)
    first, last = days_of(word, today)
    assert start == first
    assert after == (last + timedelta(days=1) if last else None)


@pytest.mark.feature("LST-7")
@pytest.mark.parametrize(
    ("text", "means"),
    [("today", "2024-02-29"), ("today-1", "2024-02-28"), ("today+1", "2024-03-01"), ("2026-12-31", "2026-12-31")],
)
def test_a_day_is_written_or_counted_from_today(text, means):
    assert moments.day(text, date(2024, 2, 29)) == date.fromisoformat(means)


@pytest.mark.parametrize(
    "bad", ["", "soon", "last_days", "last_days:x", "last_days:-3", "this_fortnight", "last_days:99999999999"]
)
def test_an_unknown_word_is_refused(bad):
    with pytest.raises((ValueError, OverflowError)):
        moments.span(bad, date(2024, 2, 29))
