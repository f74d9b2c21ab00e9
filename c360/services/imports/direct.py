"""Importing without a worker: the command line and the demo drive the same chunks themselves."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from c360.core.actor import Actor
from c360.core.db import learn_sizes
from c360.models.job import Job
from c360.services.imports import batches, files, guess, leaving, running
from c360.services.imports.plan import from_json
from c360.services.uow import ask, perform, unit_of_work

Report = Callable[[int, int], Any]
"""Told after every chunk how many rows are done, of how many."""


def run_file(
    actor: Actor,
    path: Path,
    entity: str,
    *,
    mapping: Mapping[str, Any] | None = None,
    match: str = "",
    on_match: str = "",
    reason: str = "",
    source: str = "",
    on_duplicate: str = "",
    dry_run: bool = False,
    demo: bool = False,
    report: Report = lambda done, total: None,
) -> dict[str, Any]:
    """Import a file of this machine and return the counts, the batch's id and the first problems."""
    key = files.take(path)
    files.read(key, path.name)
    batch_id = perform(actor, batches.start, entity, key, path.name)
    plan = ask(actor, lambda uow: batches.plan_of(batches.batch_of(uow, batch_id)))
    plan = guess.adopt(plan, from_json({**mapping, "entity": entity})) if mapping else plan
    said = {"match": match, "on_match": on_match, "reason": reason, "source": source, "on_duplicate": on_duplicate}
    plan = replace(plan, **{name: value for name, value in said.items() if value})
    perform(actor, batches.set_plan, batch_id, plan.to_json())
    ask(actor, leaving.check, plan)
    drive(actor, batch_id, running.CHECK if dry_run else running.RUN, demo=demo, report=report)
    return ask(actor, _summary, batch_id, "check" if dry_run else "run")


def drive(
    actor: Actor, batch_id: UUID, kind: str, *, demo: bool = False, report: Report = lambda done, total: None
) -> Job:
    """Do every chunk of a check, a run, or a run of mended rows, each in a transaction of its own."""
    job = Job(kind=kind, arguments={"batch": str(batch_id), "demo": demo}, user_id=actor.user_id)
    more = True
    while more:
        with unit_of_work(actor, cause_id=job.id) as uow:
            more = running.step(uow, job)
        learn_sizes()
        report(job.done, job.total)
    return job


def undo(actor: Actor, batch_id: UUID, report: Report = lambda done, total: None) -> dict[str, Any]:
    """Undo an import chunk by chunk and return how many rows were restored and which were not."""
    acts = ask(actor, lambda uow: list(batches.batch_of(uow, batch_id).counts.get("jobs", [])))[::-1]
    job = Job(kind=running.UNDO, arguments={"batch": str(batch_id), "acts": acts}, user_id=actor.user_id)
    more = True
    while more:
        with unit_of_work(actor, cause_id=job.id) as uow:
            more = running.undo_step(uow, job)
        learn_sizes()
        report(job.done, job.total)
    return job.result or {}


def _summary(uow: Any, batch_id: UUID, phase: str) -> dict[str, Any]:
    batch = batches.batch_of(uow, batch_id)
    counts = batch.counts[phase]
    rows = files.sheet(batch.file_key).rows
    shown = [{"row": p.number, "reasons": p.reasons} for p in batches.problems(uow, batch_id, limit=20)]
    numbers = {verdict: counts[verdict] for verdict in running.VERDICTS}
    return {"batch": str(batch_id), "rows": rows, **numbers, "samples": counts["samples"], "problems": shown}
