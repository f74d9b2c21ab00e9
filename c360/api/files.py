"""Files over HTTP: brought and fetched with the session's rights, never shown as part of a page but what we drew."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response, StreamingResponse

from c360.api import bringing
from c360.api.deps import Who
from c360.services import attachments, files, photos, previews, store
from c360.services.files import Opened
from c360.services.uow import ask, perform

router = APIRouter(prefix="/api", tags=["files"])
CLOSED = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PIECE = 256 * 1024
SPAN = re.compile(r"bytes=(\d*)-(\d*)")
Name = Annotated[str, Query(max_length=1000)]


@router.post("/files")
async def bring(who: Who, request: Request, name: Name, customer: UUID | None = None) -> JSONResponse:
    """Keep a file, of a customer or the actor's own until a record takes it."""
    received = await bringing.receive(request, name)
    file_id = await run_in_threadpool(perform, who, files.keep, received, customer)
    return JSONResponse({"id": str(file_id), "name": received.name, "size": received.size}, 201)


@router.post("/attachments/{entity}/{record_id}")
async def attach(
    who: Who,
    entity: Annotated[str, Path(max_length=40)],
    record_id: UUID,
    request: Request,
    name: Name,
    to: UUID | None = None,
    comment: Annotated[str, Query(max_length=2000)] = "",
) -> JSONResponse:
    """Put a file on a record, as a new version of ``to`` or of the file with this name."""
    await run_in_threadpool(ask, who, attachments.require, entity, record_id)
    received = await bringing.receive(request, name)
    made = await run_in_threadpool(perform, who, attachments.attach, entity, record_id, received, comment, to)
    return JSONResponse({"id": str(made.id), "name": made.name, "number": made.number}, 201)


@router.get("/files/{file_id}")
def fetch(who: Who, file_id: UUID, request: Request) -> Response:
    """Send a file, or a span of it, as something to save; a photo the app has drawn itself may be shown."""
    asked = SPAN.fullmatch(request.headers.get("range", "").replace(" ", ""))
    found = ask(who, files.fetch, file_id, log=asked is None or asked[1] == "0")
    tag = f'"{found.sha256}"'
    headers = {**CLOSED, "Content-Disposition": _named(found), "Accept-Ranges": "bytes", "ETag": tag}
    media_type = found.media_type if found.inline else "application/octet-stream"
    span = _span(asked, found.size) if asked and request.headers.get("if-range", tag) == tag else None
    if span is None:
        headers["Content-Length"] = str(found.size)
        return StreamingResponse(_parts(found, 0, found.size), media_type=media_type, headers=headers)
    start, end = span
    if start >= end:
        return Response(status_code=416, headers={**CLOSED, "Content-Range": f"bytes */{found.size}"})
    headers |= {"Content-Range": f"bytes {start}-{end - 1}/{found.size}", "Content-Length": str(end - start)}
    return StreamingResponse(_parts(found, start, end), 206, media_type=media_type, headers=headers)


@router.get("/files/{file_id}/preview")
def preview(who: Who, file_id: UUID, page: Annotated[int, Query(ge=1, le=100_000)] = 1) -> Response:
    """Send a picture of a file, drawn anew: of a PDF one page."""
    found = ask(who, files.fetch, file_id, log=page == 1)
    drawn = previews.draw(found, page)
    headers = {**CLOSED, "X-Pages": str(drawn.pages), "Content-Disposition": 'inline; filename="preview.webp"'}
    return Response(drawn.picture, media_type="image/webp", headers=headers)


@router.post("/customers/{customer_id}/photo")
async def hang(who: Who, customer_id: UUID, request: Request) -> JSONResponse:
    """Draw a picture anew and make it the photo of a customer."""
    raw = bytearray()
    files.expect(int(request.headers.get("content-length") or 0), photos.MOST_BYTES)
    async for part in request.stream():
        raw += part
        files.expect(len(raw), photos.MOST_BYTES)
    received = await run_in_threadpool(photos.redraw, BytesIO(raw))
    file_id = await run_in_threadpool(perform, who, photos.hang, customer_id, received)
    return JSONResponse({"id": str(file_id)}, 201)


@router.delete("/customers/{customer_id}/photo")
def take_down(who: Who, customer_id: UUID) -> JSONResponse:
    """Leave a customer without a photo."""
    perform(who, photos.take_down, customer_id)
    return JSONResponse({})


def _named(found: Opened) -> str:
    kind = "inline" if found.inline else "attachment"
    ascii_name = found.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    return f"{kind}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(found.name, safe='')}"


def _span(asked: re.Match[str], size: int) -> tuple[int, int] | None:
    """Return the first byte asked for and the one after the last; None when nothing sensible was asked."""
    first, last = asked[1], asked[2]
    if not first:
        return (max(size - int(last), 0), size if int(last) else 0) if last else None
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last) + 1, size) if last else size


def _parts(found: Opened, start: int, end: int) -> Iterator[bytes]:
    with store.current().open(found.sha256) as file:
        file.seek(start)
        while start < end and (part := file.read(min(PIECE, end - start))):
            start += len(part)
            yield part
