"""What the gate reads from a request before anything else sees it."""

from collections.abc import MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from c360.core.config import settings
from c360.services.sessions import digest_of

Scope = MutableMapping[str, Any]


def header(scope: Scope, name: bytes) -> str:
    """Return a header's value, empty when it is missing or sent more than once."""
    values = [value for key, value in scope["headers"] if key == name]
    return values[0].decode("latin-1") if len(values) == 1 else ""


def is_https(scope: Scope) -> bool:
    """Tell whether the person's connection is encrypted: here, or at the proxy the operator has named."""
    return scope.get("scheme") in ("https", "wss") or settings().origin.startswith("https://")


def cookie_name(scope: Scope) -> str:
    """Return the session cookie's name: the browser guards the ``__Host-`` one, which plain HTTP cannot set."""
    return "__Host-c360" if is_https(scope) else "c360"


def session_digest(scope: Scope) -> str:
    """Return the digest of the session cookie, empty when there is none or more than one."""
    name, found = cookie_name(scope), []
    for part in header(scope, b"cookie").split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            found.append(value)
    try:
        cookie = SimpleCookie(f"{name}={found[0]}") if len(found) == 1 else {}
    except CookieError:
        return ""
    return digest_of(cookie[name].value) if name in cookie and len(cookie[name].value) <= 200 else ""


def is_same_origin(scope: Scope) -> bool:
    """Tell whether a request comes from a page of this app.

    Browsers say so in ``Origin``; where a page hides it, ``Sec-Fetch-Site`` tells, which no page can forge.
    """
    site = header(scope, b"sec-fetch-site")
    if site not in ("", "same-origin", "none"):
        return False
    origin = header(scope, b"origin")
    if origin in ("", "null"):
        return site == "same-origin"
    if origin == settings().origin:
        return True
    scheme = "https" if is_https(scope) else "http"
    parts = urlsplit(origin)
    return parts.scheme == scheme and parts.netloc != "" and parts.netloc == header(scope, b"host")


def client_ip(scope: Scope) -> str:
    """Return the caller's address: the peer's, or what the trusted number of proxies reports."""
    hops = int(settings().trusted_proxies)
    if hops:
        told = [ip.strip() for ip in header(scope, b"x-forwarded-for").split(",") if ip.strip()]
        if len(told) >= hops:
            return told[-hops][:64]
    client = scope.get("client")
    return str(client[0])[:64] if client else ""
