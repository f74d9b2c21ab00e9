"""What a person does with an import: upload, map, check, mend, run, undo, look at what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col, func, select

from c360.core.actor import Verb
from c360.core.errors import Conflict, Invalid
from c360.models.job import ImportBatch, ImportRow, ImportTemplate
from c360.services import queue
from c360.services.imports import files, guess, leaving, running
from c360.services.imports.plan import Plan, from_json
from c360.services.imports.shapes import SHAPES, require, shape_of
from c360.services.uow import UnitOfWork

OPEN = ("mapping", "checked", "checking")
BUSY = ("checking", "running", "undoing")
KEPT = 24 * 3600
"""Seconds an uploaded file lies here after it was last touched: it may hold many people's data."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row a person may mend or decide: its cells in the file's columns and why it stopped."""

    number: int
    verdict: str
    cells: list[str]
    reasons: list[dict[str, Any]]
    record_id: UUID | None


def start(uow: UnitOfWork, entity: str, key: str, name: str) -> UUID:
    """Take in an uploaded file that was read: its mapping is guessed, or taken from a saved one that fits."""
    if entity not in SHAPES:
        raise Invalid.field("entity", "import.plan.bad", what="entity")
    require(uow, entity)
    plan = replace(_guessed(uow, entity, key), source=name.rpartition(".")[0][:100] or name[:100])
    for saved in templates(uow, entity):
        if guess.fits(plan, (known := from_json(saved.options))):
            plan = guess.adopt(plan, known)
            break
    batch = ImportBatch(
        entity=entity, file_name=name[:300], file_key=key, options=plan.to_json(), owner_id=_me(uow),
    )  # fmt: skip
    uow.add(batch)
    return batch.id


def _guessed(uow: UnitOfWork, entity: str, key: str) -> Plan:
    shape = shape_of(entity)
    plan = guess.guess(entity, files.sheet(key), shape.targets(uow, entity), shape.synonyms)
    return plan if plan.match else replace(plan, match=shape.match)


def _me(uow: UnitOfWork) -> UUID:
    if uow.actor.user_id is None:
        raise Invalid.field("owner_id", "import.owner.none")
    return uow.actor.user_id


def batch_of(uow: UnitOfWork, batch_id: UUID) -> ImportBatch:
    """Return an import of the actor's own."""
    return uow.get("import_batch", batch_id)


def recent(uow: UnitOfWork, limit: int = 50) -> list[ImportBatch]:
    """Return the actor's imports, the newest first."""
    return list(uow.session.exec(uow.select("import_batch").order_by(col(ImportBatch.created_at).desc()).limit(limit)))


def set_plan(uow: UnitOfWork, batch_id: UUID, given: Mapping[str, Any]) -> None:
    """Keep how a file is to be imported."""
    batch = uow.get("import_batch", batch_id, Verb.UPDATE)
    if batch.state not in OPEN:
        raise Conflict("import.ran")
    plan = from_json({**given, "entity": batch.entity})
    shape = shape_of(plan.entity)
    known = shape.targets(uow, plan.entity)
    used: set[str] = set()
    for column in (c for c in plan.columns if c.target):
        if column.target not in known:
            raise Invalid.field(column.column, "import.target.unknown", target=column.target)
        if column.target in used and not known[column.target].many:
            raise Invalid.field(column.column, "import.target.twice", target=known[column.target].label)
        used.add(column.target)
    if plan.match and plan.match not in shape.match_keys(uow, plan.entity):
        raise Invalid.field("match", "import.plan.bad", what=plan.match)
    if plan.on_match not in shape.on_match:
        raise Invalid.field("on_match", "import.plan.bad", what=plan.on_match)
    batch.options = plan.to_json()
    batch.state = "mapping"


def source(uow: UnitOfWork, batch_id: UUID) -> tuple[str, str]:
    """Return key and name of the file of an import that did not run yet, to read it another way."""
    batch = uow.get("import_batch", batch_id, Verb.UPDATE)
    if batch.counts.get("run") or batch.state in BUSY:
        raise Conflict("import.ran")
    return batch.file_key, batch.file_name


def reread(uow: UnitOfWork, batch_id: UUID) -> None:
    """Guess the columns of a file that was read again; what a check found in the former reading goes."""
    key, _ = source(uow, batch_id)
    batch = uow.get("import_batch", batch_id, Verb.UPDATE)
    old = from_json(batch.options)
    fresh = _guessed(uow, batch.entity, key)
    batch.options = replace(old, columns=fresh.columns, match=fresh.match).to_json()
    batch.state, batch.counts = "mapping", {}
    uow.session.execute(delete(ImportRow).where(col(ImportRow.batch_id) == batch_id))


