"""The server as it is started for people: its internal switches, its log, its supervision, its end."""

import json
import os
import re
import shutil
import signal
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import make_url
from sqlmodel import Session

from c360.core import db
from c360.core.actor import SYSTEM
from c360.models.job import Job
from c360.models.user import User
from c360.services import passwords
from c360.services.imports import batches, running
from c360.services.uow import unit_of_work
from tests.e2e.conftest import assert_accessible, free_port, serving, shoot, visit

WORKER = True
CANARY = "Kanarienvogel-7f3a9c"
PASSWORD = "a canary sings in 7f3a9c keys"


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


@pytest.mark.feature("R35")
def test_no_line_of_the_log_tells_of_anybody(page_as, site):
    """Sign in, search, edit, export, import, and fail at each; the log knows nothing of whom or what."""
    with unit_of_work(SYSTEM) as uow:
        uow.session.get_one(User, site.actors["business_user"].user_id).password_hash = passwords.make(PASSWORD)
    page = page_as(None)
    page.allowed = [CANARY]
    page.goto(f"{site.url}/contacts?search={CANARY}")
    for word in (f"{PASSWORD} but wrong", PASSWORD):
        page.get_by_label("E-mail").fill("business_user@example.com")
        page.get_by_label("Password").fill(word)
        page.get_by_role("button", name="Sign in").click()
        if word != PASSWORD:
            expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("main")).to_be_visible()
    cookie = next(one["value"] for one in page.context.cookies() if one["name"].endswith("c360"))
    visit(page, f"/contact/{site.contacts[0]}/details")
    page.get_by_role("region", name="Name").get_by_role("button", name=re.compile("^Edit")).first.click()
    page.get_by_label("Last name").fill(CANARY)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(CANARY, timeout=15_000)
    page.evaluate(f"setTimeout(() => {{ throw new TypeError('{CANARY}') }})")

    for path, said in {
        "search": {"q": CANARY}, "lookup/contact": {"q": CANARY}, "grid/contact": {"search": CANARY},
        "exports": {"query": {"entity": "contact", "columns": ["name"], "search": CANARY}},
        f"nothing/{CANARY}?token={CANARY}": {}, "grid/nothing": {"search": CANARY},
        "exports?": {"query": {"entity": "contact", "columns": [CANARY]}, CANARY: CANARY},
    }.items():  # fmt: skip
        sent(page, site, path, json.dumps(said), "application/json")
    sent(page, site, "search", "{" + CANARY, "application/json")
    rows = f"Last name;E-mail;Status\n{CANARY};{CANARY}@example.com;Active\n{CANARY};not an address;{CANARY}\n"
    batch = sent(page, site, f"imports/contact?name={CANARY}.csv", rows, "application/octet-stream").json()["id"]
    job_id = site.perform("business_user", batches.begin, UUID(batch), running.CHECK)
    wait_for(lambda: is_over(job_id))

    log = (site.folder / "server.log").read_text("utf-8")
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert any(line["event"] == "a browser failed" for line in lines), "the log is deaf"
    assert [secret for secret in (CANARY, CANARY.lower(), PASSWORD, cookie, "business_user@") if secret in log] == []
    assert not re.search(r"(GET|POST) /", log), "there is an access log; it must hold neither queries nor forms"


def sent(page, site, path, body, kind):
    """Send what a page would send, with the page's session."""
    headers = {"content-type": kind, "origin": site.url}
    return page.context.request.post(f"{site.url}/api/{path}", data=body.encode(), headers=headers)


def is_over(job_id):
    with Session(db.engine()) as session:
        return session.get_one(Job, job_id).finished_at is not None


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
