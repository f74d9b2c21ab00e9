"""The socket as an attacker meets it: a raw client on the real server, no page, every handler by name."""

import asyncio
import functools
import hashlib
import json
import os
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

os.environ.setdefault("__REFLEX_SKIP_COMPILE", "true")

import aiohttp
import pytest
import socketio
from sqlalchemy import create_engine, text

import c360.c360
from c360.core.actor import SYSTEM
from c360.services import sessions
from c360.services.uow import unit_of_work
from c360.state import guard, policy
from tests.conftest import use

CANARY = "canary-7f3a9c"
KEPT = ("user", "role", "user_role", "team", "team_member", "setting", "choice", "custom_field", "one_time_link")
ENDS_SESSION = ("sign_out", "end")
TABS = 6
"""In how many tabs the attacker calls: what passes on one socket in a second is limited."""


def seed(site: Any) -> None:
    """Give a business user of another team records that nobody in the team North may see."""
    theirs = site.make("stranger", "contact", family_name=CANARY, notes=CANARY, email=f"{CANARY}@example.com")
    with unit_of_work(site.actors["stranger"]) as uow:
        from c360.services import records

        records.create(uow, "address", {"city": CANARY, "street": CANARY}, customer_id=theirs)
        records.create(uow, "tag", {"name": CANARY, "visibility": "private"})
    site.contacts.append(theirs)
    site.contacts.append(site.make("business_user", "contact", family_name="Brown"))


def on_its_own_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run an async test on a thread: the browser of the other tests keeps a loop running on this one."""

    @functools.wraps(test)
    def run(**fixtures: Any) -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(copy_context().run, asyncio.run, test(**fixtures)).result()

    return run


class Attacker:
    """A client that keeps whatever the server sends."""

    def __init__(self, site: Any, cookie: str = "", origin: str = "", token: str = "attacker") -> None:
        self.site, self.frames = site, []
        self.headers = {"Origin": origin or site.url}
        if cookie:
            self.headers["Cookie"] = f"c360={cookie}"
        self.token = token

    async def _keep(self, event: str, *data: Any) -> None:
        self.frames.append(json.dumps(data, ensure_ascii=False, default=str))

    async def __aenter__(self) -> "Attacker":
        self.http = aiohttp.ClientSession()
        self.client = socketio.AsyncClient(reconnection=False, http_session=self.http)
        self.client.on("*", self._keep, namespace="/_event")
        try:
            await self.client.connect(
                f"{self.site.url}?token={self.token}", headers=self.headers, socketio_path="_event",
                transports=["websocket"], namespaces=["/_event"], wait_timeout=10,
            )  # fmt: skip
        except socketio.exceptions.ConnectionError:
            await self.http.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.disconnect()
        await self.http.close()

    async def send(self, name: str, payload: Any, path: str = "/") -> None:
        event = {"name": name, "payload": payload, "router_data": {"pathname": path, "asPath": path}}
        await self.client.emit("event", event, namespace="/_event")

    async def settled(self) -> None:
        """Wait until the server has dealt with all that was sent: it answers a ping in turn."""
        before = len(self.frames)
        await self.client.emit("ping", namespace="/_event")
        async with asyncio.timeout(120):
            while not any("pong" in frame for frame in self.frames[before:]):
                await asyncio.sleep(0.05)
        await asyncio.sleep(1)


def digests(site: Any) -> dict[str, str]:
    """Return digests of what the business user may not change: the administration, and the stranger's records."""
    stranger, me = site.actors["stranger"].user_id.hex, site.actors["business_user"].user_id.hex
    own = ("customer", "tag", "folder", "view", "stored_file", "import_batch")
    queries = {table: f'SELECT * FROM "{table}" ORDER BY id' for table in KEPT}
    queries |= {table: f"SELECT * FROM {table} WHERE owner_id = '{stranger}' ORDER BY id" for table in own}
    queries["address"] = f"SELECT * FROM address WHERE city = '{CANARY}'"
    # His own name and language are his to change; his login, password and state are not.
    queries["user"] = f"SELECT * FROM \"user\" WHERE id <> '{me}' ORDER BY id"
    queries["himself"] = f"SELECT login, password_hash, disabled_at, archived_at FROM \"user\" WHERE id = '{me}'"
    found = {}
    engine = create_engine(site.database)
    with engine.connect() as connection:
        for name, query in queries.items():
            rows = [
                {n: v for n, v in row.items() if n != "last_seen_at"}
                for row in connection.execute(text(query)).mappings()
            ]
            found[name] = f"{len(rows)} {hashlib.sha256(repr(rows).encode()).hexdigest()}"
    engine.dispose()
    return found


def plausible(handler: Any, other: str) -> dict[str, Any]:
    """Return arguments of the right types that name somebody else's record."""
    filled: dict[str, Any] = {}
    for name, info in policy.payload_of(handler).model_fields.items():
        kind = str(info.annotation)
        if "str" in kind and "dict" not in kind and "list" not in kind:
            filled[name] = other
        elif "dict" in kind:
            filled[name] = {"id": other, "name": "taken over", "owner_id": other, "role_id": other, "version": "1"}
        elif "list" in kind:
            filled[name] = [other]
        elif "bool" in kind:
            filled[name] = True
        elif "UUID" in kind:
            filled[name] = other
        else:
            filled[name] = 1
    return filled


