"""Whether the server lives, and whether it can work; without a word more."""

from fastapi import APIRouter
from sqlalchemy import text
from starlette.responses import PlainTextResponse

from c360.core.db import engine

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def alive() -> PlainTextResponse:
    """Answer as long as the process does."""
    return PlainTextResponse("ok")


@router.get("/readyz")
def ready() -> PlainTextResponse:
    """Answer 200 when the database does, 503 otherwise."""
    try:
        with engine().connect() as connection:
            connection.execute(text("SELECT 1"))
    except Exception:  # Whatever is wrong, the caller only learns that it is not ready.
        return PlainTextResponse("not ready", 503)
    return PlainTextResponse("ready")
