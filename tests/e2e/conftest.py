"""What browser tests stand on: one production build, a seeded database and a server a module, signed-in pages.

A test asks for ``page_as`` (``page = page_as("business_user")``) and drives the page by role and label. A module
that needs other data has a function ``seed(site)``; ``BACKEND = "postgresql"`` runs it on PostgreSQL.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, WebSocket
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from c360.core import config, db
from c360.core.actor import SYSTEM, Actor
from c360.core.i18n import catalogue
from c360.services import journal, records, sessions
from c360.services.uow import perform, unit_of_work
from tests.conftest import HAS_POSTGRESQL, ROOT, actor_of, add_user, copy_of, required, use
from tools import bootstrap

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
POLICY = "Content Security Policy"
"""What the browser's console says where a page does what its policy forbids."""
KEY = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+")
RESULTS = ROOT / "test-results"
USERS = {
    "business_user": ("Ben Brückner", "North"),
    "manager": ("Mia Manager", "North"),
    "administrator": ("Ada Admin", None),
    "data_protection_officer": ("Dora Datenschutz", None),
    "stranger": ("Sue Stranger", "South"),
}
"""Who can be signed in: a role's key, and a business user of another team."""
NAMES = (
    ("Zoë", "Ångström"), ("Jürgen", "Müller-Lüdenscheidt"), ("小明", "王"), ("ليلى", "حداد"), ("Ana", "García Márquez"),
    ("Bo", "O'Neill"), ("Chidi", "Ōnishi"), ("Emoji", "🦊 Fuchs"), ("Ivan", "Иванов"), ("Li", "X" * 120),
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder; without a browser it is skipped, in CI it fails."""
    missing = bootstrap.chromium() is None
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        item.add_marker(pytest.mark.e2e)
        if missing and not os.environ.get("CI"):
            item.add_marker(pytest.mark.skip(reason="THE BROWSER PART DID NOT RUN: there is no Chromium"))


@dataclass
class Site:
    """A running app with its own database and its people."""

    url: str
    folder: Path
    database: str
    actors: dict[str, Actor] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    contacts: list[UUID] = field(default_factory=list)
    accounts: list[UUID] = field(default_factory=list)

    def perform(self, role: str, service: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Run a service as one of the people, on the server's own database."""
        return perform(self.actors[role], service, *args, **kwargs)

    def make(self, role: str, key: str, **values: Any) -> UUID:
        """Create a record as one of the people, with the mandatory choices filled in."""
        with unit_of_work(self.actors[role]) as uow:
            filled = {**required(uow, key), **values} if key in ("contact", "account") else values
            return records.create(uow, key, filled)


@pytest.fixture(scope="session")
def front_end() -> Path:
    """Build the front end once for all tests and their parallel workers; nothing happens when nothing changed."""
    subprocess.run([sys.executable, str(ROOT / "tools" / "bootstrap.py"), "build"], check=True, cwd=ROOT)
    return bootstrap.CLIENT


@pytest.fixture(scope="module")
def site(
    request: pytest.FixtureRequest, front_end: Path, template: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Start the app on a fresh database with people and customers in it."""
    backend = getattr(request.module, "BACKEND", "sqlite")
    if backend == "postgresql" and not HAS_POSTGRESQL:
        pytest.skip("PostgreSQL is not running here")
    folder = tmp_path_factory.mktemp("site")
    before = {name: os.environ.get(name) for name in ("C360_DATA_DIR", "C360_DATABASE_URL")}
    os.environ["C360_DATA_DIR"] = str(folder)
    with copy_of(template, backend, folder) as url:
        use(url)
        made = Site(f"http://localhost:{free_port()}", folder, url)
        for role, (name, team) in USERS.items():
            _enrol(made, role, name, team)
        getattr(request.module, "seed", seed_customers)(made)
        db.engine().dispose()
        with serving(made, worker=getattr(request.module, "WORKER", False)):
            yield made
        db.engine().dispose()
    for name, value in before.items():
        os.environ[name] = value or ""
    config.settings.cache_clear()
    journal.key.cache_clear()


def _enrol(site: Site, role: str, name: str, team: str | None) -> None:
    with unit_of_work(SYSTEM) as uow:
        user_id = add_user(
            uow, name, "business_user" if role == "stranger" else role, team, login=f"{role}@example.com"
        )
    with unit_of_work(SYSTEM) as uow:
        site.cookies[role] = sessions.begin(uow, user_id, agent="browser test")
    site.actors[role] = actor_of(user_id)


def seed_customers(site: Site, contacts: int = 60, accounts: int = 12) -> None:
    """Give the business user contacts with names of many scripts, and the manager accounts."""
    with unit_of_work(site.actors["business_user"]) as uow:
        filled = required(uow, "contact")
        for n in range(contacts):
            given, family = NAMES[n % len(NAMES)]
            values = {"given_name": given, "family_name": f"{family} {n:02}", "email": f"person{n}@example.com"}
            site.contacts.append(records.create(uow, "contact", {**filled, **values}))
    with unit_of_work(site.actors["manager"]) as uow:
        filled = required(uow, "account")
        for n in range(accounts):
            site.accounts.append(records.create(uow, "account", {**filled, "name": f"Bäckerei № {n:02} GmbH"}))


class serving:
    """A server on a site's port, with its worker or without."""

    def __init__(self, site: Site, worker: bool = False, **environment: str) -> None:
        self.site, self.worker, self.environment = site, worker, environment

    def __enter__(self) -> subprocess.Popen[bytes]:
        port = self.site.url.rpartition(":")[2]
        env = {
            **os.environ, "C360_DATA_DIR": str(self.site.folder), "C360_DATABASE_URL": self.site.database,
            "C360_PORT": port, "C360_PUBLIC_ORIGIN": "", "C360_REDIS_URL": "", "C360_SERVER_PROCESSES": "1",
            "PYTHONPATH": str(ROOT), **self.environment,
        }  # fmt: skip
        start = f"from c360.serve import start; start(worker={self.worker})"
        self.log = self.site.folder / "server.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([sys.executable, "-c", start], cwd=ROOT, env=env, stdout=log, stderr=log)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                    return self.process
            except urllib.error.HTTPError:
                return self.process
            except OSError:
                time.sleep(0.1)
        self.__exit__()
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()[-4000:]}")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        RESULTS.mkdir(exist_ok=True)
        shutil.copy(self.log, RESULTS / f"server-{self.site.folder.name}.log")


def open_palette(page: Page) -> Locator:
    """Press its keys until the command palette is there, which listens once its chunk has come."""
    box = page.get_by_role("combobox", name="Command palette")
    for _ in range(6):
        page.keyboard.press("Control+k")
        with suppress(PlaywrightTimeout):
            box.wait_for(timeout=4_000)
            return box
    raise AssertionError("the command palette never came")


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the browser that is there, asking nobody for anything."""
    return {**browser_type_launch_args, "executable_path": bootstrap.chromium(), "args": list(FLAGS)}


@pytest.fixture
def page_as(site: Site, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Return a maker of pages: ``page_as("manager", "/contacts")``; ``None`` is nobody signed in.

    Any option of a Playwright context may follow (``viewport=…``, ``color_scheme="dark"``, ``locale="de-DE"``). What
    the page's script throws or the content policy refuses fails the test at its end; ``page.allowed`` lists texts that
    may be in such a message.
    """
    contexts: list[BrowserContext] = []
    troubles: list[tuple[Page, str]] = []

    def make(role: str | None = "business_user", path: str = "", **options: Any) -> Page:
        # What still fades in has the contrast of the moment, which axe would report.
        usual = {"locale": "en-GB", "timezone_id": "UTC", "reduced_motion": "reduce"}
        chosen = {"viewport": {"width": 1440, "height": 900}, **usual, **options}
        context = browser.new_context(base_url=site.url, **chosen)
        contexts.append(context)
        if role:
            context.add_cookies([{"name": "c360", "value": site.cookies[role], "url": site.url, "httpOnly": True}])
        page = context.new_page()
        page.allowed = []  # pyright: ignore[reportAttributeAccessIssue]
        page.on("pageerror", lambda error: troubles.append((page, str(error))))
        page.on("console", lambda said: troubles.append((page, said.text)) if POLICY in said.text else None)
        if path:
            visit(page, path)
        return page

    yield make
    failed = getattr(request.node, "failed", False)
    for n, page in enumerate(page for context in contexts for page in context.pages):
        if failed:
            shoot(page, f"failed-{request.node.name}-{n}")
    for context in contexts:
        context.close()
    told = [text for page, text in troubles if not any(a in text for a in getattr(page, "allowed", ()))]
    assert not told, f"the page's script threw: {told}"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Tell the fixtures when their test failed, so that they keep a picture."""
    outcome: Any = yield
    if outcome.get_result().failed:
        item.failed = True  # pyright: ignore[reportAttributeAccessIssue]


def visit(page: Page, path: str) -> Page:
    """Go to an address and wait until the server has filled the page."""
    filled: list[bool] = []

    def listen(opened: WebSocket) -> None:
        # The frame may come before the page counts as loaded, so the ear is there from the socket's first moment.
        opened.on("framereceived", lambda frame: filled.append(True) if _hydrates(frame) else None)

    page.on("websocket", listen)
    page.goto(path)
    end = time.monotonic() + 30
    while not filled:
        assert time.monotonic() < end, f"{path} was not filled within 30 s; the page is at {page.url}"
        page.wait_for_timeout(20)
    page.remove_listener("websocket", listen)
    return page


def _hydrates(frame: str | bytes) -> bool:
    text = frame if isinstance(frame, str) else frame.decode("utf-8", "replace")
    return "is_hydrated" in text and "true" in text


def shoot(page: Page, name: str) -> Path:
    """Keep a picture of the page in test-results/."""
    path = RESULTS / "screens" / f"{name[:120].replace('/', '-')}.png"
    page.screenshot(path=path)
    return path


def assert_accessible(page: Page, *, but: tuple[str, ...] = ()) -> None:
    """Fail when axe finds something serious or critical, or a sentence is missing; ``but`` names rules left out."""
    found = Axe().run(page).response["violations"]
    grave = [v for v in found if v["impact"] in ("serious", "critical") and v["id"] not in but]
    starts = {key.partition(".")[0] for key in catalogue("en")}
    shown = [word for line in page.inner_text("body").splitlines() if KEY.fullmatch(word := line.strip())]
    keys = [word for word in shown if word.partition(".")[0] in starts]
    assert not keys, f"keys of the catalogue instead of their sentences: {keys}"
    told = [f"{v['id']} ({v['impact']}): {v['help']}: {[n['html'][:200] for n in v['nodes'][:5]]}" for v in grave]
    assert not told, "\n".join(told)
