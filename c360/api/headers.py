"""Security and cache headers of every response."""

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from c360.api.requests import Scope, header, is_https

INLINE = re.compile(rb"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.S)
HOST = re.compile(r"[\w.\-:\[\]]+")

ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
REPLACED = frozenset({name for name, _ in ALWAYS} | {b"content-security-policy", b"referrer-policy", b"server"})
NOTHING = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


@cache
def inline_hashes(pages: Path) -> tuple[str, ...]:
    """Return the digests of the scripts the built pages hold: they may run, and no other inline script."""
    bodies: set[bytes] = set()
    for page in pages.rglob("*.html"):
        bodies |= {m["body"] for m in INLINE.finditer(page.read_bytes()) if b"src=" not in m["attributes"]}
    digests = (base64.b64encode(hashlib.sha256(body).digest()).decode() for body in bodies if body.strip())
    return tuple(f"'sha256-{digest}'" for digest in sorted(digests))


def page_policy(host: str, hashes: Iterable[str]) -> bytes:
    """Return the content policy of a page: our own files, the known inline scripts, and no one else's anything."""
    # Older Safari does not count a socket of the same host as 'self'.
    sockets = f" ws://{host} wss://{host}" if HOST.fullmatch(host) else ""
    return (
        "default-src 'none'; "
        f"script-src 'self' {' '.join(hashes)}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; font-src 'self' data:; manifest-src 'self'; "
        f"connect-src 'self'{sockets}; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
    ).encode()


def secured(scope: Scope, given: list[tuple[bytes, bytes]], pages: Path) -> list[tuple[bytes, bytes]]:
    """Return a response's headers with the security and cache ones set."""
    sent = {name.lower(): value for name, value in given}
    is_page = sent.get(b"content-type", b"").startswith(b"text/html")
    kept = [(name, value) for name, value in given if name.lower() not in REPLACED]
    policy = page_policy(header(scope, b"host"), inline_hashes(pages)) if is_page else NOTHING
    own = sent.get(b"content-security-policy")
    kept += [*ALWAYS, (b"content-security-policy", own or policy)]
    kept.append((b"referrer-policy", sent.get(b"referrer-policy", b"no-referrer")))
    kept.append((b"server", b"c360"))  # One of ours: without it the server names itself.
    if is_https(scope):
        kept.append((b"strict-transport-security", b"max-age=63072000; includeSubDomains"))
    if b"cache-control" not in sent:
        kept.append((b"cache-control", _caching(scope.get("path", ""), is_page)))
    return kept


def _caching(path: str, is_page: bool) -> bytes:
    if path.startswith("/assets/") and not is_page:
        return b"public, max-age=31536000, immutable"
    if is_page or path.startswith(("/api", "/auth")) or "." not in path.rpartition("/")[2]:
        return b"no-store"
    return b"no-cache"
