"""Signing in and out, set-up, invitations, a new password: plain forms, so that no script ever sees a password."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from c360.api.deps import FULL, SCOPE, Session
from c360.api.pages import Input, form_page, language_of, message_page
from c360.api.requests import client_ip, cookie_name, is_https
from c360.core.actor import SYSTEM
from c360.core.errors import C360Error, Invalid, NotFound, TooMany
from c360.core.i18n import text
from c360.services import links, sign_in
from c360.services.passwords import SHORTEST
from c360.services.sessions import resolve
from c360.services.uow import unit_of_work

router = APIRouter(include_in_schema=False)
Field = Annotated[str, Form(max_length=1000)]
CONTROL = re.compile(r"[\x00-\x20\\]")


def local(address: str) -> str:
    """Return a path of this app, or the first page when the address leads anywhere else."""
    parts = urlsplit(address)
    outside = parts.scheme or parts.netloc or not address.startswith("/") or address.startswith("//")
    return "/" if outside or CONTROL.search(address) or address.startswith(("/login", "/auth")) else address


def _enter(request: Request, secret: str, to: str) -> Response:
    answer = RedirectResponse(to, 303)
    secure = is_https(request.scope)
    answer.set_cookie(cookie_name(request.scope), secret, httponly=True, samesite="lax", secure=secure, path="/")
    return answer


def _agent(request: Request) -> str:
    return request.headers.get("user-agent", "")[:300]


def _password(lang: str, name: str = "password", label: str = "auth.password") -> Input:
    hint = text(lang, "auth.password.hint", n=SHORTEST)
    return Input(name, text(lang, label), "password", complete="new-password", hint=hint)


def _login_page(request: Request, login: str = "", to: str = "/", wrong: str = "", status: int = 200) -> Response:
    lang = language_of(request)
    return form_page(
        request,
        title=text(lang, "sign_in.title"),
        lead=text(lang, "auth.tagline"),
        action=f"/auth/login?lang={lang}",
        hidden={"next": to},
        inputs=[
            Input("login", text(lang, "auth.email"), "email", login, "username"),
            Input("password", text(lang, "auth.password"), "password", complete="current-password"),
        ],
        submit=text(lang, "sign_in.submit"),
        wrong=wrong,
        good=text(lang, "sign_in.over") if "out" in request.query_params else "",
        foot=text(lang, "sign_in.forgot"),
        status=status,
    )


@router.get("/login")
def show_login(request: Request, next: str = "/") -> Response:
    """Show the sign-in form, or go on when somebody is signed in."""
    if resolve(request.scope.get(SCOPE, ""), touch=False):
        return RedirectResponse(local(next), 303)
    return _login_page(request, to=local(next))


@router.post("/auth/login")
def log_in(request: Request, login: Field = "", password: Field = "", next: Field = "/") -> Response:
    """Sign in with a new session and go where the person wanted to."""
    old = request.scope.get(SCOPE, "")
    try:
        secret = sign_in.enter(login, password, ip=client_ip(request.scope), agent=_agent(request), instead_of=old)
    except C360Error as error:
        return _login_page(request, login, local(next), error.text(language_of(request)), error.status)
    return _enter(request, secret, local(next))


@router.post("/auth/logout")
def log_out(request: Request, session: Session) -> Response:
    """End the session; its tabs close."""
    sign_in.leave(session.digest)
    answer = RedirectResponse("/login?out=1", 303)
    answer.delete_cookie(cookie_name(request.scope), path="/", secure=is_https(request.scope), httponly=True)
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


@router.get("/auth/alive")
def alive(request: Request, session: Session) -> JSONResponse:
    """Answer 200 while the session lives, and whether its user may open no more tabs; asked when a socket closes."""
    return JSONResponse({"login": session.login, "full": request.scope[FULL]})


def _dead(request: Request) -> Response:
    lang = language_of(request)
    return message_page(
        request, title=text(lang, "link.dead.title"), lead=text(lang, "link.dead"), href="/login",
        label=text(lang, "link.sign_in"), status=404,
    )  # fmt: skip


def _setup_page(request: Request, token: str, given: dict[str, str], error: C360Error | None = None) -> Response:
    lang = language_of(request)
    fields = error.texts(lang) if isinstance(error, Invalid) else {}
    return form_page(
        request,
        title=text(lang, "setup.title"),
        lead=text(lang, "setup.text"),
        action=f"/setup?lang={lang}",
        hidden={"token": token},
        inputs=[
            Input("name", text(lang, "auth.name"), value=given.get("name", ""), complete="name"),
            Input("login", text(lang, "auth.email"), "email", given.get("login", ""), "username"),
            _password(lang),
            Input("repeat", text(lang, "auth.repeat"), "password", complete="new-password"),
        ],
        submit=text(lang, "setup.create"),
        errors=fields,
        wrong="" if fields or error is None else error.text(lang),
        status=error.status if error else 200,
    )


@router.get("/setup")
def show_setup(request: Request, token: str = "") -> Response:
    """Show the form that makes the first administrator, while there is none and the link is good."""
    try:
        with unit_of_work(SYSTEM, reads=True) as uow:
            links.find(uow, token, "setup")
    except NotFound:
        return _dead(request)
    return _setup_page(request, token, {})


@router.post("/setup")
def set_up(
    request: Request, token: Field = "", name: Field = "", login: Field = "", password: Field = "", repeat: Field = ""
) -> Response:
    """Make the first administrator and sign him in."""
    try:
        if not name.strip():
            raise Invalid.field("name", "name.missing")
        sign_in.check_login(login)
        _same(password, repeat)
        secret = sign_in.set_up(
            token, name=name, login=login, password=password, language=language_of(request),
            ip=client_ip(request.scope), agent=_agent(request),
        )  # fmt: skip
    except NotFound:
        return _dead(request)
    except C360Error as error:
        return _setup_page(request, token, {"name": name, "login": login}, error)
    return _enter(request, secret, "/")


def _same(password: str, repeat: str) -> None:
    if password != repeat:
        raise Invalid.field("repeat", "password.repeat")


def _welcome_page(request: Request, token: str, error: C360Error | None = None) -> Response:
    lang = language_of(request)
    with unit_of_work(SYSTEM, reads=True) as uow:
        user = links.owner_of(uow, token)
    return form_page(
        request,
        title=text(lang, "welcome.title", name=user.name),
        lead=text(lang, "welcome.text", login=user.login),
        action=f"/welcome?lang={lang}",
        hidden={"token": token, "login": user.login},
        inputs=[_password(lang), Input("repeat", text(lang, "auth.repeat"), "password", complete="new-password")],
        submit=text(lang, "welcome.submit"),
        errors=error.texts(lang) if isinstance(error, Invalid) else {},
        status=error.status if error else 200,
    )


@router.get("/welcome")
def show_welcome(request: Request, token: str = "") -> Response:
    """Show the form of an invitation or of a link for a new password."""
    try:
        return _welcome_page(request, token)
    except NotFound:
        return _dead(request)


@router.post("/welcome")
def accept(request: Request, token: Field = "", password: Field = "", repeat: Field = "") -> Response:
    """Set the password and sign in."""
    try:
        try:
            _same(password, repeat)
            secret = sign_in.accept(token, password, ip=client_ip(request.scope), agent=_agent(request))
        except Invalid as error:
            return _welcome_page(request, token, error)
    except NotFound:
        return _dead(request)
    return _enter(request, secret, "/")


def _password_page(request: Request, error: C360Error | None = None) -> Response:
    lang = language_of(request)
    fields = error.texts(lang) if isinstance(error, Invalid) else {}
    if error and not fields and not isinstance(error, TooMany):
        fields = {"old": error.text(lang)}
    return form_page(
        request,
        title=text(lang, "account.password.title"),
        lead=text(lang, "account.password.hint"),
        action=f"/account/password?lang={lang}",
        inputs=[
            Input("old", text(lang, "account.password.old"), "password", complete="current-password"),
            _password(lang, label="account.password.new"),
            Input("repeat", text(lang, "auth.repeat"), "password", complete="new-password"),
        ],
        submit=text(lang, "account.password.save"),
        errors=fields,
        wrong=error.text(lang) if isinstance(error, TooMany) else "",
        status=error.status if error else 200,
    )


@router.get("/account/password")
def show_password(request: Request, session: Session) -> Response:
    """Show the form for a new password of one's own."""
    return _password_page(request)


@router.post("/account/password")
def change_password(
    request: Request, session: Session, old: Field = "", password: Field = "", repeat: Field = ""
) -> Response:
    """Change the password; every session ends and a new one begins."""
    try:
        _same(password, repeat)
        secret = sign_in.change_password(
            session.digest, old, password, ip=client_ip(request.scope), agent=_agent(request)
        )
    except C360Error as error:
        return _password_page(request, error)
    return _enter(request, secret, "/account")
