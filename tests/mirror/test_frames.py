"""What a tab is sent: every page opened and every handler called as each role; no frame tells what he may not see."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from reflex.utils.format import format_event_handler
from sqlalchemy import update
from sqlmodel import Session, func, select

import c360.c360
from c360.core import db
from c360.core.actor import SYSTEM, Actor
from c360.core.clock import utc_now
from c360.models.customer import Customer
from c360.models.journal import AccessEntry
from c360.pages import ROUTES
from c360.pages.frame import LOADS
from c360.services import queue, role_matrix, settings
from c360.services.opening import SUMMARY
from c360.services.sessions import SignedIn
from c360.services.uow import ask
from c360.state import guard, policy, session
from tests.conftest import copy_of, use
from tests.mirror.canaries import KEYS, ROLES, SEES, World, given_away, mark_of, sown
from tests.mirror.paths import http, said
from tests.mirror.test_mirror import OPEN
from tests.state.driving import Tab, tab

DIGEST = "d" * 64
ENDS_SESSION = ("sign_out", "end")
NAMED = {"imports": "import_batch", "customer": "contact"}
"""Whose record an address names where it is not called after it."""


@pytest.fixture
def worlds(template: dict[str, str], tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    """Sow a world of its own for each role: what he does there harms nobody else's."""
    with copy_of(template, "sqlite", tmp_path) as url:
        use(url)
        yield sown(stranger=request.param == "out of reach")
        db.engine().dispose()


