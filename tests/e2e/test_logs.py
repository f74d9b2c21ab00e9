"""What server, worker and command line write down while people work and things go wrong: nothing of anybody."""

import json
import subprocess
import sys
import time
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from c360.core import db
from c360.services import queue
from c360.services.imports import batches, running
from c360.services.uow import ask, perform
from c360.state import guard
from tests.conftest import ROOT, use
from tests.e2e.conftest import Site
from tests.e2e.test_sockets import Attacker, on_its_own_loop

WORKER = True
CANARY = "Kanarienvogel"
"""In every name, text, address, file, password and address of a page that follows."""
ME = ("--as", "administrator@example.com")
EMAIL, PASSWORD = f"{CANARY}@example.com", f"{CANARY} correct horse 山"


def seed(site: Site) -> None:
    """Give the business user two customers to merge and one whose row is broken."""
    for n in range(3):
        person = {"given_name": CANARY, "family_name": f"Ünal {n}", "email": f"{n}{EMAIL}", "notes": f"{CANARY} 👩‍🚀"}
        site.contacts.append(site.make("business_user", "contact", **person, phone=f"+49 511 555 {n}{n}{n}{n}"))


def command(site: Site, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the site's database."""
    done = [sys.executable, "-m", "c360", *arguments]
    return subprocess.run(done, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def until(site: Site, role: str, job_id: Any) -> str:
    """Wait for the worker and return how a job ended."""
    end = time.monotonic() + 120
    while (now := ask(site.actors[role], queue.progress, job_id)).open:
        assert time.monotonic() < end, now
        time.sleep(0.5)
    return now.state


@pytest.mark.feature("R35")
@on_its_own_loop
async def test_what_is_written_down_while_people_work_and_fail_tells_nothing_of_anybody(site, tmp_path):
    use(site.database)
    said: list[str] = []
    token = _a_user_signs_in(site, said)
    _files_are_brought_and_imported(site)
    await _pages_are_sent_nonsense(site)
    _a_merge_is_done_by_command(site, tmp_path, said)
    _things_break(site, said)
    time.sleep(1)
    log = (site.folder / "server.log").read_text()
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert {"JSONDecodeError", "RuntimeError"} <= {line.get("error") for line in lines}, log
    for where in (log, *said):
        assert CANARY.lower() not in where.lower(), where
        for secret in ("511 555", token, *site.cookies.values()):
            assert secret not in where, where


def _a_user_signs_in(site: Site, said: list[str]) -> str:
    made = command(site, "user", "add", EMAIL, "--name", CANARY, "--role", "business_user", "--json")
    said.append(made.stderr)
    token = json.loads(made.stdout)["link"].rpartition("token=")[2]
    with httpx.Client(base_url=site.url, headers={"Origin": site.url}) as browser:
        browser.get("/welcome", params={"token": token})
        chosen = {"token": token, "password": PASSWORD, "repeat": PASSWORD}
        assert browser.post("/welcome", data=chosen).status_code == 303
    with httpx.Client(base_url=site.url, headers={"Origin": site.url}) as browser:
        wrong = {"login": EMAIL, "password": f"{CANARY} wrong", "next": f"/{CANARY}"}
        assert browser.post("/auth/login", data=wrong).is_client_error
        assert browser.post("/auth/login", data={**wrong, "password": PASSWORD}).status_code == 303
        assert browser.get("/auth/alive").status_code == 200
        browser.post("/auth/logout")
    return token


def _files_are_brought_and_imported(site: Site) -> None:
    cookie = {"c360": site.cookies["business_user"]}
    with httpx.Client(base_url=site.url, headers={"Origin": site.url}, cookies=cookie) as browser:
        to = f"/api/attachments/contact/{site.contacts[0]}"
        note = {"name": f"{CANARY}.txt", "comment": CANARY}
        assert browser.post(to, params=note, content=CANARY.encode()).status_code == 201
        assert browser.post(to, params={"name": f"{CANARY}.exe"}, content=b"MZ" + CANARY.encode()).is_client_error
        rows = f"First name,Last name,E-mail,Birth date\n{CANARY},Neu,{EMAIL},31.02.1999\n{CANARY},Bär,{CANARY},\n"
        brought = browser.post("/api/imports/contact", params={"name": f"{CANARY}.csv"}, content=rows.encode())
        assert brought.status_code == 200
        torn = b"PK\x03\x04" + CANARY.encode()
        assert browser.post("/api/imports/contact", params={"name": f"{CANARY}.xlsx"}, content=torn).is_client_error
    batch = UUID(brought.json()["id"])
    for kind in (running.CHECK, running.RUN):
        assert until(site, "business_user", site.perform("business_user", batches.begin, batch, kind)) == "done"


async def _pages_are_sent_nonsense(site: Site) -> None:
    cookie = {"c360": site.cookies["business_user"]}
    with httpx.Client(base_url=site.url, headers={"Origin": site.url}, cookies=cookie) as browser:
        assert browser.get(f"/{CANARY}", params={"q": CANARY}).status_code in (200, 404)
        for criteria in ({"field": CANARY, "op": "is", "value": CANARY}, [CANARY]):
            asked = {"columns": ["name"], "criteria": criteria, "start": 0, "end": 10, "search": CANARY}
            assert browser.post("/api/grid/contact", json=asked).is_client_error
        assert browser.post("/api/grid/contact", content=f'{{"{CANARY}'.encode()).is_client_error
        assert browser.post("/api/lookup/customer", json={"q": CANARY}).status_code == 200
    async with Attacker(site, site.cookies["business_user"]) as page:
        await page.send(guard.HYDRATE, {})
        for name in (CANARY, *(name for name in guard.handlers() if name.endswith(".save"))):
            await page.send(name, {"form": {"email": CANARY}, "password": CANARY}, f"/contact/{CANARY}")
        thrown = {"info": f"TypeError: {CANARY}", "component_stack": f"at {CANARY} (http://evil/{CANARY}.js:1:1)"}
        await page.send(next(name for name in guard.INTERNAL if name.endswith("handle_frontend_exception")), thrown)
        await page.settled()


def _a_merge_is_done_by_command(site: Site, folder: Any, said: list[str]) -> None:
    first, second, _ = (str(one) for one in site.contacts)
    done = command(site, "merge", first, second, "--pick", f"notes=typed:{CANARY} neu", "--yes", *ME)
    assert done.returncode == 0, done.stderr
    said.append(done.stderr)
    (folder / f"{CANARY}.csv").write_text(f"First name,Last name,Birth date\n{CANARY},Vogel,{CANARY}\n")
    done = command(site, "import", str(folder / f"{CANARY}.csv"), "--entity", "contact", "--json", *ME)
    said.append(done.stderr)


def _things_break(site: Site, said: list[str]) -> None:
    with db.engine().begin() as connection:
        broken = {"id": site.contacts[2].hex, "custom": f'{{"x": {CANARY}'}
        connection.execute(text("UPDATE customer SET custom = :custom WHERE id = :id"), broken)
    cookie = {"c360": site.cookies["business_user"]}
    with httpx.Client(base_url=site.url, headers={"Origin": site.url}, cookies=cookie) as browser:
        params = {"name": f"{CANARY}.txt"}
        to = f"/api/attachments/contact/{site.contacts[2]}"
        assert browser.post(to, params=params, content=CANARY.encode()).status_code == 500
    lost = perform(site.actors["business_user"], queue.enqueue, f"{CANARY}.work", file=CANARY, email=EMAIL)
    assert until(site, "business_user", lost) == "failed"
    fallen = command(site, "merge", str(site.contacts[2]), str(site.contacts[0]), "--yes", *ME)
    assert (fallen.returncode, "JSONDecodeError" in fallen.stderr) == (1, True), fallen.stderr
    assert "Traceback" not in fallen.stderr
    said.append(fallen.stderr + fallen.stdout)