def begin(uow: UnitOfWork, batch_id: UUID, kind: str) -> UUID:
    """Queue a check, a run, or a run of the mended rows, and return the job's id."""
    batch = uow.get("import_batch", batch_id, Verb.UPDATE)
    require(uow, batch.entity)
    plan = from_json(batch.options)
    leaving.check(uow, plan)
    if not any(column.target for column in plan.columns):
        raise Invalid.field("columns", "import.plan.empty")
    if kind != running.MEND and batch.counts.get("run"):
        raise Conflict("import.ran")
    job_id = queue.enqueue(uow, kind, batch=str(batch.id))
    batch.job_id, batch.state = job_id, "checking" if kind == running.CHECK else "running"
    return job_id


def settle(uow: UnitOfWork, batch_id: UUID) -> str:
    """Return an import's state; one whose job ended without it (cancelled, failed) is told so first."""
    batch = uow.get("import_batch", batch_id)
    if batch.state in BUSY:
        job = queue.known(uow, batch.job_id)
        if job is not None and not job.open:
            batch.state = "cancelled" if job.state in ("cancelled", "done") else "failed"
    return batch.state


def undo(uow: UnitOfWork, batch_id: UUID) -> UUID:
    """Queue the undo of everything an import did, and return the job's id."""
    batch = uow.get("import_batch", batch_id, Verb.UPDATE)
    acts = list(batch.counts.get("jobs", []))[::-1]
    if not acts or batch.undone_at is not None or batch.state in ("running", "undoing"):
        raise Conflict("import.undo.not")
    batch.state = "undoing"
    batch.job_id = queue.enqueue(uow, running.UNDO, batch=str(batch.id), acts=acts)
    return batch.job_id


def problems(uow: UnitOfWork, batch_id: UUID, start: int = 0, limit: int = 100) -> list[Problem]:
    """Return rows that wait for a person, those mended already included."""
    uow.get("import_batch", batch_id)
    query = select(ImportRow).where(ImportRow.batch_id == batch_id, col(ImportRow.cells).is_not(None))
    rows = uow.session.exec(query.order_by(col(ImportRow.number)).offset(start).limit(limit))
    uow.saw("import.rows", "import_batch", batch_id)
    return [Problem(r.number, r.verdict, list(r.cells or []), r.reasons, r.record_id) for r in rows]


def problem_count(uow: UnitOfWork, batch_id: UUID, verdict: str = "") -> int:
    """Return how many rows wait for a person (with a verdict)."""
    query = select(func.count()).where(ImportRow.batch_id == batch_id, col(ImportRow.cells).is_not(None))
    return uow.session.exec(query.where(ImportRow.verdict == verdict) if verdict else query).one()


def mend(uow: UnitOfWork, batch_id: UUID, number: int, column: int, text: str) -> None:
    """Set one cell of a row that waits."""
    row = _row(uow, batch_id, number)
    cells = list(row.cells or [])
    width = len(files.sheet(uow.get("import_batch", batch_id).file_key).columns)
    if not 0 <= column < max(width, len(cells)):
        raise Invalid.field("column", "import.plan.bad", what="column")
    cells += [""] * (column + 1 - len(cells))
    cells[column] = text[:100_000]
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    if cells == row.cells:
        return
    _wait(uow, row, cells=cells)


def decide(uow: UnitOfWork, batch_id: UUID, number: int, decision: str) -> None:
    """Say what becomes of a row that looks like a record: ``create``, ``skip``, or ``update`` of that record."""
    row = _row(uow, batch_id, number)
    if decision not in ("create", "skip", "update") or (decision == "update" and row.record_id is None):
        raise Invalid.field("decision", "import.plan.bad", what="decision")
    _wait(uow, row, decision=f"update:{row.record_id}" if decision == "update" else decision)


def replace_all(uow: UnitOfWork, batch_id: UUID, column: int, find: str, by: str) -> int:
    """Search and replace in a column of all rows that wait; an empty search means empty cells. Return how many."""
    uow.get("import_batch", batch_id, Verb.UPDATE)
    query = select(ImportRow).where(ImportRow.batch_id == batch_id, col(ImportRow.cells).is_not(None))
    changed = 0
    for row in uow.session.exec(query).all():
        cells = list(row.cells or [])
        if column >= len(cells):
            continue
        cell = cells[column]
        new = (by if not cell.strip() else cell) if not find else cell.replace(find, by)
        if new != cell:
            cells[column] = new
            _wait(uow, row, cells=cells)
            changed += 1
    return changed


