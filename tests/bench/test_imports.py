"""An import of 100,000 contacts with journal and search index, and its undo, against bare inserts of the same rows.

Bars: at most 20 times the floor's time; at most 300 MB above idle; undone in no more than the import's own time.
``C360_BENCH_ROWS`` picks another size.
"""

import csv
import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, inspect, text

from c360.core import db
from c360.services.imports import direct
from tests.bench import sheet
from tests.bench.data import CITIES, GIVEN, HEADS, MIDS, STREETS, TAILS

ROWS = int(os.environ.get("C360_BENCH_ROWS", "100000"))
PAGE = os.sysconf("SC_PAGE_SIZE")
COLUMNS = ("database", "rows", "what", "measured", "floor", "ratio or bar", "bar met")
pytestmark = [pytest.mark.bench, pytest.mark.timeout(0)]


def people(path: Path, rows: int) -> Path:
    """Write a file as an operator brings it: semicolons, umlauts, phones in several spellings, gaps."""
    pick = random.Random(11)
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, delimiter=";")
        lines.writerow(("Vorname", "Nachname", "E-Mail", "Telefon", "Straße", "PLZ", "Ort", "Geburtsdatum", "Notiz"))
        for n in range(rows):
            given, family = pick.choice(GIVEN), pick.choice(HEADS) + pick.choice(MIDS) + pick.choice(TAILS)
            phone = f"0{pick.randrange(30, 999)} / {pick.randrange(10**6, 10**8)}" if n % 3 else ""
            born = (
                f"{pick.randrange(1, 29):02}.{pick.randrange(1, 13):02}.{pick.randrange(1940, 2005)}" if n % 4 else ""
            )
            lines.writerow((
                given, family, f"person{n}@example.com" if n % 5 else "", phone,
                f"{pick.choice(STREETS)} {pick.randrange(1, 200)}", f"{pick.randrange(10000, 99999)}",
                pick.choice(CITIES), born, "Bitte vormittags anrufen" if n % 10 == 0 else "",
            ))  # fmt: skip
    return path


class Peak:
    """The most memory this process held, in MB."""

    def __init__(self) -> None:
        self.start = self.most = self._now()

    def _now(self) -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 2**20

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look twenty times a second."""
        done = threading.Event()

        def look() -> None:
            while not done.wait(0.05):
                self.most = max(self.most, self._now())

        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        yield
        done.set()
        thread.join()


def sizes(connection: Connection) -> dict[str, int]:
    """Return how many rows each table holds."""
    names = [n for n in inspect(connection).get_table_names() if "fts" not in n and not n.startswith("sqlite")]
    return {n: connection.execute(text(f'SELECT count(*) FROM "{n}"')).scalar_one() for n in names}


def bare(made: dict[str, int]) -> float:
    """Return the seconds of plain inserts of the newest rows of each table into tables without any index."""
    total = 0.0
    with db.engine().connect() as connection:
        raw: Any = connection.connection
        cursor = raw.cursor()
        mark = "?" if db.engine().dialect.name == "sqlite" else "%s"
        for name, number in made.items():
            cursor.execute(f'SELECT * FROM "{name}" LIMIT {number}')
            rows = [tuple(_plain(v) for v in row) for row in cursor.fetchall()]
            width = len(rows[0])
            columns = ", ".join(f"c{n} {_type([row[n] for row in rows[:1000]])}" for n in range(width))
            cursor.execute(f"CREATE TABLE bench_bare ({columns})")
            raw.commit()
            began = time.perf_counter()
            if mark == "?":
                cursor.execute("BEGIN")  # The app's SQLite connections would commit each row by itself.
            cursor.executemany(f"INSERT INTO bench_bare VALUES ({', '.join([mark] * width)})", rows)
            raw.commit()
            total += time.perf_counter() - began
            cursor.execute("DROP TABLE bench_bare")
            raw.commit()
    return total


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return value if value is None or isinstance(value, int | float | bytes) else str(value)


def _type(values: list[Any]) -> str:
    known = {type(v) for v in values if v is not None}
    if known == {int}:
        return "BIGINT"
    return "BYTEA" if known == {bytes} and db.engine().dialect.name == "postgresql" else "TEXT"


def test_an_import_and_its_undo(database, admin, tmp_path):
    file = people(tmp_path / "people.csv", ROWS)
    with db.engine().connect() as connection:
        before = sizes(connection)
    peak = Peak()
    with peak.watched():
        began = time.perf_counter()
        told = direct.run_file(admin, file, "contact")
        took = time.perf_counter() - began
    # Among so many made-up people one row may look like another's namesake, and waits to be decided.
    assert told["created"] + told["rejected"] + told["skipped"] == ROWS
    assert told["created"] >= 0.99 * ROWS
    with db.engine().connect() as connection:
        made = {n: count - before[n] for n, count in sizes(connection).items() if count > before[n]}
    floor = bare(made)
    began = time.perf_counter()
    undone = direct.undo(admin, UUID(told["batch"]))
    back = time.perf_counter() - began
    assert undone["restored"] >= told["created"]
    held = peak.most - peak.start
    note(database, "import, seconds", took, floor, f"{took / floor:.1f} of 20", took <= 20 * floor)
    note(database, "import, rows a second", ROWS / took, ROWS / floor, "–", None)
    note(database, "import, memory above idle, MB", held, None, "300", held <= 300)
    note(database, "undo of the import, seconds", back, took, f"{back / took:.2f} of 1", back <= took)
    assert took <= 20 * floor
    assert held <= 300
    assert back <= took


def note(backend: str, what: str, measured: float, floor: float | None, bar: str, met: bool | None) -> None:
    """Keep one figure."""
    told = "–" if met is None else "yes" if met else "**no**"
    row = sheet.put(
        "imports", "Import and undo", COLUMNS, (backend, f"{ROWS:,}", what),
        f"{measured:,.1f}", "–" if floor is None else f"{floor:,.1f}", bar, told,
    )  # fmt: skip
    sys.stdout.write(f"\n{row}\n")
