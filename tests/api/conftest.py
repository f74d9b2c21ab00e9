"""The HTTP app behind its gate, and browsers that come to it."""

import asyncio
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from c360.api.app import make
from c360.api.gate import Gate
from c360.core.actor import SYSTEM, Actor
from c360.models.user import User
from c360.services import api_keys, limiting, passwords, sessions
from c360.services.uow import perform, unit_of_work

PASSWORD = "a quiet morning in Lübeck"  # gitleaks:allow
ORIGIN = "http://testserver"
FORM = {"Origin": ORIGIN}
_app = cache(make)


@cache
def _kept() -> str:
    return passwords.make(PASSWORD)


class Browser:
    """Sends requests to an app in this process; keeps cookies as a browser does."""

    def __init__(self, app: Any, address: str) -> None:
        self.app, self.address, self.base_url, self.cookies = app, address, ORIGIN, httpx.Cookies()

    def request(self, method: str, path: str, **given: Any) -> httpx.Response:
        """Send a request and return the answer, a redirect unfollowed."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=(self.address, 50000))
            async with httpx.AsyncClient(transport=transport, base_url=self.base_url, cookies=self.cookies) as http:
                content = given.pop("content", None)
                if content is not None and not isinstance(content, bytes):
                    content = _stream(content)
                answer = await http.request(method, path, content=content, **given)
                self.cookies = http.cookies
                return answer

        return asyncio.run(send())

    def get(self, path: str, **given: Any) -> httpx.Response:
        """Send a GET."""
        return self.request("GET", path, **given)

    def post(self, path: str, **given: Any) -> httpx.Response:
        """Send a POST."""
        return self.request("POST", path, **given)


class Program:
    """Sends requests with an API key and nothing else."""

    def __init__(self, browser: Browser, secret: str) -> None:
        self.browser, self.secret = browser, secret

    def __call__(self, method: str, path: str, *, whole: bool = False, **given: Any) -> httpx.Response:
        """Send a request to a path of the programs' part, or to a whole path."""
        headers = {"Authorization": f"Bearer {self.secret}", **given.pop("headers", {})}
        return self.browser.request(method, path if whole else f"/api/v1{path}", headers=headers, **given)


async def _stream(parts: Any) -> Any:
    for part in parts:
        yield part


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Return a front end of one page with one inline script."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.html").write_text("<html><script>let built = 1</script><p>shell</p></html>")
    return tmp_path / "pages"


@pytest.fixture
def door(database: str, pages: Path) -> Iterator[Callable[..., Browser]]:
    """Return a maker of browsers at the gate; each has cookies of its own."""
    sessions.forget()
    limiting.storage.cache_clear()
    gate: Any = Gate(_app(), knows=lambda name: name == "known", pages=pages)

    def open_browser(address: str = "192.0.2.1") -> Browser:
        return Browser(gate, address)

    yield open_browser
    sessions.forget()


@pytest.fixture
def with_password() -> Callable[[Actor], str]:
    """Return a function that gives a user the test's password and returns his login."""

    def give(actor: Actor) -> str:
        with unit_of_work(SYSTEM) as uow:
            user = uow.session.get_one(User, actor.user_id)
            user.password_hash = _kept()
            return user.login

    return give


@pytest.fixture
def browser_of(door: Callable[..., Browser], with_password: Callable[[Actor], str]) -> Callable[[Actor], Browser]:
    """Return a maker of browsers in which a user has signed in."""

    def sign(actor: Actor) -> Browser:
        client = door()
        answer = client.post("/auth/login", data={"login": with_password(actor), "password": PASSWORD}, headers=FORM)
        assert answer.status_code == 303, answer.text
        return client

    return sign


@pytest.fixture
def program(door: Callable[..., Browser]) -> Callable[..., Program]:
    """Return a maker of programs that act for a user by a key of his."""

    def make_program(actor: Actor, kinds: tuple[str, ...] = ("contact", "account"), *, writes: bool = False) -> Program:
        assert actor.user_id is not None
        return Program(door(), perform(actor, api_keys.make, actor.user_id, "Shop 🛒", kinds, writes=writes))

    return make_program
