"""Files over HTTP: brought and fetched with the session's rights, never shown as part of a page but redrawn photos."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import FileResponse, JSONResponse

from c360.api.deps import Who
from c360.services import files, photos
from c360.services.uow import ask, perform

router = APIRouter(prefix="/api", tags=["files"])
CLOSED = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


Part = Annotated[UploadFile, File()]


@router.post("/files")
def bring(who: Who, file: Part, customer: Annotated[UUID | None, Form()] = None) -> JSONResponse:
    """Keep a file, of a customer or the actor's own until a record takes it."""
    received = files.receive(file.filename or "", file.file)
    file_id = perform(who, files.keep, received, customer)
    return JSONResponse({"id": str(file_id), "name": received.name, "size": received.size}, 201)


@router.get("/files/{file_id}")
def fetch(who: Who, file_id: UUID) -> FileResponse:
    """Send a file as something to save; a photo the app has drawn itself may be shown."""
    found = ask(who, files.fetch, file_id)
    kind = "inline" if found.inline else "attachment"
    ascii_name = found.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    named = f"{kind}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(found.name, safe='')}"
    headers = {**CLOSED, "Content-Disposition": named}
    media_type = found.media_type if found.inline else "application/octet-stream"
    return FileResponse(found.path, media_type=media_type, headers=headers)


@router.post("/customers/{customer_id}/photo")
def hang(who: Who, customer_id: UUID, file: Part) -> JSONResponse:
    """Draw a picture anew and make it the photo of a customer."""
    file_id = perform(who, photos.hang, customer_id, photos.redraw(file.file))
    return JSONResponse({"id": str(file_id)}, 201)


@router.delete("/customers/{customer_id}/photo")
def take_down(who: Who, customer_id: UUID) -> JSONResponse:
    """Leave a customer without a photo."""
    perform(who, photos.take_down, customer_id)
    return JSONResponse({})
