"""Uploading a file to import, and downloading the rows that were not taken."""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, StreamingResponse

from c360.api.deps import Who
from c360.core.actor import Actor, Verb
from c360.core.errors import Forbidden, TooMany
from c360.services.imports import batches, errors, files
from c360.services.imports.shapes import SHAPES, permits
from c360.services.uow import ask, perform, unit_of_work

router = APIRouter(prefix="/api/imports", tags=["imports"])
FRESH = {"Cache-Control": "no-store"}


@router.post("/{entity}")
async def upload(
    entity: str, request: Request, who: Who, name: Annotated[str, Query(min_length=1, max_length=300)]
) -> JSONResponse:
    """Take in a file as it arrives, read it, guess its mapping; answer the import's id."""
    if entity not in SHAPES or not permits(who, entity):
        raise Forbidden("error.forbidden", verb=Verb.IMPORT.value, entity=entity[:40])
    if int(request.headers.get("content-length") or 0) > files.most_bytes():
        raise TooMany("import.file.big", mb=files.most_bytes() // 1_000_000)
    key = await files.receive(request.stream())
    try:
        batch_id = await run_in_threadpool(_start, who, entity, key, name)
    except BaseException:  # What could not be read is not kept, whatever the reason.
        files.discard(key)
        raise
    return JSONResponse({"id": str(batch_id)}, headers=FRESH)


def _start(who: Actor, entity: str, key: str, name: str) -> UUID:
    files.read(key, name)
    return perform(who, batches.start, entity, key, name)


@router.get("/{batch_id}/errors")
def error_file(batch_id: UUID, who: Who) -> StreamingResponse:
    """Return the rows that were not taken, in the file's own columns, with what is wrong."""
    name = ask(who, batches.batch_of, batch_id).file_name.rpartition(".")[0]
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in name)[:60] or "import"
    headers = {**FRESH, "Content-Disposition": f'attachment; filename="{plain}-problems.csv"'}
    return StreamingResponse(_lines(who, batch_id), media_type="text/csv; charset=utf-8", headers=headers)


def _lines(who: Actor, batch_id: UUID) -> Iterator[str]:
    with unit_of_work(who, reads=True) as uow:
        uow.saw("export", "import_batch", batch_id)
        yield from errors.lines(uow, batch_id)
