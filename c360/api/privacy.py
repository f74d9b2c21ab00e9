"""The access file over HTTP: made for whoever may give it out, at the moment it is asked for, and kept nowhere."""

import tempfile
from collections.abc import Iterator
from typing import IO
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from c360.api.deps import Who
from c360.services.privacy import access
from c360.services.uow import perform

router = APIRouter(prefix="/api/privacy", tags=["privacy"])
PART = 1 << 18


@router.get("/{request_id}/data.zip")
def data(request_id: UUID, who: Who) -> StreamingResponse:
    """Send everything kept about the person a request is of, as JSON and as a page, with the files."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed once the answer is sent
    try:
        perform(who, access.write, request_id, file)
    except BaseException:
        file.close()
        raise
    size = file.tell()
    file.seek(0)
    headers = {
        "Content-Disposition": f'attachment; filename="data-{request_id.hex[-8:]}.zip"',
        "Content-Length": str(size),
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(_parts(file), media_type="application/zip", headers=headers)


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while part := file.read(PART):
            yield part
