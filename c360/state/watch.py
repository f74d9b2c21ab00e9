"""Follow a job of the worker from a page."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from c360.core.actor import Actor
from c360.services import queue
from c360.services.queue import Progress
from c360.services.uow import ask
from c360.state.session import off_the_loop

EVERY = 0.7
"""Seconds between two looks."""


async def watch(actor: Actor, job_id: UUID) -> AsyncIterator[Progress]:
    """Yield how far a job is until it has ended; the last look is the end."""
    while True:
        progress = await off_the_loop(lambda: ask(actor, queue.progress, job_id))
        yield progress
        if not progress.open:
            return
        await asyncio.sleep(EVERY)
