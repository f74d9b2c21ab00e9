"""The guard: sees every event before its handler, and refuses whatever is not expressly allowed.

It covers rendered and unrendered handlers, chained and background ones, page loads, uploads and Reflex's own. The
session comes from the connection (the gate puts its digest where the cookie was), never from a state or a payload.
"""

import logging
from collections import OrderedDict
from pathlib import Path
from typing import Any

import reflex as rx
from reflex.state import StateUpdate
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext

from c360.state import policy
from c360.state.policy import public, requires
from c360.state.session import SESSION, SessionState, signed_in

__all__ = ["Guard", "assert_complete", "handlers", "is_known", "public", "requires"]

log = logging.getLogger("c360.guard")

ROOT = "reflex___state____state"
HYDRATE = f"{ROOT}.hydrate"
BOOT = f"{ROOT}.hydrate_and_load"
INTERNAL = {
    HYDRATE: set(),
    BOOT: None,
    f"{ROOT}.set_is_hydrated": {"value"},
    f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal": set(),
    f"{ROOT}.reflex___state____on_load_internal_state.set_is_hydrated": {"value"},
    f"{ROOT}.reflex___state____update_vars_internal_state.update_vars_internal": {"vars"},
    f"{ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception": {"info", "component_stack"},
}
"""Reflex's own handlers a page cannot do without, each with the arguments it may have; None leaves them to Reflex."""
ANONYMOUS = Path(__file__).with_name("anonymous.txt")
MOST_ANONYMOUS = 8
REMEMBERED_TABS = 5_000

_languages: OrderedDict[str, str] = OrderedDict()


def language_of(tab: str) -> str:
    """Return the language of the user on a tab, for errors that surface outside a handler."""
    return _languages.get(tab, "en")


class Guard(rx.Middleware):
    """Denies by default: no session, no policy, no right or a bad payload means that nothing runs."""

    async def preprocess(self, app: rx.App, state: Any, event: Event) -> StateUpdate | None:
        """Let an event pass (None) or stop it before its handler."""
        digest = state.router.headers.cookie.partition("sidref=")[2]
        found = await signed_in(digest)
        SESSION.set(found.digest if found else "")
        mine = await state.get_state(SessionState)
        if mine._bound != (found.digest if found else ""):
            if event.name not in (HYDRATE, BOOT):
                return _deny(event, "this tab belongs to another session")
            if mine._bound and await signed_in(mine._bound, touch=False):
                return _deny(event, "this tab belongs to another live session")
            state.reset()  # Nothing of one user outlives a change of identity.
        if found:
            mine._greet(found)
            _remember(state.router.session.client_token, found.actor.language)
        if event.name in INTERNAL:
            known = INTERNAL[event.name]
            if found is None:
                return _deny(event, "nobody is signed in")
            return None if known is None or set(event.payload) <= known else _deny(event, "bad payload")
        return self._judge(event, found)

    def _judge(self, event: Event, found: Any) -> StateUpdate | None:
        registered = RegistrationContext.get().event_handlers.get(event.name)
        mark = policy.policy_of(registered.handler.fn) if registered else None
        if registered is None or mark is None:
            return _deny(event, "no policy")
        actor = found.actor if found else None
        if mark.signed_in and actor is None:
            return _deny(event, "nobody is signed in")
        if not mark.allows(actor, registered.states[0]):
            return _deny(event, "no right")
        arguments = policy.checked(registered.handler.fn, event.payload)
        if arguments is None:
            return _deny(event, "bad payload")
        event.payload.clear()
        event.payload.update(arguments)
        return None


def _deny(event: Event, why: str) -> StateUpdate:
    log.warning("denied", extra={"handler": event.name, "why": why})
    return StateUpdate()


def _remember(tab: str, language: str) -> None:
    _languages[tab] = language
    _languages.move_to_end(tab)
    while len(_languages) > REMEMBERED_TABS:
        _languages.popitem(last=False)


def handlers() -> dict[str, Any]:
    """Return every event handler a browser could name, as Reflex registered them."""
    return dict(RegistrationContext.ensure_context().event_handlers)


def is_known(name: str) -> bool:
    """Tell whether an event name can lead anywhere; others are dropped before anything logs or loads them."""
    if name in INTERNAL:
        return True
    registered = RegistrationContext.ensure_context().event_handlers.get(name)
    return registered is not None and policy.policy_of(registered.handler.fn) is not None


def assert_complete() -> None:
    """Refuse to start unless every handler has a policy and a checkable payload, and few are open to anybody."""
    wrong, anonymous = [], set()
    for name, registered in handlers().items():
        handler = registered.handler.fn
        if name.endswith(".setvar") or handler.__module__.partition(".")[0] in ("reflex", "reflex_base"):
            continue  # Never let through, except those of INTERNAL.
        mark = policy.policy_of(handler)
        if mark is None:
            wrong.append(f"{name} has no policy: put @requires() under @rx.event, or start its name with an underscore")
            continue
        if handler.__name__.startswith("set_"):
            wrong.append(f"{name}: names in set_* can be called through setvar")
        if not mark.signed_in:
            anonymous.add(name)
        try:
            policy.payload_of(handler)
        except Exception as error:
            wrong.append(f"{name}: {error}")
    frozen = set(ANONYMOUS.read_text().split())
    if anonymous != frozen or len(frozen) > MOST_ANONYMOUS:
        wrong.append(f"{ANONYMOUS.name} must list exactly the handlers open to anybody: {sorted(anonymous)}")
    if wrong:
        raise RuntimeError("The guard refuses to start: " + "; ".join(wrong))
