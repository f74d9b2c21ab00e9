"""Live sockets: who may open one, what may pass on it, and that it closes when its session ends."""

import asyncio
import hashlib
import hmac
import json
import logging
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool

from c360.services.sessions import ENDED, still_live

log = logging.getLogger("c360.gate")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PER_USER = 10
LONGEST_FRAME = 1_000_000
DEEPEST = 50
PER_SECOND = 20.0
AT_A_BURST = 40.0
LOOK_EVERY = 1.0
SIGNED_OUT = 4401
PACKET = re.compile(r"4([0-6])(?:/_event,)?(\d*)(.*)", re.S)
TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')


def too_deep(text: str) -> bool:
    """Tell whether JSON nests deeper than allowed, without parsing it."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return False
    level = 0
    for mark in re.findall(r"[\[\]{}]", TEXT.sub("", text)):
        level += 1 if mark in "[{" else -1
        if level > DEEPEST:
            return True
    return False


def own_tab(query: bytes, digest: str) -> bytes | None:
    """Tie a tab's token to the session: the same token under another session names another, empty state.

    Reflex keeps a tab's state under a token the page makes; whoever learns it could otherwise read that state.
    """
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    tokens = [value for name, value in pairs if name == "token"]
    if len(tokens) != 1 or not 0 < len(tokens[0]) <= 100:
        return None
    tied = hmac.new(digest.encode(), tokens[0].encode(), hashlib.sha256).hexdigest()[:32]
    return urlencode([(n, v) for n, v in pairs if n != "token"] + [("token", tied)]).encode()


@dataclass(eq=False)
class Socket:
    """One open socket: its limits, and the switch that ends it."""

    digest: str
    user: str
    receive: Receive
    send: Send
    knows: Callable[[str], bool]
    allowance: float = AT_A_BURST
    counted: float = field(default_factory=time.monotonic)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self) -> Message:
        """Return the next message that may pass; a flood waits its turn, what is malformed is dropped."""
        while True:
            message = await self._next()
            if message["type"] != "websocket.receive":
                return message
            text = message.get("text")
            if text is None or len(text) > LONGEST_FRAME:
                self.end()
                continue
            if not text.startswith("4"):
                return message
            await self._wait()
            if self._passes(text):
                return message

    async def give(self, message: Message) -> None:
        """Send a message, unless the socket is over."""
        if not self.over.is_set():
            await self.send(message)

    def end(self) -> None:
        """Close the socket from our side: the app behind it sees its browser leave."""
        self.over.set()

    async def _next(self) -> Message:
        """Return the next message, or the end when it is ours."""
        coming, over = asyncio.ensure_future(self.receive()), asyncio.ensure_future(self.over.wait())
        try:
            await asyncio.wait((coming, over), return_when=asyncio.FIRST_COMPLETED)
            return {"type": "websocket.disconnect", "code": SIGNED_OUT} if self.over.is_set() else coming.result()
        finally:
            over.cancel()
            coming.cancel()

    async def _wait(self) -> None:
        now = time.monotonic()
        self.allowance = min(AT_A_BURST, self.allowance + (now - self.counted) * PER_SECOND)
        self.counted = now
        if self.allowance < 1:
            await asyncio.sleep((1 - self.allowance) / PER_SECOND)
        self.allowance -= 1

    def _passes(self, text: str) -> bool:
        """Tell whether a packet is one the app knows; nothing of its content is logged."""
        packet = PACKET.fullmatch(text)
        if packet is None or packet[1] not in "012" or too_deep(packet[3]):
            return self._dropped("packet")
        try:
            body = json.loads(packet[3]) if packet[3] else None
        except (ValueError, RecursionError):
            return self._dropped("not JSON")
        if packet[1] == "0":
            event = body.get("event") if isinstance(body, dict) else None
            return event is None or self._known(event)
        if packet[1] == "1":
            return True
        if not isinstance(body, list) or not body or body[0] not in ("event", "ping", "client_error"):
            return self._dropped("message")
        return body[0] != "event" or (len(body) == 2 and self._known(body[1]))

    def _known(self, event: Any) -> bool:
        fits = (
            isinstance(event, dict)
            and isinstance(event.get("name"), str)
            and isinstance(event.get("payload", {}), dict)
            and isinstance(event.get("router_data", {}), dict)
        )
        return (fits and self.knows(event["name"])) or self._dropped("handler")

    def _dropped(self, what: str) -> bool:
        log.warning("dropped", extra={"why": f"unknown {what}"})
        return False


class Sockets:
    """The open sockets of this process, watched: within two seconds of a session's end its sockets are closed."""

    def __init__(self) -> None:
        self.open: set[Socket] = set()
        self._watch: asyncio.Task[None] | None = None
        ENDED.append(self._ended)

    def full(self, user: str) -> bool:
        """Tell whether a user has as many sockets as he may have."""
        return Counter(s.user for s in self.open)[user] >= PER_USER

    def add(self, socket: Socket) -> None:
        """Watch a socket."""
        self.open.add(socket)
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._look())

    def drop(self, socket: Socket) -> None:
        """Stop watching a socket."""
        self.open.discard(socket)

    def _ended(self, digest: str) -> None:
        """Close a session's sockets at once; called from any thread."""
        if self._watch is not None:
            self._watch.get_loop().call_soon_threadsafe(self._close, digest)

    def _close(self, digest: str) -> None:
        for socket in [s for s in self.open if s.digest == digest]:
            self.drop(socket)
            socket.end()

    async def _look(self) -> None:
        while self.open:
            await asyncio.sleep(LOOK_EVERY)
            try:
                live = await run_in_threadpool(still_live, {s.digest for s in self.open})
            except Exception:
                # The watch must outlive a busy database; meanwhile the guard asks the session again at each event.
                log.exception("the sessions of open sockets could not be read")
                continue
            for socket in [s for s in self.open if s.digest not in live]:
                self.drop(socket)
                socket.end()
