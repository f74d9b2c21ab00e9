"""What a program is told when something cannot be done: RFC 9457 problem details, never repeating what it sent."""

from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from c360.core.errors import C360Error, Conflict, Invalid
from c360.core.i18n import text
from c360.services.duplicates.check import Found
from c360.services.programs_writing import Folded, Refused

PREFIX = "/api/v1/"
"""Where programs are answered; people's pages ask elsewhere."""
MOST_PLACES = 20


class Problem(JSONResponse):
    """An answer in the form of RFC 9457."""

    media_type = "application/problem+json"


def problem(status: int, code: str, detail: str, **more: Any) -> Problem:
    """Return a problem; ``code`` names it for a program, ``detail`` says it to a person."""
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code, **more}
    headers = {"Cache-Control": "no-store"}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = "60"
    return Problem(body, status, headers=headers)


def of(error: C360Error, language: str) -> Problem:
    """Return an expected failure as a problem: with fields and reasons, with both sides of a conflict."""
    more: dict[str, Any] = {}
    if isinstance(error, Invalid):
        more["errors"] = [{"field": name, "reason": said} for name, said in error.texts(language).items()]
    if isinstance(error, Conflict) and error.version is not None:
        more["version"] = error.version
    if isinstance(error, Conflict) and error.clashes:
        more["conflicts"] = [
            {"field": one.field, "base": one.base, "mine": one.mine, "theirs": one.theirs} for one in error.clashes
        ]
    if isinstance(error, Refused):
        more |= likely(error.found)
    if isinstance(error, Folded):
        more["merged_into"] = str(error.survivor_id)
    return problem(error.status, error.message.key, error.text(language), **more)


def likely(found: Found) -> dict[str, Any]:
    """Return who is like a record: those the program may see with the reasons, and how many others there are."""
    told = [{"id": one.id, "name": one.name, "score": round(one.score, 4), "sure": one.sure, "why": one.why}
            for one in found.likely]  # fmt: skip
    return {"duplicates": told, "hidden": found.hidden}


def malformed(error: RequestValidationError, language: str) -> Problem:
    """Return what does not fit the description as a problem: where, and in what way."""
    found = [
        {"field": ".".join(str(part) for part in one["loc"][1:]) or str(one["loc"][0]), "reason": str(one["type"])}
        for one in error.errors()[:MOST_PLACES]
    ]
    return problem(422, "api.malformed", text(language, "api.malformed"), errors=found)
