"""What a person waits for, click to painted, against a bare page that runs the same SQL; weight and memory.

Both are driven by the same script: the clock starts at the act and stops at the second frame after the wanted
content is there. ``C360_BENCH_SIZES`` picks sizes, ``C360_BENCH_KEEP`` keeps the bases between runs.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlmodel import Session, select

from c360.core import db
from c360.core.actor import Actor
from c360.models.customer import Customer
from c360.services import sessions
from c360.services.uow import unit_of_work
from tests.bench import sheet
from tests.bench.figures import p95
from tests.bench.test_lists import base  # noqa: F401 - the fixture
from tests.conftest import ROOT
from tests.e2e.conftest import Site, browser_type_launch_args, free_port, front_end, serving, visit  # noqa: F401

RUNS = 20
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
pytestmark = [pytest.mark.bench, pytest.mark.timeout(0)]
COLUMNS = ("database", "customers", "what", "floor p50", "floor p95", "ours p50", "ours p95", "ratio p95", "bar met")


@dataclass
class Stage:
    """The app and the floor, side by side on one base."""

    backend: str
    size: int
    app: Page
    floor: Page
    site: Site
    server: int
    contact: str
    names: list[str]


@contextmanager
def bare(url: str) -> Iterator[str]:
    """Serve the floor."""
    port = free_port()
    run = "runpy.run_path('tests/bench/floor.py', run_name='__main__')"
    code = f"import c360, runpy, sys; sys.argv = ['floor', {url!r}, '{port}']; {run}"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def stage(base, front_end, browser: Browser, tmp_path_factory) -> Iterator[Stage]:  # noqa: F811
    """Start both on the base and sign in."""
    folder = tmp_path_factory.mktemp("bench-site")
    url = db.engine().url.render_as_string(hide_password=False).replace("postgresql+psycopg", "postgresql")
    site = Site(f"http://localhost:{free_port()}", folder, url)
    admin: Actor = base.admin
    with unit_of_work(admin) as uow:
        secret = sessions.begin(uow, admin.user_id, agent="bench")
    with Session(db.engine()) as session:
        rows = session.exec(select(Customer.id, Customer.name).where(Customer.kind == "contact").limit(40)).all()
    with bare(url) as floor_url, serving(site) as server:
        ours = browser.new_context(base_url=site.url, viewport={"width": 1440, "height": 900})
        ours.add_cookies([{"name": "c360", "value": secret, "url": site.url, "httpOnly": True}])
        theirs = browser.new_context(base_url=floor_url, viewport={"width": 1440, "height": 900})
        yield Stage(
            base.backend,
            base.size,
            ours.new_page(),
            theirs.new_page(),
            site,
            server.pid,
            str(rows[0].id),
            [r.name for r in rows],
        )
        ours.close()
        theirs.close()


def clock(page: Page, act: Callable[[], object], there: str) -> float:
    """Return the milliseconds from the act to the painted result."""
    started = time.perf_counter()
    act()
    page.wait_for_function(there, polling="raf", timeout=60_000)
    page.evaluate(PAINTED)
    return (time.perf_counter() - started) * 1000


def report(stage: Stage, what: str, ours: list[float], floors: list[float], bar: float = 4) -> None:
    """Keep one scenario's figures."""
    ours, floors = ours[2:], floors[2:]  # The first two warm both up alike.
    ratio = p95(ours) / p95(floors)
    numbers = (statistics.median(floors), p95(floors), statistics.median(ours), p95(ours))
    row = sheet.put(
        "pages", "In the browser, click to painted, milliseconds", COLUMNS,
        (stage.backend, f"{stage.size:,}", what), *(f"{n:.0f}" for n in numbers), f"{ratio:.1f}",
        "yes" if ratio <= bar else "**no**",
    )  # fmt: skip
    sys.stdout.write(f"\n{row}\n")


TEXT = """(n) => [...document.querySelectorAll(`.ag-root [role=row][row-index='${n}'] [role=gridcell]`)]
    .map((cell) => cell.innerText.trim()).join(" ").replace(/\\s+/g, " ").trim()"""


def row_there(n: int = 0, unlike: str = "") -> str:
    """Return the script that tells whether a row of the grid holds text, other than what it held."""
    return f"() => {{ const told = ({TEXT})({n}); return told.length > 3 && told !== {json.dumps(unlike)} }}"


def row_text(page: Page, n: int = 0) -> str:
    """Return what a row of the grid holds."""
    return page.evaluate(TEXT, n)


def test_open_a_list(stage: Stage):
    ours, floors = [], []
    visit(stage.app, "/")
    for _ in range(RUNS + 2):
        stage.app.get_by_role("link", name=re.compile("Accounts|Customers")).first.click()
        stage.app.wait_for_function(row_there())
        link = stage.app.get_by_role("link", name="Contacts", exact=False).first
        there = "() => location.pathname.startsWith('/contacts') && (" + row_there() + ")()"
        ours.append(clock(stage.app, link.click, there))
        stage.floor.goto("about:blank")
        floors.append(clock(stage.floor, lambda: stage.floor.goto("/?sort=name"), "() => document.querySelector('td')"))
    report(stage, "open the list", ours, floors)


