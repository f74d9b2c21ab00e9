"""The server as it is started for people: its internal switches, its supervision, its end."""

import os
import re
import shutil
import signal
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy import make_url

from tests.e2e.conftest import assert_accessible, free_port, serving, shoot

WORKER = True


def children(pid):
    return [int(p) for t in Path(f"/proc/{pid}/task").glob("*/children") for p in t.read_text().split()]


def command(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError):
            if found := condition():
                return found
        time.sleep(0.1)
    raise AssertionError("this did not happen in time")


def answers(url):
    with urllib.request.urlopen(url, timeout=5) as response:
        return response.status == 200


def test_a_page_is_served_filled_and_accessible(page_as):
    page = page_as("business_user", "/")
    expect(page).to_have_title(re.compile("Customer 360"))
    shoot(page, "home-1440-light")
    assert_accessible(page)


def test_a_page_beyond_the_tenth_socket_says_so_and_goes_on_when_one_closes(page_as):
    first = page_as("data_protection_officer", "/")
    first.evaluate(
        """async () => {
          const address = (n) => `ws://${location.host}/_event/?token=more-${n}&EIO=4&transport=websocket`;
          window.more = Array.from({ length: 9 }, (_, n) => new WebSocket(address(n)));
          await Promise.all(window.more.map((one) => new Promise((open) => (one.onopen = open))));
        }"""
    )
    page = page_as("data_protection_officer")
    page.goto("/contacts")
    expect(page.get_by_text("Too many tabs are open.")).to_be_visible(timeout=20_000)
    shoot(page, "too-many-tabs-1440-light")
    first.evaluate("() => window.more.forEach((one) => one.close())")
    expect(page.get_by_text("Too many tabs are open.")).to_be_hidden(timeout=20_000)
    expect(page.get_by_role("grid")).to_be_visible()


def test_killed_processes_come_back_and_sigterm_ends_all(site, tmp_path):
    # A migrated database, or the job worker would end by itself.
    shutil.copy(make_url(site.database).database or "", tmp_path / "c360.db")
    other = type(site)(f"http://localhost:{free_port()}", tmp_path, f"sqlite:///{tmp_path / 'c360.db'}")
    with serving(other, worker=True) as server:
        web = wait_for(lambda: next((p for p in children(server.pid) if "c360.serve" in command(p)), None))
        jobs = wait_for(lambda: next((p for p in children(server.pid) if "c360.jobs.worker" in command(p)), None))
        for pid in (web, jobs):
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: any("c360.jobs.worker" in command(p) and p != jobs for p in children(server.pid)))
        wait_for(lambda: any("c360.serve" in command(p) and p != web for p in children(server.pid)))
        wait_for(lambda: answers(other.url))
        family = children(server.pid)
        server.terminate()
        assert server.wait(20) == 0
        assert not [p for p in family if Path(f"/proc/{p}").exists()], "a child outlived the server"
