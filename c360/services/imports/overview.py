"""An import as a page shows it: plain text and numbers, in the reader's language."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.errors import NotFound
from c360.core.i18n import text
from c360.models.job import ImportBatch, ImportRow
from c360.query.expressions import plain
from c360.registry.entity import entity_for
from c360.services import picks, queue, references
from c360.services.imports import batches, errors, files, running
from c360.services.imports.plan import Plan
from c360.services.imports.shapes import shape_of
from c360.services.imports.target import Target
from c360.services.imports.words import Words
from c360.services.uow import UnitOfWork

GROUPS = ("customers", "fields", "custom", "address", "reach", "person", "other")
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Overview:
    """One import, whole."""

    id: str
    entity: str
    file: str
    state: str
    made: str
    kind: str
    rows: int
    joined: int
    plan: Plan
    columns: list[dict[str, Any]]
    targets: list[dict[str, str]]
    matches: list[dict[str, str]]
    counts: dict[str, int]
    phase: str
    samples: list[dict[str, Any]]
    reasons: list[dict[str, Any]]
    unknown: list[dict[str, Any]]
    problems: list[dict[str, Any]]
    problem_count: int
    mended: int
    done: int
    total: int
    job: str
    job_id: str
    error: str
    undone: dict[str, Any]
    gone: bool = False
    missing: list[str] = field(default_factory=list)
    reading: dict[str, str] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)
    made_of: list[dict[str, Any]] = field(default_factory=list)
    why: list[dict[str, str]] = field(default_factory=list)
    """The reasons for which records can be made inactive."""


def overview(uow: UnitOfWork, batch_id: UUID, page: int = 0) -> Overview:
    """Return everything the page of an import shows."""
    batch = batches.batch_of(uow, batch_id)
    plan, lang = batches.plan_of(batch), uow.actor.language
    try:
        sheet, gone = files.sheet(batch.file_key), False
    except NotFound:
        sheet, gone = files.Sheet("", (), 0), True
    shape = shape_of(batch.entity)
    known = shape.targets(uow, batch.entity)
    phase = "run" if batch.counts.get("run") else "check" if batch.counts.get("check") else ""
    counts = batch.counts.get(phase, {})
    job = queue.known(uow, batch.job_id)
    return Overview(
        id=str(batch.id), entity=batch.entity, file=batch.file_name, state=batch.state,
        made=plain(batch.created_at), kind=sheet.kind, rows=sheet.rows, joined=sheet.joined, plan=plan,
        columns=[_column(plan, i, column) for i, column in enumerate(sheet.columns)],
        targets=_options(known, lang),
        matches=[{"key": key, "label": label} for key, label in shape.match_keys(uow, batch.entity).items()],
        counts={verdict: counts.get(verdict, 0) for verdict in running.VERDICTS} if phase else {},
        phase=phase, samples=[_sample(known, lang, sample) for sample in counts.get("samples", ())],
        reasons=_reasons(lang, counts.get("reasons", {})),
        unknown=_unknown(uow, batch, plan, known, counts.get("unknown", {})),
        problems=[_problem(lang, p, len(sheet.columns)) for p in batches.problems(uow, batch_id, page * SHOWN, SHOWN)],
        problem_count=batches.problem_count(uow, batch_id),
        mended=batches.problem_count(uow, batch_id, running.MENDED),
        done=job.done if job else 0, total=job.total if job else 0, job=job.state if job else "",
        job_id=str(batch.job_id or ""),
        error=(job.error or "") if job else "", undone=batch.counts.get("undo", {}), gone=gone,
        missing=shape.missing(plan, known), reading=_reading(sheet), sheets=list(sheet.sheets),
        made_of=_records(uow, batch) if phase == "run" and batch.undone_at is None else [],
        why=[{"key": option.value, "label": option.label} for option in picks.live(uow, "inactive_reason")],
    )  # fmt: skip


def _reading(sheet: files.Sheet) -> dict[str, str]:
    """Return how a file was read, as a person may say it otherwise."""
    return {
        "encoding": sheet.encoding, "delimiter": sheet.delimiter, "sheet": sheet.sheet, "header": str(sheet.header_row),
    }  # fmt: skip


def _records(uow: UnitOfWork, batch: ImportBatch) -> list[dict[str, Any]]:
    """Return the first records an import made or changed, those the reader may open on a page of theirs."""
    if not entity_for(batch.entity).path:
        return []
    rows = select(ImportRow.number, ImportRow.verdict, ImportRow.record_id).where(
        ImportRow.batch_id == batch.id, col(ImportRow.verdict).in_(("created", "updated"))
    )
    found = uow.session.exec(rows.order_by(col(ImportRow.number)).limit(SHOWN)).all()
    titles = references.titles(uow, batch.entity, [record_id for _, _, record_id in found if record_id])
    return [
        {"number": number, "verdict": verdict, "name": titles[record_id], "href": f"/{batch.entity}/{record_id}"}
        for number, verdict, record_id in found
        if record_id and record_id in titles
    ]


def _column(plan: Plan, at: int, column: files.Column) -> dict[str, Any]:
    planned = plan.column(column.name)
    return {
        "index": at, "name": column.name, "samples": " · ".join(column.samples[:3])[:160], "filled": column.filled,
        "target": planned.target if planned else "", "sure": round((planned.confidence if planned else 0) * 100),
        "empty": ", ".join(planned.empty) if planned else "", "nulls": ", ".join(column.nulls),
    }  # fmt: skip


def _options(known: dict[str, Target], lang: str) -> list[dict[str, str]]:
    ordered = sorted(known.values(), key=lambda target: (GROUPS.index(target.group), target.label.casefold()))
    return [
        {"key": t.key, "label": t.label + (" *" if t.required else ""), "group": text(lang, f"import.group.{t.group}")}
        for t in ordered
    ]


def _sample(known: dict[str, Target], lang: str, sample: dict[str, Any]) -> dict[str, Any]:
    told = []
    for change in sample.get("diff", ()):
        target = known.get(change["field"])
        label = target.label if target else text(lang, f"import.change.{change['field']}", default=change["field"])
        told.append(f"{label}: {change['before'] or '–'} → {change['after'] or '–'}")
    return {"number": sample["number"], "verdict": sample["verdict"], "name": sample["name"], "diff": told}


def _reasons(lang: str, reasons: dict[str, int]) -> list[dict[str, Any]]:
    blank = {"field": "…", "value": "…", "name": "…", "max": "…", "row": "…", "why": "…", "n": "…"}
    ordered = sorted(reasons.items(), key=lambda item: -item[1])
    told = [{"text": _sentence(lang, key, blank), "n": n} for key, n in ordered]
    return [reason for reason in told if reason["text"]]


def _sentence(lang: str, key: str, params: dict[str, Any]) -> str:
    blank = {name: value for name, value in params.items() if name != "n"}
    try:
        return text(lang, key, **blank)
    except KeyError:
        return ""


def _unknown(
    uow: UnitOfWork, batch: ImportBatch, plan: Plan, known: dict[str, Target], found: dict[str, dict[str, int]]
) -> list[dict[str, Any]]:
    """Return words that are no option yet, each with the options it may mean."""
    if not found:
        return []
    words = Words(uow, batch.entity)
    rows: list[dict[str, Any]] = []
    for column, counted in found.items():
        planned = plan.column(column)
        target = known.get(planned.target) if planned else None
        spec = target.spec if target else None
        if spec is None or planned is None:
            continue
        names = words.names(spec)
        for word, n in sorted(counted.items(), key=lambda item: -item[1])[:50]:
            if word not in planned.words:
                rows.append({"column": column, "word": word, "n": n, "options": names})
    return rows


def _problem(lang: str, problem: batches.Problem, width: int) -> dict[str, Any]:
    cells = [*problem.cells, *[""] * (width - len(problem.cells))]
    return {
        "number": problem.number, "verdict": problem.verdict, "cells": cells,
        "why": errors.sentences(lang, problem.reasons), "like": problem.record_id is not None,
        "record": str(problem.record_id or ""),
        "bad": [reason["column"] for reason in problem.reasons if reason.get("column")],
    }  # fmt: skip


def listed(uow: UnitOfWork) -> list[dict[str, Any]]:
    """Return the actor's imports as a list shows them."""
    return [
        {
            "id": str(batch.id), "file": batch.file_name, "entity": batch.entity, "state": batch.state,
            "made": plain(batch.created_at),
            **{v: batch.counts.get("run", {}).get(v, 0) for v in running.VERDICTS},
        }
        for batch in batches.recent(uow)
    ]  # fmt: skip
