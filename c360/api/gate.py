"""The gate: the outermost layer. Every request and socket passes it before Reflex or a route sees anything.

It looks the session up, of a program the key, keeps both to itself, refuses what is foreign, too big or unknown, and
puts the security headers on every answer, its own refusals included.
"""

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from c360.api import bearer, problems
from c360.api.bearer import KEYED
from c360.api.bodies import FILE, TAKES_FILES, Body, TooLarge, limit_of
from c360.api.deps import FULL, SCOPE
from c360.api.headers import secured
from c360.api.requests import Scope, header, is_https, is_same_origin, session_digest
from c360.api.runtime import runtime_env
from c360.api.sockets import SIGNED_OUT, Message, Receive, Send, Socket, Sockets, own_tab
from c360.core.config import settings
from c360.core.errors import C360Error
from c360.services.sessions import SignedIn, remembered, resolve

log = logging.getLogger("c360.gate")

App = Callable[[Scope, Receive, Send], Awaitable[None]]
OPEN = frozenset((Path(__file__).with_name("anonymous.txt")).read_text().split())
"""What answers without a session, besides static files."""
ALIVE = "/auth/alive"
SAFE = ("GET", "HEAD")
METHODS = (*SAFE, "POST", "PUT", "PATCH", "DELETE")
STATIC = (".js", ".css", ".json", ".svg", ".png", ".ico", ".woff2", ".webp", ".webmanifest", ".map", ".txt")
REDACTED = (b"cookie", b"authorization", b"proxy-authorization", b"origin")


