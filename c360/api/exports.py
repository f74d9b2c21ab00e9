"""Exports over HTTP: asked for with the session's rights, fetched by the one who asked."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from c360.api.deps import Who
from c360.services import access_log, auditing, exports
from c360.services.auditing import Filter
from c360.services.uow import ask, perform

router = APIRouter(prefix="/api", tags=["exports"])
Name = Annotated[str, Query(max_length=80)]
CLOSED = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


class Wanted(BaseModel):
    """A list to write to a file."""

    model_config = ConfigDict(strict=True, extra="forbid")
    query: Annotated[dict[str, Any], Field(max_length=20)]
    format: Literal["csv", "xlsx"] = "csv"


@router.post("/exports")
def begin(wanted: Wanted, who: Who) -> JSONResponse:
    """Ask for a list as a file; the answer says where it will be and whether it is there."""
    ticket = perform(who, exports.begin, wanted.query, wanted.format)
    told = {"id": str(ticket.id), "ready": ticket.ready, "rows": ticket.rows, "href": ticket.href}
    told |= {"left_out": ticket.left_out}
    return JSONResponse(told, 201, headers={"Cache-Control": "no-store"})


@router.get("/journal.csv")
def journal(
    who: Who,
    user: UUID | None = None,
    entity: Name = "",
    action: Name = "",
    since: date | None = None,
    until: date | None = None,
) -> StreamingResponse:
    """Send the filtered journal to those who may read it."""
    ask(who, auditing.require)
    headers = {**CLOSED, "Content-Disposition": 'attachment; filename="journal.csv"'}
    lines = auditing.lines(who, Filter(user, entity, action, since, until))
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/access.csv")
def access(
    who: Who,
    user: UUID | None = None,
    record: UUID | None = None,
    act: Name = "",
    since: date | None = None,
    until: date | None = None,
) -> StreamingResponse:
    """Send the filtered access log to those who may read the journal."""
    ask(who, auditing.require)
    headers = {**CLOSED, "Content-Disposition": 'attachment; filename="access.csv"'}
    lines = access_log.lines(who, access_log.Filter(user, record, act, since, until))
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/exports/{job_id}")
def fetch(job_id: UUID, who: Who) -> FileResponse:
    """Send a finished file as something to save."""
    found = perform(who, exports.fetch, job_id)
    return FileResponse(found.path, media_type=found.media_type, filename=found.name, headers=CLOSED)