def retry_all(uow: UnitOfWork, batch_id: UUID) -> int:
    """Let every rejected row have another turn: after options were mapped, or a reference was made."""
    uow.get("import_batch", batch_id, Verb.UPDATE)
    query = select(ImportRow).where(
        ImportRow.batch_id == batch_id, ImportRow.verdict == "rejected", col(ImportRow.cells).is_not(None)
    )
    rows = uow.session.exec(query).all()
    for row in rows:
        _wait(uow, row, cells=list(row.cells or []))
    return len(rows)


def map_word(uow: UnitOfWork, batch_id: UUID, column: str, word: str, means: str) -> None:
    """Say which option a word of a column means; "" creates it, as it is written."""
    batch = uow.get("import_batch", batch_id, Verb.UPDATE)
    plan = from_json(batch.options)
    mapped = plan.column(column)
    if mapped is None:
        raise Invalid.field("column", "import.plan.bad", what=column)
    changes: dict[str, Any] = {"words": {**mapped.words, word: means}} if means else {"unknown": "create"}
    batch.options = plan.with_column(column, **changes).to_json()


def sweep(uow: UnitOfWork) -> int:
    """Remove uploaded files after a day, but none that is being worked on; return how many."""
    uow.require(Verb.ARCHIVE, "setting")
    old = files.older_than(KEPT)
    busy = select(ImportBatch.file_key).where(col(ImportBatch.state).in_(BUSY), col(ImportBatch.file_key).in_(old))
    gone = set(old) - set(uow.session.exec(busy))
    for key in gone:
        files.discard(key)
    return len(gone)


def _row(uow: UnitOfWork, batch_id: UUID, number: int) -> ImportRow:
    uow.get("import_batch", batch_id, Verb.UPDATE)
    row = uow.session.get(ImportRow, (batch_id, number))
    if row is None or row.cells is None:
        raise Conflict("import.row.done")
    return row


def _wait(uow: UnitOfWork, row: ImportRow, *, cells: Sequence[str] | None = None, decision: str = "") -> None:
    """Let a row have another turn and count it as waiting, no longer as what it was."""
    if row.verdict != running.MENDED:
        batch = uow.get("import_batch", row.batch_id)
        waiting = dict(batch.counts.get("waiting", {}))
        waiting[row.verdict] = waiting.get(row.verdict, 0) + 1
        table = ImportBatch.__table__  # pyright: ignore[reportAttributeAccessIssue]
        counts = {**batch.counts, "waiting": waiting}
        uow.session.execute(update(table).where(table.c.id == batch.id).values(counts=counts))
        uow.session.refresh(batch)
    old = [reason for reason in row.reasons if "decision" not in reason]
    row.reasons = [*old, {"decision": decision}] if decision else row.reasons
    row.verdict = running.MENDED
    if cells is not None:
        row.cells = list(cells)
    uow.session.add(row)


def templates(uow: UnitOfWork, entity: str) -> list[ImportTemplate]:
    """Return the actor's saved mappings for an entity, the newest first."""
    query = uow.select("import_template").where(ImportTemplate.entity == entity)
    return list(uow.session.exec(query.order_by(col(ImportTemplate.updated_at).desc())))


def save_template(uow: UnitOfWork, batch_id: UUID, name: str) -> UUID:
    """Keep a mapping under a name for the next file of the same columns; the same name is overwritten."""
    batch = uow.get("import_batch", batch_id)
    name = name.strip()[:200]
    if not name:
        raise Invalid.field("name", "error.required", field="Name")
    known = next((t for t in templates(uow, batch.entity) if t.name == name), None)
    if known is not None:
        known.options = batch.options
        return known.id
    made = ImportTemplate(entity=batch.entity, name=name, options=batch.options, owner_id=_me(uow))
    return uow.add(made).id


def use_template(uow: UnitOfWork, batch_id: UUID, template_id: UUID) -> None:
    """Treat the file's columns as a saved mapping does."""
    batch = uow.get("import_batch", batch_id, Verb.UPDATE)
    saved: ImportTemplate = uow.get("import_template", template_id)
    batch.options = guess.adopt(from_json(batch.options), from_json(saved.options)).to_json()


def plan_of(batch: ImportBatch) -> Plan:
    """Return how a file is to be imported."""
    return from_json(batch.options)