def test_sort(stage: Stage):
    ours, floors = [], []
    visit(stage.app, "/contacts")
    stage.app.wait_for_function(row_there())
    stage.floor.goto("/?sort=name")
    for n in range(RUNS + 2):
        before = row_text(stage.app)
        header = stage.app.get_by_role("columnheader").filter(has_text=re.compile("^(Name|Contact)")).first
        changed = row_there(unlike=before)
        ours.append(clock(stage.app, header.click, changed))
        column = ("city", "name")[n % 2]
        stage.floor.evaluate("() => { document.body.dataset.old = '1' }")
        link = stage.floor.get_by_role("link", name=column)
        floors.append(
            clock(stage.floor, link.click, "() => !document.body.dataset.old && document.querySelector('td')")
        )
    report(stage, "sort by a column", ours, floors)


def test_jump(stage: Stage):
    ours, floors = [], []
    visit(stage.app, "/contacts")
    stage.app.wait_for_function(row_there())
    for n in range(RUNS + 2):
        share = 0.2 + 0.03 * n
        scroll = f"""() => {{
            const box = document.querySelector('.ag-body-vertical-scroll-viewport, .ag-body-viewport');
            const body = document.querySelector('.ag-body-viewport');
            body.scrollTop = body.scrollHeight * {share}; box.scrollTop = box.scrollHeight * {share};
        }}"""
        there = """() => {
            const rows = [...document.querySelectorAll('.ag-center-cols-container [role=row]')];
            const seen = rows.filter((r) => Number(r.getAttribute('row-index')) > 100);
            return seen.length > 10 && seen.slice(5, 10).every((r) => r.innerText.trim().length > 3);
        }"""
        ours.append(clock(stage.app, lambda s=scroll: stage.app.evaluate(s), there))
        start = int(stage.size * 0.7 * share)
        stage.floor.goto("about:blank")
        page = f"/?sort=name&start={start}"
        floors.append(clock(stage.floor, lambda p=page: stage.floor.goto(p), "() => document.querySelector('td')"))
        stage.app.evaluate("() => { document.querySelector('.ag-body-viewport').scrollTop = 0 }")
        stage.app.wait_for_function(row_there())
    report(stage, "jump far down the list", ours, floors)


def test_open_a_profile(stage: Stage):
    ours, floors = [], []
    page = stage.app
    visit(page, f"/contact/{stage.contact}/general")
    there = "() => { const h = document.querySelector('h1'); return h && h.innerText.trim().length > 2 }"
    key = stage.contact.replace("-", "") if stage.backend == "sqlite" else stage.contact
    for _ in range(RUNS + 2):
        page.goto("about:blank")
        ours.append(clock(page, lambda: page.goto(f"/contact/{stage.contact}/general"), there))
        stage.floor.goto("about:blank")
        floors.append(clock(stage.floor, lambda: stage.floor.goto(f"/?id={key}"), there))
    report(stage, "open a profile by its address", ours, floors)


@pytest.mark.parametrize(
    ("name", "path", "most"), [("sign-in", "/login", 380), ("start", "/", 380), ("list", "/contacts", 620)]
)
def test_weight(stage: Stage, name: str, path: str, most: int):
    context = stage.app.context.browser.new_context(base_url=stage.site.url)
    if path != "/login":
        context.add_cookies(stage.app.context.cookies())
    page = context.new_page()
    page.goto(path)
    page.wait_for_load_state("networkidle")
    total = page.evaluate(
        "() => performance.getEntriesByType('resource').filter((r) => /\\.(js|css)(\\?|$)/.test(r.name))"
        ".reduce((sum, r) => sum + r.encodedBodySize, 0)"
    )
    context.close()
    columns = ("page", "script and style, compressed KB", "bar", "bar met")
    met = "yes" if total / 1024 <= most else "**no**"
    sys.stdout.write(
        "\n" + sheet.put("weight", "Weight", columns, (name,), f"{total / 1024:.0f}", str(most), met) + "\n"
    )


def rss(pid: int) -> float:
    """Return the memory of a process and its children in MB, shared pages counted once."""
    family = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        family += [int(child) for child in task.read_text().split()]
    return sum(_pss(p) for p in family)


def _pss(pid: int) -> float:
    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    return int(found[1]) / 1024 if found else 0


def test_memory(stage: Stage):
    columns = ("what", "MB", "bar", "bar met")
    with serving(Site(f"http://localhost:{free_port()}", stage.site.folder, stage.site.database)) as fresh:
        time.sleep(3)
        idle = rss(fresh.pid)
    sheet.put("memory", "Memory", columns, ("idle server",), f"{idle:.0f}", "200", "yes" if idle <= 200 else "**no**")
    before = rss(stage.server)
    context = stage.app.context
    pages = [visit(context.new_page(), "/contacts") for _ in range(8)]
    for page in pages:
        page.wait_for_function(row_there())
    each = (rss(stage.server) - before) / len(pages)
    for page in pages:
        page.close()
    row = sheet.put(
        "memory", "Memory", columns, ("an open tab",), f"{each:.2f}", "0.5", "yes" if each <= 0.5 else "**no**"
    )
    sys.stdout.write(f"\nidle {idle:.0f} MB\n{row}\n")
    assert os.path.exists(sheet.PAGE)
