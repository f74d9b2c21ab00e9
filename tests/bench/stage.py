"""The app and the bare floor side by side on one base, both driven by the same script.

The floor runs the statements the app itself sends for the same page; the clock starts at the act and stops at the
second frame after the wanted content is there.
"""

import json
import pickle
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import event

from c360.core import db
from tests.bench import sheet
from tests.bench.figures import p95
from tests.conftest import ROOT
from tests.e2e.conftest import Site, free_port

RUNS, WARM = 20, 2
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
COLUMNS = ("database", "customers", "what", "floor p50", "floor p95", "ours p50", "ours p95", "ratio p95", "bar met")
Statements = list[tuple[str, Any]]


@dataclass
class Stage:
    """The app's page and the floor's, and what there is to look at."""

    backend: str
    size: int
    app: Page
    floor: Page
    site: Site
    server: int
    words: list[str] = field(default_factory=list)
    searches: list[str] = field(default_factory=list)


def recorded(work: Callable[[], Any], *kinds: str) -> Statements:
    """Return what a piece of the app sends to the driver: what reads, and statements that begin as named besides."""
    seen: Statements = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH", *kinds)):
            seen.append((statement, parameters))

    event.listen(db.engine(), "before_cursor_execute", note)
    work()
    event.remove(db.engine(), "before_cursor_execute", note)
    return seen


@contextmanager
def bare(url: str, pages: dict[str, Statements], saving: tuple[str, Any], folder: Path) -> Iterator[str]:
    """Serve the floor."""
    port = free_port()
    file = folder / "floor.pickle"
    file.write_bytes(pickle.dumps((pages, saving)))
    run = "runpy.run_path('tests/bench/floor.py', run_name='__main__')"
    # The app's package brings the SQLite it runs on, so that both use the same one.
    code = f"import c360, runpy, sys; sys.argv = ['floor', {url!r}, '{port}', {str(file)!r}]; {run}"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def clock(page: Page, act: Callable[[], object], there: str) -> float:
    """Return the milliseconds from the act to the painted result."""
    started = time.perf_counter()
    act()
    page.wait_for_function(there, polling="raf", timeout=60_000)
    page.evaluate(PAINTED)
    return (time.perf_counter() - started) * 1000


def floor_clock(stage: Stage, name: str) -> float:
    """Return the milliseconds from a click on a link of the floor to its painted page."""
    link = stage.floor.get_by_role("link", name=name, exact=True)
    told = json.dumps(name)
    there = f"() => document.querySelector('h1')?.innerText === {told} && [...document.querySelectorAll('td')].at(-1)"
    return clock(stage.floor, link.click, there)


def compare(
    stage: Stage, what: str, ours: Callable[[int], float], floor: Callable[[int], float], bar: float = 4
) -> None:
    """Time both by turns, keep the figures; the first ones warm both up alike."""
    times = [(ours(n), floor(n)) for n in range(RUNS + WARM)][WARM:]
    mine, bare_times = [m for m, _ in times], [f for _, f in times]
    ratio = p95(mine) / p95(bare_times)
    numbers = (statistics.median(bare_times), p95(bare_times), statistics.median(mine), p95(mine))
    row = sheet.put(
        "pages", "In the browser, click to painted, milliseconds", COLUMNS,
        (stage.backend, f"{stage.size:,}", what), *(f"{n:.0f}" for n in numbers), f"{ratio:.1f}",
        "yes" if ratio <= bar else "**no**",
    )  # fmt: skip
    sys.stdout.write(f"\n{row}\n")
    assert ratio <= bar, row


ROWS = """[...document.querySelectorAll('.ag-root .ag-row')]
    .sort((a, b) => Number(a.getAttribute('row-index')) - Number(b.getAttribute('row-index')))
    .slice(0, 12).map((row) => row.innerText.trim()).join('|').replace(/\\s+/g, ' ')"""


def shown(page: Page) -> str:
    """Return what the first rows of the list say."""
    return page.evaluate(f"() => {ROWS}")


def rows_there(unlike: str = "", like: str = "") -> str:
    """Return the script that tells whether the list shows rows, other ones than before, each with a text in it."""
    return f"""() => {{
        const told = {ROWS};
        return told.length > 20 && told !== {json.dumps(unlike)} && told.toLowerCase().includes({json.dumps(like)});
    }}"""
