"""What a route answers when it cannot: the reason as JSON, in the reader's language, never repeating what he sent."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from c360.api import problems
from c360.api.bearer import KEYED
from c360.api.bodies import TooLarge
from c360.api.deps import SCOPE
from c360.core.config import settings
from c360.core.errors import C360Error, Invalid, NotFound
from c360.core.i18n import text
from c360.services.sessions import resolve

FRESH = {"Cache-Control": "no-store"}


def install(app: FastAPI) -> None:
    """Let an app answer expected errors with their status and reason."""
    app.add_exception_handler(C360Error, _expected)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(TooLarge, _too_large)
    app.add_exception_handler(HTTPException, _unknown)


def language_of(request: Request) -> str:
    """Return the user's language, signed in or by a key; for everyone else the browser's first, where we have it."""
    if KEYED in request.scope:
        return request.scope[KEYED].language
    if found := resolve(request.scope.get(SCOPE, "")):
        return found.actor.language
    return "de" if request.headers.get("accept-language", "").lower().startswith("de") else "en"


def _expected(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, C360Error):
        raise error
    language = language_of(request)
    if _of_program(request):
        return problems.of(error, language)
    body: dict[str, Any] = {"error": error.text(language), "key": error.message.key}
    if isinstance(error, Invalid):
        body["fields"] = error.texts(language)
        body |= {"links": links} if (links := error.links()) else {}
    return JSONResponse(body, error.status, headers=FRESH)


def _too_large(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, TooLarge):
        raise error
    if _of_program(request):
        return problems.problem(error.status, "api.large", text(language_of(request), "api.large"))
    mb = int(settings().max_upload_mb)
    body = {"error": text(language_of(request), "file.large", mb=mb), "key": "file.large"}
    return JSONResponse(body, error.status, headers=FRESH)


def _malformed(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    if any(one["loc"][0] == "path" for one in error.errors()):
        return _expected(request, NotFound("error.no_such"))
    if _of_program(request):
        return problems.malformed(error, language_of(request))
    # Only where it does not fit: the values themselves may be personal.
    places = [".".join(str(part) for part in one["loc"]) for one in error.errors()][:20]
    body = {"error": text(language_of(request), "api.malformed"), "key": "api.malformed", "places": places}
    return JSONResponse(body, 422, headers=FRESH)


async def _unknown(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if not _of_program(request):
        return await http_exception_handler(request, error)
    return problems.problem(error.status_code, "api.unknown", HTTPStatus(error.status_code).phrase)


def _of_program(request: Request) -> bool:
    return request.url.path.startswith(problems.PREFIX)
