"""A customer's own page, outside the app: plain HTML, no script, no account; the link in his hands is the key."""

from html import escape
from typing import Annotated

from babel.dates import format_datetime
from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from c360.api.pages import language_of, page
from c360.api.requests import client_ip
from c360.core.clock import utc_now
from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.services.consents import preferences
from c360.services.consents.preferences import Group, Preferences

router = APIRouter(include_in_schema=False)
Secret = Annotated[str, Form(max_length=100)]


@router.get("/preferences")
def show(request: Request, t: str = "") -> Response:
    """Show the page of a link."""
    try:
        found = preferences.show(t[:100], language_of(request), client_ip(request.scope))
    except C360Error as error:
        return _dead(request, error)
    return _page(request, t, found)


@router.post("/preferences")
def save(
    request: Request, t: Secret = "", act: Secret = "", yes: Annotated[list[str] | None, Form()] = None
) -> Response:
    """Keep what the customer chose, end everything, or confirm."""
    lang, ip, agent = language_of(request), client_ip(request.scope), request.headers.get("user-agent", "")[:300]
    try:
        if act == "confirm":
            preferences.confirm(t, ip=ip, agent=agent)
            title = _said(lang, "preferences.confirmed")
            return page(request, title, f"<h1>{escape(title)}</h1>", 200, language=lang)
        found = preferences.save(t, (yes or [])[:200], lang, nothing=act == "none", ip=ip, agent=agent)
    except C360Error as error:
        return _dead(request, error)
    return _page(request, t, found, _said(lang, "preferences.gone" if act == "none" else "preferences.saved"))


def _dead(request: Request, error: C360Error) -> Response:
    lang = language_of(request)
    lead = text(lang, "preferences.dead.lead") if error.status == 404 else error.text(lang)
    title = text(lang, "preferences.dead.title") if error.status == 404 else text(lang, "preferences.title")
    return page(request, title, f"<h1>{escape(title)}</h1><p>{escape(lead)}</p>", error.status)


def _page(request: Request, secret: str, found: Preferences, good: str = "") -> Response:
    lang = language_of(request)
    hidden = f'<input type="hidden" name="t" value="{escape(secret)}">'
    note = f'<div class="note good" role="status">{escape(good)}</div>' if good else ""
    if found.confirms:
        title = text(lang, "preferences.confirm.title")
        body = (
            f"<h1>{escape(title)}</h1><p>{escape(text(lang, 'preferences.confirm.lead'))}</p>"
            f"<dl><dt>{escape(found.groups[0].name)}</dt><dd>{escape(found.groups[0].text)}</dd></dl>"
            f"<p><b>{escape(found.confirms)}</b></p>{_form(lang, hidden, _button(lang, 'confirm'))}"
        )
        return page(request, title, body, 200)
    title = text(lang, "preferences.title")
    lead = text(lang, "preferences.lead", controller=found.controller or text(lang, "preferences.nobody"))
    boxes = "".join(_group(one) for one in found.groups)
    buttons = _button(lang, "save") + _button(lang, "none", quiet=True)
    body = f"<h1>{escape(title)}</h1><p>{escape(lead)}</p>{note}{_form(lang, hidden, boxes + buttons)}"
    return page(request, title, body, 200)


def _form(lang: str, hidden: str, inner: str) -> str:
    return f'<form method="post" action="/preferences?lang={lang}">{hidden}{inner}</form>'


def _button(lang: str, act: str, *, quiet: bool = False) -> str:
    label = escape(text(lang, f"preferences.{act}"))
    return f'<button name="act" value="{act}"{" class=quiet" if quiet else ""}>{label}</button>'


def _group(group: Group) -> str:
    boxes = "".join(
        f'<label class="box"><input type="checkbox" name="yes" value="{escape(one.key)}"'
        f"{' checked' if one.ticked else ''}>{escape(one.label)}</label>"
        for one in group.choices
    )
    return f"<fieldset><legend>{escape(group.name)}</legend><p>{escape(group.text)}</p>{boxes}</fieldset>"


def _said(lang: str, key: str) -> str:
    return text(lang, key, at=format_datetime(utc_now(), "long", locale=lang))
