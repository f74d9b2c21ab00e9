"""Who is signed in, and the one door from the screen to the services."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import Any, Concatenate, ParamSpec, TypeVar

import reflex as rx

from c360.core.actor import Actor
from c360.core.errors import SignedOut
from c360.services import sessions
from c360.services.uow import UnitOfWork, ask, perform, perform_once

P = ParamSpec("P")
T = TypeVar("T")

THREADS = ThreadPoolExecutor(max_workers=16, thread_name_prefix="service")
"""Where services run: no more at once than the database has connections for, and never on the event loop."""
SESSION: ContextVar[str] = ContextVar("session", default="")
"""The digest of the session whose event is being handled; the guard sets it, nobody else does."""
STAND_IN: ContextVar[Actor | None] = ContextVar("stand_in", default=None)
"""Acts in place of a session where handlers run without a guard: in their unit tests."""


async def off_the_loop(work: Callable[..., T], *args: Any) -> T:
    """Run blocking work on a thread."""
    return await asyncio.get_running_loop().run_in_executor(THREADS, work, *args)


async def signed_in(digest: str, *, touch: bool = True) -> sessions.SignedIn | None:
    """Return who a session belongs to now, or None when it is over."""
    return sessions.remembered(digest) or await off_the_loop(lambda: sessions.resolve(digest, touch=touch))


async def current_actor() -> Actor:
    """Return who is acting, with the rights he has now; ``SignedOut`` when his session is over."""
    if actor := STAND_IN.get():
        return actor
    found = await signed_in(SESSION.get())
    if found is None:
        raise SignedOut("session.over")
    return found.actor


class SessionState(rx.State):
    """The signed-in user as pages show him. Nothing here gives a right: services ask the session again."""

    name: str = ""
    login: str = ""
    language: str = "en"
    roles: rx.Field[list[str]] = rx.field(default_factory=list)
    may: rx.Field[dict[str, list[str]]] = rx.field(default_factory=dict)
    """What to offer: the verbs he has for each entity, ``*`` for every other."""
    _bound: str = ""

    def _greet(self, found: sessions.SignedIn) -> None:
        """Show who is signed in, and tie this tab to his session; what has not changed is not sent again."""
        actor = found.actor
        may = {key: sorted(verb.value for verb in verbs) for key, verbs in actor.rights.items()}
        shown = {
            "_bound": found.digest, "login": found.login, "name": actor.name, "language": actor.language,
            "roles": sorted(actor.roles), "may": may,
        }  # fmt: skip
        for name, value in shown.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


class ServiceCalls(rx.State, mixin=True):
    """Gives a state the door to the services: each call is a unit of work of the signed-in user, on a thread."""

    async def _actor(self) -> Actor:
        """Return who is acting, with the rights he has now."""
        return await current_actor()

    async def _call(self, service: Callable[Concatenate[UnitOfWork, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a service that writes."""
        actor = await current_actor()
        return await off_the_loop(lambda: perform(actor, service, *args, **kwargs))

    async def _call_once(
        self, key: str, service: Callable[Concatenate[UnitOfWork, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Any:
        """Run a service that writes, once however often the same form (its ``key``) is sent."""
        actor = await current_actor()
        return await off_the_loop(lambda: perform_once(actor, key, service, *args, **kwargs))

    async def _ask(self, service: Callable[Concatenate[UnitOfWork, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a service that only reads."""
        actor = await current_actor()
        return await off_the_loop(lambda: ask(actor, service, *args, **kwargs))
