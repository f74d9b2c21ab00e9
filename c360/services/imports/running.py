"""Checking and running an import chunk by chunk: data, verdicts, cursor and progress in one transaction.

A check does all a run does inside a savepoint and rolls it back: what it says is what a run would do. Rows of earlier
chunks that its rows meet (the same key, a parent named) are done over before them.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlmodel import col, select

from c360.core.clock import utc_now
from c360.core.errors import Conflict
from c360.models.job import ImportBatch, ImportRow, Job
from c360.services import undo
from c360.services.imports import files, trace
from c360.services.imports.plan import from_json
from c360.services.imports.processing import process
from c360.services.imports.rows import CREATED, UPDATED, VERDICTS, Outcome, Raw, Setting, count
from c360.services.imports.shapes import require, shape_of
from c360.services.uow import UnitOfWork

CHECK, RUN, MEND, UNDO = "import.check", "import.run", "import.mend", "import.undo"
KINDS = (CHECK, RUN, MEND)
CHUNK = 1_000
SAMPLES = 20
KEPT_WORDS = 200
MENDED = "mended"
"""The verdict of a row a person has mended or decided and that waits for its turn."""


def step(uow: UnitOfWork, job: Job) -> bool:
    """Do the next chunk of a check, a run, or a run of the mended rows; answer whether there is more."""
    batch = uow.get("import_batch", UUID(str(job.arguments["batch"])))
    require(uow, batch.entity)
    if job.cursor == 0 and job.done == 0:
        _begin(uow, batch, job)
    raws, cursor, more = _mended(uow, batch, job) if job.kind == MEND else _from_file(uow, batch, job)
    with trace.opened(batch.file_key, _phase(job), anew=job.cursor == 0 and job.kind != MEND) as said:
        setting = Setting(
            from_json(batch.options), files.sheet(batch.file_key).names, bool(job.arguments.get("demo")),
            datetime.fromisoformat(batch.counts.get("began", batch.created_at.isoformat())), said.first,
        )  # fmt: skip
        outcomes = _tried(uow, batch, setting, raws, said) if job.kind == CHECK else process(uow, setting, raws)
        starts = {raw.number: raw.start for raw in raws}
        for outcome in outcomes:
            said.note(trace.Place(outcome.number, starts[outcome.number]), outcome.says)
    counts = _tally(batch, job, outcomes)
    if job.kind == MEND:
        _forget(uow, batch.id, [raw.number for raw in raws])
    _keep(uow, batch.id, outcomes, all_rows=job.kind != CHECK)
    job.cursor, job.done = cursor, job.done + len(raws)
    state = batch.state if more else {CHECK: "checked", RUN: "done", MEND: "done"}[job.kind]
    _progress(uow, batch, state=state, counts=counts)
    if job.kind != CHECK:
        uow.log(f"{batch.entity}.imported", batch=str(batch.id), **count(outcomes))
    if not more and job.kind != CHECK:
        shape_of(batch.entity).after(uow, batch.entity)
    if not more:
        job.result = {
            "href": f"/imports/{batch.id}",
            **{v: counts["check" if job.kind == CHECK else "run"][v] for v in VERDICTS},
        }
    return more


def undo_step(uow: UnitOfWork, job: Job) -> bool:
    """Undo the next change set of an import, the newest first; what was edited since is named, not overwritten."""
    acts = [str(act) for act in job.arguments["acts"]]
    result: dict[str, Any] = dict(job.result or {"restored": 0, "kept": 0, "conflicts": [], "act": 0})
    at = int(result.pop("act"))
    if at < len(acts):
        part = Job(kind=UNDO, arguments={"act": acts[at]}, result=result, done=job.done, cursor=job.cursor, total=1)
        at += not undo.step(uow, part)
        job.result, job.done, job.cursor = {**(part.result or result), "act": at}, part.done, part.cursor
    batch = uow.get("import_batch", UUID(str(job.arguments["batch"])))
    if at < len(acts):
        return True
    told = {name: (job.result or {})[name] for name in ("restored", "kept", "conflicts")}
    job.result = {**told, "href": f"/imports/{batch.id}"}
    _progress(uow, batch, state="undone", undone_at=utc_now(), counts={**batch.counts, "undo": told})
    return False


def _begin(uow: UnitOfWork, batch: ImportBatch, job: Job) -> None:
    """Start over: what an earlier check found out goes, what a person mended stays."""
    if job.kind == RUN and batch.counts.get("run"):
        raise Conflict("import.ran")
    phase, rows = _phase(job), files.sheet(batch.file_key).rows
    blank: dict[str, Any] = dict.fromkeys(VERDICTS, 0)
    if job.kind == MEND:
        waiting = select(ImportRow.number).where(ImportRow.batch_id == batch.id, ImportRow.verdict == MENDED)
        job.total = len(uow.session.exec(waiting).all())
        counts, state = dict(batch.counts), "running"
    else:
        job.total = rows
        gone = delete(ImportRow).where(col(ImportRow.batch_id) == batch.id, col(ImportRow.verdict) != MENDED)
        uow.session.execute(gone)
        counts = {**batch.counts, "began": utc_now().isoformat()}
        counts |= {phase: {**blank, "samples": [], "unknown": {}, "reasons": {}}}
        state = "checking" if job.kind == CHECK else "running"
    if job.kind != CHECK:
        counts["jobs"] = [*counts.get("jobs", []), str(job.id)]
    _progress(uow, batch, state=state, counts=counts, job_id=job.id)


def _phase(job: Job) -> str:
    return "check" if job.kind == CHECK else "run"


def _from_file(uow: UnitOfWork, batch: ImportBatch, job: Job) -> tuple[list[Raw], int, bool]:
    """Return the next rows of the file, those a person mended in the form he gave them."""
    lines = list(files.lines(batch.file_key, job.cursor, CHUNK))
    if not lines:
        return [], job.cursor, False
    raws = _raws(uow, batch.id, lines)
    if job.kind == RUN:
        _forget(uow, batch.id, [raw.number for raw in raws if raw.mended])
    return raws, lines[-1].offset, len(lines) == CHUNK


def _raws(uow: UnitOfWork, batch_id: UUID, lines: Sequence[files.Line]) -> list[Raw]:
    """Return rows of the file, those a person mended as he did."""
    numbers = [line.number for line in lines]
    mended: dict[int, ImportRow] = {}
    for i in range(0, len(numbers), 500):
        some = col(ImportRow.number).in_(numbers[i : i + 500])
        query = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.verdict == MENDED, some)
        mended |= {row.number: row for row in uow.session.exec(query)}
    return [
        _raw(mended[line.number], line.start)
        if line.number in mended
        else Raw(line.number, line.cells, joined=line.joined, start=line.start)
        for line in lines
    ]


def _mended(uow: UnitOfWork, batch: ImportBatch, job: Job) -> tuple[list[Raw], int, bool]:
    query = select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.verdict == MENDED)
    rows = uow.session.exec(query.order_by(col(ImportRow.number)).limit(CHUNK)).all()
    return [_raw(row) for row in rows], job.cursor + len(rows), len(rows) == CHUNK


def _raw(row: ImportRow, start: int = 0) -> Raw:
    decision = next((r["decision"] for r in row.reasons if "decision" in r), "")
    return Raw(row.number, list(row.cells or []), decision, start=start, mended=True)


def _tried(uow: UnitOfWork, batch: ImportBatch, setting: Setting, raws: list[Raw], said: trace.Trace) -> list[Outcome]:
    """Do it, look at what came of it, and take it back; rows above that these depend on are done over before them."""
    first = raws[0].number if raws else 0
    above: set[trace.Place] = set()
    while True:
        lines = [line for place in above for line in files.lines(batch.file_key, place.start, 1)]
        over = sorted(_raws(uow, batch.id, lines), key=lambda raw: raw.number)
        outcomes = _taken_back(uow, setting, [*over, *raws])
        wanted = set().union(*(outcome.wants for outcome in outcomes))
        more = said.above(wanted, first) - above
        if not more:
            return [outcome for outcome in outcomes if outcome.number >= first]
        above |= more


def _taken_back(uow: UnitOfWork, setting: Setting, raws: list[Raw]) -> list[Outcome]:
    rows, touched = {k: dict(row) for k, row in uow.draft.rows.items()}, set(uow.draft.customers)
    nested = uow.session.begin_nested()
    try:
        return process(uow, setting, raws)
    finally:
        nested.rollback()
        uow.draft.rows, uow.draft.customers = rows, touched


def _tally(batch: ImportBatch, job: Job, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the batch's counts with those of a chunk added; a mended row no longer counts as what it was."""
    phase = "check" if job.kind == CHECK else "run"
    was = batch.counts[phase]
    counts = {v: was[v] + n for v, n in count(outcomes).items()}
    if job.kind == MEND:
        before = Counter(batch.counts.get("waiting", {}))
        for verdict in ("rejected", "skipped"):
            counts[verdict] -= before.pop(verdict, 0)
    samples = list(was["samples"])
    shown = (o for o in outcomes if o.verdict in (CREATED, UPDATED))
    for outcome in shown:
        if len(samples) >= SAMPLES:
            break
        samples.append(
            {"number": outcome.number, "verdict": outcome.verdict, "name": outcome.name, "diff": outcome.diff}
        )
    unknown = {column: dict(words) for column, words in was["unknown"].items()}
    reasons = Counter(was["reasons"])
    for outcome in outcomes:
        for reason in outcome.reasons:
            reasons[reason["key"]] += 1
            if reason["key"] == "import.option.unknown":
                words = unknown.setdefault(reason["column"], {})
                if len(words) < KEPT_WORDS or reason["params"]["value"] in words:
                    words[reason["params"]["value"]] = words.get(reason["params"]["value"], 0) + 1
    counts |= {"samples": samples, "unknown": unknown, "reasons": dict(reasons)}
    return {**batch.counts, phase: counts, "waiting": {}}


