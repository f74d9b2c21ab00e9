"""Birth dates in whatever form they are typed; those that mean "unknown" are no value."""

import re

_YEAR_FIRST = re.compile(r"(\d{4})[-/. ]?(\d\d?)[-/. ]?(\d\d?)(?!\d)")
_YEAR_LAST = re.compile(r"(\d\d?)[-/. ](\d\d?)[-/. ](\d{4})(?!\d)")
_YEAR_LAST_SOLID = re.compile(r"(\d\d)(\d\d)(\d{4})")
UNKNOWN = frozenset({"19000101", "19700101", "19010101", "19990909", "18000101", "11111111", "19111111"})


def day(text: str) -> str:
    """Return a date as eight digits; day and month change places where only that makes a month.

    >>> day("1980-03-07"), day("7/3/1980"), day("03/25/1980"), day("1900-01-01"), day("soon")
    ('19800307', '19800703', '19800325', '', '')
    """
    text = text.strip()
    if found := _YEAR_FIRST.match(text):
        year, month, date = map(int, found.groups())
    elif found := _YEAR_LAST.match(text) or _YEAR_LAST_SOLID.fullmatch(text):
        month, date, year = map(int, found.groups())
    else:
        return ""
    if month > 12:
        month, date = date, month
    if not (1 <= month <= 12 and 1 <= date <= 31):
        return ""
    found_day = f"{year:04d}{month:02d}{date:02d}"
    return "" if found_day in UNKNOWN else found_day
