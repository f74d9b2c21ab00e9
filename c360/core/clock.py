"""The only clock: every timestamp in the app is timezone-aware UTC."""

from datetime import UTC, date, datetime


def utc_now() -> datetime:
    """Return the current time, aware and in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the current date in UTC."""
    return utc_now().date()
