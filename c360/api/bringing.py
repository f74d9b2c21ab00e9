"""Files on their way in: taken part by part as they come, in constant memory, off the event loop."""

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from c360.services import files
from c360.services.files import CHUNK, Received


async def receive(request: Request, name: str, most: int | None = None) -> Received:
    """Put the body of a request into the store; ``Invalid`` before or while it comes, and nothing of it stays."""
    files.expect(int(request.headers.get("content-length") or 0), most)
    new = await run_in_threadpool(files.Incoming, name, most=most)
    try:
        waiting = bytearray()
        async for part in request.stream():
            waiting += part
            if len(waiting) >= CHUNK:
                await run_in_threadpool(new.write, bytes(waiting))
                waiting.clear()
        await run_in_threadpool(new.write, bytes(waiting))
        return await run_in_threadpool(new.finish)
    finally:
        new.discard()
