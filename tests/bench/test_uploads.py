"""A gigabyte on its way in: what it costs the server in memory, and everybody else in waiting."""

import http.client
import json
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from tests.bench import sheet
from tests.bench.figures import p95
from tests.bench.test_weight import memory
from tests.conftest import ROOT
from tests.e2e.conftest import Site, free_port, front_end, seed_customers, serving, site  # noqa: F401 - fixtures

pytestmark = [pytest.mark.bench, pytest.mark.timeout(0)]
SIZE = 1_000_000_000
PACE = 60_000_000
"""Bytes a second: a fast office line; as fast as a loopback can, client and server would share the same cores."""
RUNS = 150
COLUMNS = ("what", "measured", "bar", "met")
UPLOAD = """
import http.client, os, sys, time
host, path, cookie, origin, size, pace = sys.argv[1:]
size, pace, part = int(size), int(pace), os.urandom(1 << 20)
connection = http.client.HTTPConnection(host, timeout=600)
connection.putrequest("POST", path)
for name, value in (("Cookie", "c360=" + cookie), ("Origin", origin), ("Content-Length", str(size)),
                    ("Content-Type", "application/octet-stream")):
    connection.putheader(name, value)
connection.endheaders()
started, sent = time.monotonic(), 0
while sent < size:
    connection.send(part[: size - sent])
    sent += len(part)
    time.sleep(max(0, sent / pace - (time.monotonic() - started)))
answer = connection.getresponse()
sys.stdout.write(f"{answer.status} {answer.read().decode()}")
"""


def ask_for_a_list(place: Site, connection: http.client.HTTPConnection) -> float:
    """Return how long another user waits for a page of contacts."""
    headers = {"Content-Type": "application/json", "Cookie": f"c360={place.cookies['manager']}", "Origin": place.url}
    started = time.perf_counter()
    connection.request("POST", "/api/grid/contact", json.dumps({"columns": ["name", "email", "city"]}), headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200
    time.sleep(0.02)
    return time.perf_counter() - started - 0.02


def seed(place: Site) -> None:
    """Give the people a thousand contacts."""
    seed_customers(place, contacts=1000, accounts=10)


def test_a_gigabyte_arrives_unnoticed(site: Site):  # noqa: F811 - the fixture
    site = replace(site, url=f"http://localhost:{free_port()}")
    host = site.url.removeprefix("http://")
    with serving(site, C360_MAX_UPLOAD_MB="1100") as server:
        others = http.client.HTTPConnection(host, timeout=60)
        idle = [ask_for_a_list(site, others) for _ in range(RUNS)][20:]
        before, peaks, over = memory(server.pid), [0.0], threading.Event()

        def look() -> None:
            while not over.wait(0.2):
                peaks.append(memory(server.pid))

        watching = threading.Thread(target=look)
        watching.start()
        path = f"/api/attachments/contact/{site.contacts[0]}?name=big.bin"
        order = [
            sys.executable,
            "-c",
            UPLOAD,
            host,
            path,
            site.cookies["business_user"],
            site.url,
            str(SIZE),
            str(PACE),
        ]
        started = time.monotonic()
        upload = subprocess.Popen(order, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        busy = []
        while upload.poll() is None:
            busy.append(ask_for_a_list(site, others))
        seconds = time.monotonic() - started
        over.set()
        watching.join()
        told = upload.communicate()[0]
        others.close()
    assert told.startswith("201"), told
    grown, ratio = max(peaks) - before, p95(busy) / p95(idle)
    section, title = "uploads", f"One upload of a gigabyte, at {PACE // 1_000_000} MB/s"
    for what, measured, bar, met in (
        ("memory of the server, on top", f"{grown:.0f} MB", "50 MB", grown <= 50),
        ("others' p95, to idle", f"{ratio:.2f} ({p95(busy) * 1000:.0f} to {p95(idle) * 1000:.0f} ms)", "2", ratio <= 2),
        ("time until it is attached", f"{seconds:.0f} s", "–", True),
    ):
        row = sheet.put(section, title, COLUMNS, (what,), measured, bar, "yes" if met else "**no**")
        sys.stdout.write(f"\n{row}\n")