class Gate:
    """ASGI middleware; ``knows`` tells whether an event name can lead anywhere, ``pages`` is the built front end."""

    def __init__(self, app: App, *, knows: Callable[[str], bool], pages: Path) -> None:
        self.app, self.knows, self.pages = app, knows, pages
        self.sockets = Sockets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judge one request or socket."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message = {**message, "headers": secured(scope, list(message.get("headers", [])), self.pages)}
            await send(message)

        try:
            if scope["path"].startswith(problems.PREFIX):
                await self._program(scope, receive, with_headers)
                return
            digest = session_digest(scope)
            found = await _session(digest, touch=scope["path"] != ALIVE)
            refusal = self._refusal(scope, found)
            if refusal is not None:
                await refusal(scope, receive, with_headers)  # pyright: ignore[reportArgumentType]
                return
            body = Body(receive, limit_of(scope))
            if header(scope, b"content-type").startswith("application/json"):
                await body.look()
            full = found is not None and scope["path"] == ALIVE and self.sockets.full(str(found.actor.user_id))
            await self.app({**self._cleaned(scope, digest if found else ""), FULL: full}, body.take, with_headers)
        except TooLarge as error:
            if not started:
                await _said(scope, str(error), error.status)(scope, receive, with_headers)  # pyright: ignore[reportArgumentType]
        except Exception:
            # The last stop: whatever went wrong is logged, and even this answer carries the security headers.
            log.exception("a request failed")
            if started:
                raise
            await _said(scope, "error", 500)(scope, receive, with_headers)  # pyright: ignore[reportArgumentType]

    async def _program(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request of a program in by its key. It has no cookie another page could use, so its origin is free."""
        refusal: Response | None = None
        who = None
        if scope["method"] not in METHODS:
            refusal = _said(scope, "method not allowed", 405)
        elif scope["method"] not in SAFE and not header(scope, b"content-type").startswith("application/json"):
            refusal = _said(scope, "unsupported content type", 415)
        else:
            try:
                who = await run_in_threadpool(bearer.holder, scope)
            except C360Error as error:
                refusal = problems.of(error, "de" if header(scope, b"accept-language")[:2].lower() == "de" else "en")
        if refusal is not None:
            await refusal(scope, receive, send)  # pyright: ignore[reportArgumentType]
            return
        body = Body(receive, limit_of(scope))
        await body.look()
        await self.app({**self._cleaned(scope, ""), KEYED: who}, body.take, send)

    def _refusal(self, scope: Scope, found: SignedIn | None) -> Response | None:
        """Return the answer that ends a request here, or None to let it in."""
        path, method = scope["path"], scope["method"]
        if method not in METHODS:
            return PlainTextResponse("method not allowed", 405)
        if path.startswith("/_") or path == "/ping" or "\\" in path or "\x00" in path:
            return PlainTextResponse("not found", 404)
        if method not in SAFE:
            if not is_same_origin(scope):
                return PlainTextResponse("foreign origin", 403)
            if not _typed(path, header(scope, b"content-type")):
                return PlainTextResponse("unsupported content type", 415)
        if path in OPEN or (method in SAFE and path.endswith(STATIC) and not path.startswith("/api")):
            return runtime_env(self.pages, path, header(scope, b"host")) if method in SAFE else None
        if found is None:
            if path.startswith(("/api", "/auth")) or method not in SAFE:
                return JSONResponse({"detail": "signed out"}, 401)
            wanted = path + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
            return RedirectResponse(f"/login?next={quote(wanted)}" if wanted != "/" else "/login", 303)
        return None

    def _cleaned(self, scope: Scope, digest: str) -> Scope:
        """Return the request as routes and Reflex see it: the digest that names the session, never the cookie."""
        headers = [(key, value) for key, value in scope["headers"] if key not in REDACTED]
        headers.append((b"cookie", b"sidref=" + digest.encode()))
        path = scope["path"]
        if scope["method"] in SAFE and "." not in path and not path.endswith("/"):
            page = self.pages / path.lstrip("/") / "index.html"
            path = f"{path}/" if page.is_file() else path  # Spares every page a redirect to its slash.
        cleaned = {**scope, "headers": headers, SCOPE: digest, "path": path, "raw_path": path.encode()}
        return {**cleaned, "scheme": "https"} if is_https(scope) else cleaned

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        digest = session_digest(scope)
        query = own_tab(scope["query_string"], digest) if digest else None
        allowed = scope["path"].rstrip("/") == "/_event" and query is not None and is_same_origin(scope)
        found = await _session(digest, touch=False) if allowed else None
        user = str(found.actor.user_id) if found else ""
        if found is None or self.sockets.full(user):
            await receive()
            await send({"type": "websocket.close", "code": 4403})
            return
        headers = [(key, value) for key, value in scope["headers"] if key not in REDACTED]
        headers += [(b"cookie", b"sidref=" + digest.encode()), (b"origin", settings().origin.encode())]
        socket = Socket(digest, user, receive, send, self.knows)
        self.sockets.add(socket)
        try:
            await self.app({**scope, "headers": headers, "query_string": query}, socket.take, socket.give)
        finally:
            self.sockets.drop(socket)
            if socket.over.is_set():
                await send({"type": "websocket.close", "code": SIGNED_OUT})


def gate(knows: Callable[[str], bool], pages: Path) -> Callable[[Any], Any]:
    """Return what puts the gate around an app."""
    return lambda inner: Gate(inner, knows=knows, pages=pages)


async def _session(digest: str, *, touch: bool) -> SignedIn | None:
    if not digest:
        return None
    return remembered(digest) or await run_in_threadpool(lambda: resolve(digest, touch=touch))


def _typed(path: str, content_type: str) -> bool:
    """Tell whether a body's type is one this path takes: forms for signing in, JSON or a file for the rest."""
    kind: Any = content_type.partition(";")[0].strip().lower()
    if path in OPEN or path.startswith(("/auth", "/account")):
        return kind == "application/x-www-form-urlencoded"
    if kind == FILE:
        return TAKES_FILES.fullmatch(path) is not None
    return kind in ("application/json", "")


def _said(scope: Scope, text: str, status: int) -> Response:
    """Return a refusal in a few words, in the form this caller reads."""
    if scope["path"].startswith(problems.PREFIX):
        return problems.problem(status, "api.refused", text)
    return PlainTextResponse(text, status)
