"""Durable background work: what a worker can do, by name, and who may have it done.

A workflow is a function that does one chunk: it reads ``job.cursor``, does the next part, moves the cursor and
answers whether there is more. The chunk's data, cursor and progress are one unit of work, so a chunk that runs
again after a crash finds its cursor moved: its effect happens exactly once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from c360.core.actor import Actor, Verb
from c360.models.job import Job
from c360.services.uow import UnitOfWork

Chunk = Callable[[UnitOfWork, Job], bool]
Policy = Callable[[Actor, Mapping[str, Any]], bool]
"""Whether the one who asked may, with the rights of this minute, have work with these arguments done."""


@dataclass(frozen=True, slots=True)
class Work:
    """A workflow: its chunk and its policy, which is asked again before every chunk."""

    chunk: Chunk
    policy: Policy


WORKFLOWS: dict[str, Work] = {}


def workflow(kind: str, policy: Policy) -> Callable[[Chunk], Chunk]:
    """Register a chunk function as the work named ``noun.verb``; without a policy there is none."""

    def named(chunk: Chunk) -> Chunk:
        if WORKFLOWS.setdefault(kind, Work(chunk, policy)).chunk is not chunk:
            raise RuntimeError(f"two workflows are named {kind}")
        return chunk

    return named


def requires(verb: Verb, *entities: str) -> Policy:
    """Let those have it done who may do ``verb`` to some of these entities, else to the one the arguments name."""

    def allows(actor: Actor, arguments: Mapping[str, Any]) -> bool:
        named = str(arguments.get("entity") or (arguments.get("query") or {}).get("entity"))
        kinds = entities or (("contact", "account") if named == "customer" else (named,))
        return any(actor.may(verb, kind) for kind in kinds)

    return allows


def row_by_row(actor: Actor, arguments: Mapping[str, Any]) -> bool:
    """Let whoever asked have it done: the chunk checks the right to each row it touches."""
    return True