def _keep(uow: UnitOfWork, batch_id: UUID, outcomes: Sequence[Outcome], *, all_rows: bool) -> None:
    """Write down the verdicts; cells are kept only where a person may still mend or decide."""
    rows = [
        {
            "batch_id": batch_id, "number": o.number, "verdict": o.verdict, "reasons": o.reasons,
            "cells": o.cells if o.ask else None, "record_id": o.record_id,
        }
        for o in outcomes
        if all_rows or o.ask
    ]  # fmt: skip
    if rows:
        _forget(uow, batch_id, [row["number"] for row in rows] if not all_rows else [])
        uow.session.execute(insert(ImportRow.__table__), rows)  # pyright: ignore[reportAttributeAccessIssue]


def _forget(uow: UnitOfWork, batch_id: UUID, numbers: Sequence[int]) -> None:
    for i in range(0, len(numbers), 500):
        gone = delete(ImportRow).where(
            col(ImportRow.batch_id) == batch_id, col(ImportRow.number).in_(numbers[i : i + 500])
        )
        uow.session.execute(gone)


def _progress(uow: UnitOfWork, batch: ImportBatch, **values: Any) -> None:
    """Move the batch on; progress is no change a person made, so the journal does not tell of it."""
    table = ImportBatch.__table__  # pyright: ignore[reportAttributeAccessIssue]
    uow.session.execute(update(table).where(table.c.id == batch.id).values(**values))
    uow.session.refresh(batch)
