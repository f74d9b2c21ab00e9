"""The home country: phone numbers that name none are of it. A unit of work tells what an administrator has set."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar

from c360.core.config import settings

_COUNTRY: ContextVar[Callable[[], str] | None] = ContextVar("home", default=None)


def country() -> str:
    """Return the country an administrator has set; outside a unit of work, the environment's."""
    read = _COUNTRY.get()
    return read() if read else settings().country


@contextmanager
def at_home(read: Callable[[], str]) -> Generator[None]:
    """Ask ``read`` for the country until the block is left; it is asked only when a number needs it."""
    before = _COUNTRY.get()
    _COUNTRY.set(read)
    try:
        yield
    finally:
        _COUNTRY.set(before)
