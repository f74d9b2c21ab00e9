"""The calendar of a user over HTTP, for programs that cannot sign in: who knows the secret address may read it."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from c360.services import calendar_feed

router = APIRouter(include_in_schema=False)


@router.get("/calendar.ics")
def calendar(token: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Send the planned activities of whoever made this address."""
    body = calendar_feed.read(token)
    return Response(body, media_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, no-store"})
