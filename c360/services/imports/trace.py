"""What the rows of a file said so far, kept beside it: a row meets those above it wherever the chunks are cut.

A check writes nothing, so it asks here which rows above it has to do over; a run asks which row said the very same.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b

from c360.services.imports import files

TABLE = "CREATE TABLE IF NOT EXISTS said (what INTEGER, number INTEGER, start INTEGER, PRIMARY KEY (what, number))"


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the file: its number, and where it starts."""

    number: int
    start: int


class Trace:
    """The rows of one pass over a file by what they said; it holds digests only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def first(self, what: str) -> int | None:
        """Return the number of the first row that said this."""
        return self.connection.execute("SELECT min(number) FROM said WHERE what = ?", (_digest(what),)).fetchone()[0]

    def above(self, words: Iterable[str], number: int) -> set[Place]:
        """Return the first and the last row above a row that said each of these."""
        query = "SELECT number, start FROM said WHERE what = ? AND number < ? ORDER BY number"
        found: set[Place] = set()
        for what in words:
            rows = self.connection.execute(query, (_digest(what), number)).fetchall()
            found |= {Place(*row) for row in (rows[:1] + rows[-1:])}
        return found

    def note(self, place: Place, words: Iterable[str]) -> None:
        """Remember what a row said; saying it again changes nothing."""
        rows = [(_digest(what), place.number, place.start) for what in words]
        self.connection.executemany("INSERT OR IGNORE INTO said VALUES (?, ?, ?)", rows)


@contextmanager
def opened(key: str, name: str, *, anew: bool = False) -> Iterator[Trace]:
    """Open the trace of a pass over an uploaded file, ``anew`` without what an earlier one left."""
    path = files.folder(key) / f"{name}.trace"
    if anew:
        path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    try:
        with connection:
            # Losing it in a crash costs a question about a twin, never a row.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(TABLE)
            yield Trace(connection)
    finally:
        connection.close()


def _digest(what: str) -> int:
    return int.from_bytes(blake2b(what.encode(), digest_size=8).digest(), signed=True)
