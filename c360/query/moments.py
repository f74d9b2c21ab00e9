"""Relative dates: words such as ``this_quarter`` or ``last_days:30`` that mean other days tomorrow."""

from datetime import UTC, date, datetime, time, timedelta

WORDS = (
    "today", "yesterday", "tomorrow", "this_week", "last_week", "next_week", "this_month", "last_month", "next_month",
    "this_quarter", "last_quarter", "next_quarter", "this_year", "last_year", "next_year",
)  # fmt: skip
COUNTED = ("last_days", "next_days", "older_days")


def span(word: str, today: date) -> tuple[date | None, date | None]:
    """Return the first day of a relative span and the day after its last; None is open. ``ValueError`` if unknown."""
    name, _, count = word.partition(":")
    if name in COUNTED:
        days = timedelta(days=int(count))
        if days < timedelta():
            raise ValueError("criteria.span.bad")
        if name == "last_days":
            return today - days, today + timedelta(days=1)
        return (today, today + days + timedelta(days=1)) if name == "next_days" else (None, today - days)
    if name not in WORDS:
        raise ValueError("criteria.span.bad")
    if name in ("today", "yesterday", "tomorrow"):
        start = today + timedelta(days={"today": 0, "yesterday": -1, "tomorrow": 1}[name])
        return start, start + timedelta(days=1)
    which, unit = name.split("_")
    steps = {"last": -1, "this": 0, "next": 1}[which]
    return _start(unit, today, steps), _start(unit, today, steps + 1)


def day(text: str, today: date) -> date:
    """Return the day of an ISO date, or of ``today``, ``today-30``, ``today+7``."""
    if text.startswith("today"):
        return today + timedelta(days=int(text[5:] or 0))
    return date.fromisoformat(text[:10])


def midnight(when: date) -> datetime:
    """Return the moment a day begins, in UTC."""
    return datetime.combine(when, time(), UTC)


def _start(unit: str, today: date, steps: int) -> date:
    if unit == "week":
        return today - timedelta(days=today.weekday()) + timedelta(weeks=steps)
    size = {"month": 1, "quarter": 3, "year": 12}[unit]
    months = (today.year * 12 + today.month - 1) // size * size + steps * size
    return date(months // 12, months % 12 + 1, 1)