def act_as(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    """Let every event of a tab be this actor's, with the fields that are closed to him."""
    found = SignedIn(DIGEST, actor, "me@example.com", utc_now())

    async def signed_in(*_: Any, **__: Any) -> SignedIn:
        return found

    for module in (guard, session):
        monkeypatch.setattr(module, "signed_in", signed_in)
    # Nobody works on the jobs these handlers ask for: whoever follows one is told at once that it is over.
    monkeypatch.setattr(queue.Progress, "open", property(lambda _: False))


def addresses(world: World) -> Iterator[tuple[str, list[Any]]]:
    """Yield every address of the app with the handlers that fill its page, for customers in reach and out of it."""
    yield "/", LOADS
    for route in ROUTES:
        loads = [load for load in route.on_load if load not in LOADS]
        kind = route.path.split("/")[1]
        path = route.path.replace("[kind_of]", "contact")
        tabs = (SUMMARY, *settings.TABS[kind]) if "[tab]" in path else ("",)
        for whose in (world.mine, world.hidden) if "[" in path else (world.mine,):
            named = whose.get(NAMED.get(kind, kind)) or whose.get("contact")
            for one in tabs:
                yield re.sub(r"\[\w+\]", str(named), path.replace("[tab]", one)), loads


def plausible(handler: Any, record_id: str) -> dict[str, Any]:
    """Return arguments of the right types that name a record."""
    filled: dict[str, Any] = {}
    for name, info in policy.payload_of(handler).model_fields.items():
        kind = str(info.annotation)
        usual = {"dict": {"id": record_id, "q": record_id}, "list": [record_id], "bool": True, "int": 1, "float": 1.0}
        filled[name] = next((value for part, value in usual.items() if part in kind), record_id)
    return filled


def callable_ones() -> Iterator[tuple[str, Any]]:
    """Yield the name and the function of every handler a tab may call, but those that end its session."""
    for name, registered in guard.handlers().items():
        handler = registered.handler.fn
        if policy.policy_of(handler) is not None and name.rpartition(".")[2] not in ENDS_SESSION:
            yield name, handler


async def every_page(page: Tab, world: World) -> int:
    """Open every page; return how many events that took."""
    sent = 0
    await page.send(guard.HYDRATE, digest=DIGEST)
    for path, loads in addresses(world):
        for load in loads:
            await page.send(load if isinstance(load, str) else format_event_handler(load), digest=DIGEST, path=path)
            sent += 1
    return sent


async def everything(page: Tab, world: World, *whose: dict[str, UUID]) -> int:
    """Open every page and call every handler on these customers' profiles; return how many events were sent."""
    sent = await every_page(page, world)
    for name, handler in callable_ones():
        for ids in whose:
            for kind in sorted({"contact", "account"} & ids.keys()):
                record_id = str(ids[kind])
                await page.send(name, plausible(handler, record_id), digest=DIGEST, path=f"/{kind}/{record_id}/summary")
                sent += 1
    return sent


@pytest.mark.feature("BEY-13", "SEC-3", "SEC-4", "R12")
@pytest.mark.parametrize(
    ("worlds", "role"),
    [("out of reach", "business_user"), ("out of reach", "manager"), *(("closed", role) for role in ROLES)],
    indirect=["worlds"],
)
async def test_no_frame_tells_what_a_role_may_not_see(worlds, role, request, monkeypatch):
    assert c360.c360.app is not None
    actor, closed = worlds.actors[role], "closed" in request.node.callspec.id
    if closed:
        names = {name for name in ask(SYSTEM, role_matrix.closable) if name.partition(".")[2] not in OPEN}
        actor = replace(actor, hidden=frozenset(names))
    act_as(monkeypatch, actor)
    # A file is seen where it hangs, whosever it was: an attachment in reach tells its name and size.
    barred = [key for key in KEYS if closed or key not in SEES[role] | {"stored_file"}]
    async with tab() as page:
        sent = await everything(page, worlds, *((worlds.mine,) if closed else (worlds.mine, worlds.hidden)))
    assert sent > 500
    assert len(page.deltas) > 200, "the tab was not even answered"
    assert leaks(page, barred) == []


@pytest.mark.parametrize("worlds", ["closed"], indirect=True)
async def test_frames_tell_what_is_open(worlds, monkeypatch):
    act_as(monkeypatch, worlds.actors["administrator"])
    async with tab() as page:
        await every_page(page, worlds)
    for key in ("contact", "account"):
        assert leaks(page, [key]), "the crawl is blind: what he may see is not told"


@pytest.mark.feature("R34")
@pytest.mark.parametrize("worlds", ["closed"], indirect=True)
async def test_no_page_and_no_handler_tells_of_a_person_without_an_entry_in_the_log_of_reads(worlds, monkeypatch):
    act_as(monkeypatch, worlds.actors["administrator"])
    with db.engine().begin() as connection:
        connection.execute(update(Customer).values(name=f"{mark_of('contact')} name"))
    silent, logged = set(), set()

    async def ask_for(name: str, path: str, given: Any = None) -> None:
        page.deltas.clear(), page.events.clear()
        before = reads()
        await page.send(name, given, digest=DIGEST, path=path)
        if leaks(page, ["contact"]):
            (logged if reads() > before else silent).add(name.removeprefix(f"{guard.ROOT}."))

    async with tab() as page:
        await page.send(guard.HYDRATE, digest=DIGEST)
        for path, loads in addresses(worlds):
            for load in loads:
                await ask_for(load if isinstance(load, str) else format_event_handler(load), path)
    async with tab() as page:  # Another one: what a tab holds it may show again, its reading stands in the log.
        await page.send(guard.HYDRATE, digest=DIGEST)
        for name, handler in callable_ones():
            for kind in ("contact", "account"):
                record_id = str(worlds.mine[kind])
                await ask_for(name, f"/{kind}/{record_id}/summary", plausible(handler, record_id))
    assert len(logged) > 10
    assert silent - logged == set()


@pytest.mark.feature("R34")
@pytest.mark.parametrize("worlds", ["closed"], indirect=True)
def test_no_route_tells_of_a_person_without_an_entry_in_the_log_of_reads(worlds):
    silent, logged = set(), set()
    for key in ("contact", "account"):
        before = reads()
        for path, answered in http(worlds.actors["administrator"], key, worlds):
            if given_away(answered, [key]):
                (logged if reads() > before else silent).add(path)
            before = reads()
    assert len(logged) >= 4
    assert silent == set()


def reads() -> int:
    with Session(db.engine()) as database:
        return database.exec(select(func.count()).select_from(AccessEntry)).one()


def leaks(page: Tab, barred: Collection[str]) -> list[str]:
    """Return where a tab was told of an entity that may not be seen."""
    frames = (said(one) for one in (*page.deltas, *page.events))
    return [told for frame in frames if (told := given_away(frame, barred))]
