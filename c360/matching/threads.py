"""Work on large arrays in several threads: numpy and rapidfuzz let go of the interpreter while they are at it."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")
WORKERS, MANY = 2, 20_000
"""Threads, and the rows below which starting them takes longer than they save."""


def side_by_side(work: Callable[[Part], Result], parts: Iterable[Part], rows: int) -> list[Result]:
    """Return what the work makes of each part, in their order; of few ``rows`` one after the other."""
    if rows <= MANY:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(WORKERS) as threads:
        return list(threads.map(work, parts))
