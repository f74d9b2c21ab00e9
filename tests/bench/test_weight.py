"""What the app weighs: script and style of a page as they travel, memory of the server and of an open tab."""

import re
import sys
import time
from pathlib import Path

import pytest

from tests.bench import sheet
from tests.e2e.conftest import (  # noqa: F401 - fixtures
    Site,
    browser_type_launch_args,
    free_port,
    front_end,
    page_as,
    serving,
    site,
)  # fmt: skip

TABS = 20
WARM = 10
"""Tabs opened before: what the first ones fill (caches, threads, connections) is the server's, whoever comes next."""
ROLES = ("manager", "business_user", "administrator")
MEMORY = ("what", "MB", "bar", "bar met")
pytestmark = [pytest.mark.bench, pytest.mark.timeout(0)]
READY = "() => document.querySelector('.ag-row')?.innerText.trim().length > 3"


@pytest.mark.parametrize(
    ("role", "name", "path", "most"),
    [(None, "sign-in", "/login", 380), ("manager", "start", "/", 380), ("manager", "list", "/contacts", 620)],
)
def test_weight(page_as, role, name, path, most):  # noqa: F811
    page = page_as(role)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    total = page.evaluate(
        "() => performance.getEntriesByType('resource').filter((r) => /\\.(js|css)(\\?|$)/.test(r.name))"
        ".reduce((sum, r) => sum + r.encodedBodySize, 0)"
    ) / 1024  # fmt: skip
    columns = ("page", "script and style, compressed KB", "bar", "bar met")
    sheet.put("weight", "Weight", columns, (name,), f"{total:.0f}", str(most), "yes" if total <= most else "**no**")
    sys.stdout.write(f"\n{name}: {total:.0f} KB\n")
    assert total <= most


def test_memory(site, page_as):  # noqa: F811
    with serving(Site(f"http://localhost:{free_port()}", site.folder, site.database)) as fresh:
        time.sleep(3)
        idle = memory(fresh.pid)
        site.url, kept = f"http://localhost:{_port(fresh.pid)}", site.url
        _open(page_as, range(WARM))
        before = memory(fresh.pid)
        _open(page_as, range(WARM, WARM + TABS))
        each = (memory(fresh.pid) - before) / TABS
        site.url = kept
    for what, value, bar in (("idle server", idle, 200), ("an open tab", each, 0.5)):
        sheet.put("memory", "Memory", MEMORY, (what,), f"{value:.2f}", str(bar), "yes" if value <= bar else "**no**")
        sys.stdout.write(f"\n{what}: {value:.2f} MB\n")
    assert idle <= 200
    assert each <= 0.5


def _open(page_as, numbers: range) -> None:  # noqa: F811
    for n in numbers:  # In turn: one user has ten sockets, which are all taken in the end.
        page_as(ROLES[n % len(ROLES)], "/contacts").wait_for_function(READY)


def _port(pid: int) -> int:
    found = re.search(rb"C360_PORT=(\d+)", Path(f"/proc/{pid}/environ").read_bytes())
    assert found is not None
    return int(found[1])


def memory(pid: int) -> float:
    """Return the memory of a process and its children in MB, shared pages counted once."""
    family = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        family += [int(child) for child in task.read_text().split()]
    return sum(_pss(one) for one in family)


def _pss(pid: int) -> float:
    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    return int(found[1]) / 1024 if found else 0
