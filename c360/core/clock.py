"""The only clock: every timestamp in the app is timezone-aware UTC."""

from calendar import monthrange
from datetime import UTC, date, datetime
from typing import TypeVar

Day = TypeVar("Day", bound=date)


def utc_now() -> datetime:
    """Return the current time, aware and in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the current date in UTC."""
    return utc_now().date()


def months_after(day: Day, months: int) -> Day:
    """Return the same day so many calendar months on (or back), or the month's last day where it has no such one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))
