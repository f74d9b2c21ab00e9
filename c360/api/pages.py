"""The few pages outside the app: signing in, setting up, choosing a password. Plain HTML, no script at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse

from c360.core.i18n import LANGUAGES, text

# A form posted from a page that hides its address would not say where it comes from, so this one shows it to us alone.
HEADERS = {"referrer-policy": "same-origin", "cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a form."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    complete: str = ""
    hint: str = ""


@cache
def _style() -> str:
    return Path(__file__).with_name("sign_in.css").read_text("utf-8")


def language_of(request: Request) -> str:
    """Return the language to answer in: the one asked for, else the browser's."""
    if (asked := request.query_params.get("lang", "")) in LANGUAGES:
        return asked
    for part in request.headers.get("accept-language", "").split(","):
        code = part.strip()[:2].lower()
        if code in LANGUAGES:
            return code
    return "en"


def form_page(
    request: Request,
    *,
    title: str,
    action: str,
    inputs: Sequence[Input],
    submit: str,
    lead: str = "",
    hidden: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    wrong: str = "",
    good: str = "",
    foot: str = "",
    status: int = 200,
) -> HTMLResponse:
    """Return a page with one form; ``errors`` stand beside their fields, ``wrong`` above them."""
    errors = errors or {}
    fields = "".join(_field(one, errors.get(one.name, ""), first=index == 0) for index, one in enumerate(inputs))
    secret = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in (hidden or {}).items()
    )
    body = (
        f"<h1>{escape(title)}</h1>"
        + (f"<p>{escape(lead)}</p>" if lead else "")
        + (f'<div class="note bad" role="alert">{escape(wrong)}</div>' if wrong else "")
        + (f'<div class="note good" role="status">{escape(good)}</div>' if good else "")
        + f'<form method="post" action="{escape(action)}">{secret}{fields}<button>{escape(submit)}</button></form>'
        + (f'<p class="foot">{escape(foot)}</p>' if foot else "")
    )
    return page(request, title, body, status)


def message_page(request: Request, *, title: str, lead: str, href: str, label: str, status: int = 200) -> HTMLResponse:
    """Return a page that says one thing and leads on."""
    link = f'<a class="button" href="{escape(href)}">{escape(label)}</a>'
    return page(request, title, f"<h1>{escape(title)}</h1><p>{escape(lead)}</p>{link}", status)


def page(request: Request, title: str, body: str, status: int, *, language: str = "") -> HTMLResponse:
    """Return a whole page in the reader's language, or in the one its body is written in."""
    lang = language or language_of(request)
    other = "de" if lang == "en" else "en"
    switch = request.url.include_query_params(lang=other)
    address = f"{switch.path}?{switch.query}"
    nav = (
        f'<nav><a href="{escape(address)}" lang="{other}" hreflang="{other}">'
        f"{escape(text(lang, 'auth.language'))}</a></nav>"
    )
    html = (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f'<title>{escape(title)} · Customer 360</title><link rel="icon" href="/logo.svg" type="image/svg+xml">'
        f'<style>{_style()}</style></head><body><main><div class="brand">'
        f'<img src="/logo.svg" alt="" width="28" height="28">Customer 360</div>{body}</main>'
        f"{'' if language else nav}</body></html>"
    )
    return HTMLResponse(html, status, headers=HEADERS)


def _field(one: Input, wrong: str, *, first: bool) -> str:
    described = [f"{one.name}-hint"] * bool(one.hint) + [f"{one.name}-wrong"] * bool(wrong)
    attributes = (
        f'id="{one.name}" name="{one.name}" type="{one.kind}" value="{escape(one.value)}" required maxlength="320" '
        f'data-testid="{one.name}" autocomplete="{one.complete}"'
        + (f' aria-describedby="{" ".join(described)}"' if described else "")
        + (' aria-invalid="true"' if wrong else "")
        + (" autofocus" if first else "")
    )
    return (
        f"<label>{escape(one.label)}<input {attributes}>"
        + (f'<span class="hint" id="{one.name}-hint">{escape(one.hint)}</span>' if one.hint else "")
        + (f'<span class="wrong" id="{one.name}-wrong">{escape(wrong)}</span>' if wrong else "")
        + "</label>"
    )