@pytest.mark.feature("R01", "R05", "R22")
@pytest.mark.parametrize("who", ["nobody", "a made-up cookie", "a foreign page", "no tab"])
@on_its_own_loop
async def test_who_is_not_signed_in_gets_no_socket(site, who):
    assert c360.c360.app is not None
    cookie = {"nobody": "", "a made-up cookie": "x" * 43}.get(who, site.cookies["business_user"])
    origin = "https://evil.example" if who == "a foreign page" else ""
    attacker = Attacker(site, cookie, origin, token="" if who == "no tab" else "attacker")
    with pytest.raises(socketio.exceptions.ConnectionError):
        async with attacker:
            pass
    assert attacker.frames == []


@pytest.mark.feature("R01", "R03", "R12", "R13", "BEY-13")
@on_its_own_loop
async def test_a_business_user_who_calls_every_handler_gets_and_does_nothing_he_may_not(site):
    before, other, names = digests(site), str(site.contacts[0]), guard.handlers()
    assert len(names) > 50
    calls: list[tuple[str, Any]] = []
    for name, registered in names.items():
        if name.rpartition(".")[2] in ENDS_SESSION:
            continue
        calls += [(name, {}), (name, {"a": [1], "b": {"c": None}}), (name, {"var_name": "name", "value": CANARY[:6]})]
        if policy.policy_of(registered.handler.fn):
            fitting = plausible(registered.handler.fn, other)
            calls += [(name, fitting), (name, dict.fromkeys(plausible(registered.handler.fn, ""), 1))]

    async def call(tab: int) -> list[str]:
        async with Attacker(site, site.cookies["business_user"], token=f"attacker {tab}") as attacker:
            await attacker.send(guard.HYDRATE, {})
            for path in (f"/contact/{other}", f"/account/{other}/changes", "/admin/users", "/contacts"):
                await attacker.send(f"{guard.ROOT}.reflex___state____on_load_internal_state.on_load_internal", {}, path)
            for name, payload in calls[tab::TABS]:
                await attacker.send(name, payload, f"/contact/{other}")
            await attacker.settled()
            assert attacker.client.connected
            return attacker.frames

    frames = [frame for some in await asyncio.gather(*map(call, range(TABS))) for frame in some]
    assert digests(site) == before
    leaks = [frame for frame in frames if CANARY in frame]
    assert leaks == [], leaks[0][:500]
    assert frames, "the attacker was not even answered"


@pytest.mark.feature("R04")
@on_its_own_loop
async def test_a_stolen_tab_token_opens_an_empty_tab(site):
    async with Attacker(site, site.cookies["stranger"], token="stolen") as owner:
        await owner.send(guard.HYDRATE, {})
        await owner.settled()
        assert any("Sue Stranger" in frame for frame in owner.frames)
        async with Attacker(site, site.cookies["business_user"], token="stolen") as thief:
            await thief.send(guard.HYDRATE, {})
            await thief.settled()
    assert not any("Sue Stranger" in frame or CANARY in frame for frame in thief.frames)


@pytest.mark.feature("R22", "R35")
@on_its_own_loop
async def test_unknown_names_floods_and_deep_messages_harm_nobody(site):
    async with Attacker(site, site.cookies["business_user"]) as attacker:
        for n in range(40):
            await attacker.send(f"no.such.handler{n}", {"password": f"{CANARY}-secret"})
        deep: Any = 1
        for _ in range(200):
            deep = [deep]
        await attacker.client.emit("event", {"name": guard.HYDRATE, "payload": {"x": deep}}, namespace="/_event")
        await attacker.client.emit("event", f"{CANARY}-secret", namespace="/_event")
        await attacker.settled()
        assert attacker.client.connected
    assert f"{CANARY}-secret" not in (site.folder / "server.log").read_text()
    assert site.cookies["business_user"] not in (site.folder / "server.log").read_text()


@pytest.mark.feature("R07")
@on_its_own_loop
async def test_sockets_close_within_two_seconds_of_the_sessions_end(site):
    use(site.database)
    with unit_of_work(SYSTEM) as uow:
        cookie = sessions.begin(uow, site.actors["manager"].user_id)
    tabs = [Attacker(site, cookie, token=f"tab{n}") for n in range(3)]
    for tab in tabs:
        await tab.__aenter__()
    with unit_of_work(SYSTEM) as uow:
        sessions.end(uow, sessions.digest_of(cookie))
    async with asyncio.timeout(2.5):
        while any(tab.client.connected for tab in tabs):
            await asyncio.sleep(0.05)
    for tab in tabs:
        await tab.__aexit__()


@pytest.mark.feature("R22")
@on_its_own_loop
async def test_a_user_has_ten_sockets(site):
    open_ones = [Attacker(site, site.cookies["data_protection_officer"], token=f"t{n}") for n in range(10)]
    for one in open_ones:
        await one.__aenter__()
    with pytest.raises(socketio.exceptions.ConnectionError):
        async with Attacker(site, site.cookies["data_protection_officer"], token="t10"):
            pass
    for one in open_ones:
        await one.__aexit__()
