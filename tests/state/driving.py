"""Drive events through Reflex's real processor and the guard, without a browser."""

import contextlib
import dataclasses
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

os.environ.setdefault("__REFLEX_SKIP_COMPILE", "true")

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex.utils.format import format_event_handler
from reflex_base.event import Event
from reflex_base.event.processor import BaseStateEventProcessor

from c360.core.actor import SYSTEM, Actor
from c360.services import sessions
from c360.services.uow import unit_of_work
from c360.state.guard import Guard


def signed_in(actor: Actor) -> str:
    """Sign an actor in and return the digest of the session."""
    assert actor.user_id is not None
    with unit_of_work(SYSTEM) as uow:
        return sessions.digest_of(sessions.begin(uow, actor.user_id, agent="test"))


class Chain:
    """Stands where the app stands: runs the guard before every event."""

    def __init__(self) -> None:
        self.guard = Guard()

    async def _preprocess(self, state: Any, event: Event) -> Any:
        return await self.guard.preprocess(None, state, event)  # pyright: ignore[reportArgumentType]


class Tab:
    """One browser tab: what it sent back and what went wrong."""

    def __init__(self, processor: BaseStateEventProcessor) -> None:
        self.processor = processor
        self.deltas: list[Any] = []
        self.events: list[Any] = []
        self.errors: list[BaseException] = []

    async def send(
        self,
        handler: Any,
        payload: dict[str, Any] | None = None,
        *,
        digest: str = "",
        token: str = "tab",
        path: str = "/",
    ) -> None:
        """Send an event and wait for it and all it causes."""
        name = handler if isinstance(handler, str) else format_event_handler(handler)
        event = Event(
            name=name,
            payload=dict(payload or {}),
            router_data={
                "pathname": path,
                "asPath": path,
                "token": token,
                "headers": {"cookie": f"sidref={digest}"} if digest else {},
            },
        )
        future = await self.processor.enqueue(token, event)
        with contextlib.suppress(Exception):
            await future.wait_all()

    def at(self, path: str, digest: str) -> Callable[..., Awaitable[None]]:
        """Return what sends a handler its arguments from an address, as who is signed in, and expects no error."""

        async def send(handler: Any, /, **payload: Any) -> None:
            await self.send(handler, payload, digest=digest, path=path)
            assert not self.errors, self.errors

        return send

    def shown(self, name: str) -> Any:
        """Return what a variable was last sent as; None when it was not."""
        sent = (state for delta in self.deltas for state in delta.values())
        found = [value for state in sent for key, value in state.items() if key.startswith(name)]
        return found[-1] if found else None


@contextlib.asynccontextmanager
async def tab() -> AsyncIterator[Tab]:
    """Open a tab on an empty state store."""
    errors: list[BaseException] = []
    processor = BaseStateEventProcessor(middleware=Chain(), backend_exception_handler=errors.append)  # pyright: ignore[reportArgumentType]
    processor.configure(state_manager=StateManagerMemory())
    made = Tab(processor)
    made.errors = errors

    async def on_delta(_: str, delta: Any) -> None:
        made.deltas.append(delta)

    async def on_event(_: str, *events: Any) -> None:
        made.events.extend(events)

    assert processor._root_context is not None
    processor._root_context = dataclasses.replace(
        processor._root_context, emit_delta_impl=on_delta, emit_event_impl=on_event
    )
    async with processor:
        yield made


__all__ = ["Tab", "rx", "signed_in", "tab"]
