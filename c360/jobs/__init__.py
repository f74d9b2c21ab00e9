"""Durable background work: what a worker can do, by name.

A workflow is a function that does one chunk: it reads ``job.cursor``, does the next part, moves the cursor and
answers whether there is more. The chunk's data, cursor and progress are one unit of work, so a chunk that runs
again after a crash finds its cursor moved: its effect happens exactly once.
"""

from collections.abc import Callable

from c360.models.job import Job
from c360.services.uow import UnitOfWork

Chunk = Callable[[UnitOfWork, Job], bool]
WORKFLOWS: dict[str, Chunk] = {}


def workflow(kind: str) -> Callable[[Chunk], Chunk]:
    """Register a chunk function as the work named ``noun.verb``."""

    def named(chunk: Chunk) -> Chunk:
        if WORKFLOWS.setdefault(kind, chunk) is not chunk:
            raise RuntimeError(f"two workflows are named {kind}")
        return chunk

    return named
