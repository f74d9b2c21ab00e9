"""Exports of a list as it is filtered: asked for, written in pieces, fetched by the one who asked, gone in a day.

Rows and fields are those the actor may export and read when the file is written, and again when it is fetched.
"""

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from c360.core.actor import SYSTEM, Actor, Reach, Verb
from c360.core.clock import today, utc_now
from c360.core.config import settings
from c360.core.errors import Conflict, Forbidden, Invalid, NotFound
from c360.core.i18n import text
from c360.models.job import Job
from c360.query.scope import BOTH
from c360.registry.entity import entity_for
from c360.services import fields, listing, queue, sheets
from c360.services.listing import ColumnInfo, ListQuery
from c360.services.told import entity_label
from c360.services.uow import UnitOfWork, ask

AT_ONCE = 2_000
"""Rows written while a person waits; more is a job."""
PIECE = 2_000
WINDOW = 500
KEPT = timedelta(hours=24)
FORMATS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
KIND = "list.export"


@dataclass(frozen=True, slots=True)
class Ticket:
    """An export that was asked for: where it will be, and whether it is there already."""

    id: UUID
    ready: bool
    rows: int
    href: str
    left_out: Mapping[str, int]
    """Of a mailing, how many it must leave out, by why."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """A file ready to be sent."""

    path: Path
    name: str
    media_type: str


def begin(uow: UnitOfWork, query: Mapping[str, Any], form: str) -> Ticket:
    """Ask for a list as a file: written at once when it is short, else by a job."""
    wanted = listing.from_json(query)
    if form not in FORMATS:
        raise Invalid.field("format", "export.format")
    reader = narrowed(uow.actor, wanted.entity)
    total, left = ask(reader, listing.count, wanted).total, ask(reader, listing.left_out, wanted)
    left.pop("", None)
    wanted = replace(wanted, columns=tuple(column.name for column in _columns(uow, wanted)))
    log(uow, wanted, form, total, left)
    arguments = {"query": listing.to_json(wanted), "format": form}
    if total > AT_ONCE:
        job_id = queue.enqueue(uow, KIND, **arguments)
        return Ticket(job_id, False, total, _href(job_id), left)
    now = utc_now()
    job = Job(kind=KIND, arguments=arguments, user_id=uow.actor.user_id, state="done", started_at=now, finished_at=now)
    rows = _collect(reader, wanted, job, 0, AT_ONCE + 1)
    _finish(job.id, arguments, reader)
    job.done = job.total = rows
    job.result = {"rows": rows, "href": _href(job.id)}
    uow.session.add(job)
    return Ticket(job.id, True, rows, _href(job.id), left)


def log(uow: UnitOfWork, query: ListQuery, form: str, rows: int, left_out: Mapping[str, int]) -> None:
    """Write down who took what out, and for which mailing: in the journal and in the log of reads."""
    told: dict[str, Any] = {"entity": query.entity, "fields": list(query.columns), "format": form, "rows": rows}
    if query.mailing:
        told |= {"mailing": asdict(query.mailing), "left_out": left_out}
    uow.log("list.exported", **told)
    uow.saw("export", query.entity, **told)


def whole(uow: UnitOfWork, key: str) -> dict[str, Any]:
    """Return the query of everything of an entity in a form that can be imported again: ids and every field."""
    entity = entity_for(key)
    known = fields.writable(uow.session, entity, uow.actor)
    names = [c.name for c in listing.exportable(uow, key) if c.name in known and known[c.name].kind.cell != "none"]
    return {"entity": key, "columns": ["id", *names], "include_inactive": True, "sort": ["created_at"]}


def step(uow: UnitOfWork, job: Job) -> bool:
    """Write the next piece of an export; answer whether there is more."""
    wanted = listing.from_json(job.arguments["query"])
    reader = narrowed(uow.actor, wanted.entity)
    result = job.result or {"rows": 0, "bytes": 0, "href": _href(job.id)}
    if result.get("written"):
        if not _path(job.id, job.arguments["format"]).exists():
            job_id, arguments = job.id, dict(job.arguments)
            uow.after_commit(lambda: _finish(job_id, arguments, reader))
            return True
        job.result = {"rows": result["rows"], "href": result["href"]}
        return False
    if not job.total:
        job.total = ask(reader, listing.count, wanted).total
        sweep()
    rows = _collect(reader, wanted, job, result["rows"], PIECE)
    result = {**result, "rows": result["rows"] + rows, "bytes": _part(job.id).stat().st_size}
    job.result = {**result, "written": rows < PIECE}
    job.done = result["rows"]
    job.cursor += 1
    return True


def fetch(uow: UnitOfWork, job_id: UUID) -> Artefact:
    """Return a finished file to the one who asked for it, while he may still export and it is not too old."""
    job = uow.session.get(Job, job_id)
    if job is None or job.kind != KIND or job.user_id != uow.actor.user_id:
        raise NotFound("export.gone")
    key, form = job.arguments["query"]["entity"], job.arguments["format"]
    narrowed(uow.actor, key)
    hidden = [n for n in job.arguments["query"]["columns"] if n not in uow.fields(key)]
    if hidden:
        raise Forbidden("export.narrower")
    if job.state != "done":
        raise Conflict("export.waiting")
    path = _path(job_id, form)
    if not job.finished_at or utc_now() - job.finished_at > KEPT or not path.exists():
        raise NotFound("export.gone")
    uow.saw("download", key, rows=job.done)
    name = f"{entity_for(key).path or key}-{today().isoformat()}.{form}"
    return Artefact(path, name, FORMATS[form])


def narrowed(actor: Actor, key: str) -> Actor:
    """Return the actor reading no further than he may export; ``Forbidden`` when he may export nothing."""
    rights = {entity: dict(verbs) for entity, verbs in actor.rights.items()}
    order = [Reach.OWN, Reach.TEAM, Reach.ALL]
    entity = entity_for(key)
    needed = BOTH if key == "customer" or entity.within else (key,)
    # What is seen through customers is taken out with those alone who may be taken out themselves.
    parts = (*needed, *BOTH) if entity.through else needed
    keys = [k for k in parts if actor.may(Verb.EXPORT, k) and actor.may(Verb.READ, k)]
    if not set(keys) & set(needed):
        raise Forbidden("error.forbidden", verb=Verb.EXPORT.value, entity=entity_for(key).label)
    for one in parts:
        reaches = [actor.reach(one, Verb.READ), actor.reach(one, Verb.EXPORT)]
        mine = {**rights.get(one, rights.get("*", {}))}
        known = [r for r in reaches if r is not None]
        if one in keys and len(known) == 2:
            mine[Verb.READ] = min(known, key=order.index)
        else:
            mine.pop(Verb.READ, None)
        rights[one] = mine
    return replace(actor, rights=rights)


def sweep() -> None:
    """Remove what nobody may fetch any more."""
    old = (utc_now() - KEPT).timestamp()
    for path in _folder().iterdir():
        if path.stat().st_mtime < old:
            path.unlink(missing_ok=True)


def clear(but: Collection[UUID] = ()) -> None:
    """Remove every file that is ready, and pieces of those not under way: they may hold who has just been erased."""
    for path in _folder().iterdir():
        if path.suffix != ".part" or path.stem not in {str(one) for one in but}:
            path.unlink(missing_ok=True)


def write(actor: Actor, query: ListQuery, form: str, path: Path) -> int:
    """Write a list to a path, in one go; what the command line does."""
    job = Job(kind=KIND)
    reader = actor if actor is SYSTEM else narrowed(actor, query.entity)
    rows = 0
    while got := _collect(reader, query, job, rows, PIECE):
        rows += got
        job.result = {"bytes": _part(job.id).stat().st_size}
        if got < PIECE:
            break
    _finish(job.id, {"query": listing.to_json(query), "format": form}, reader, path)
    return rows


def _columns(uow: UnitOfWork, query: ListQuery) -> list[ColumnInfo]:
    known = {column.name: column for column in listing.exportable(uow, query.entity)}
    wanted = query.columns or tuple(name for name, column in known.items() if column.shown)
    ident = ColumnInfo("id", text(uow.actor.language, "import.target.id"), "", "text", "text", "", False, False, False,
                       False, False, False, "", (), ())  # fmt: skip
    unknown = [name for name in wanted if name not in known and name != "id"]
    if unknown:
        raise Invalid.field(unknown[0], "listing.column.unknown", field=unknown[0])
    return [ident if name == "id" else known[name] for name in wanted]


def _collect(reader: Actor, query: ListQuery, job: Job, start: int, most: int) -> int:
    """Append the next rows to the piece on disk; what a crash left half-written is cut off first."""
    path = _part(job.id)
    size = int((job.result or {}).get("bytes", 0))
    rows = 0
    with open(path, "ab", opener=_private) as file:
        file.truncate(size)
        file.seek(size)
        while rows < most:
            wanted = min(WINDOW, most - rows)
            page = ask(reader, listing.rows, query, start + rows, start + rows + wanted)
            for row in page.rows:
                file.write(json.dumps(dict(zip(page.columns, row, strict=True)), ensure_ascii=False).encode() + b"\n")
            rows += len(page.rows)
            if len(page.rows) < wanted:
                break
        file.flush()
        os.fsync(file.fileno())
    return rows


def _finish(job_id: UUID, arguments: Mapping[str, Any], reader: Actor, path: Path | None = None) -> None:
    """Turn the rows on disk into the file asked for; it appears whole or not at all."""
    query, form = listing.from_json(arguments["query"]), arguments["format"]
    columns = ask(reader, _columns, query)
    final = path or _path(job_id, form)
    waiting = final.with_name(f"{final.name}.new")
    header = _header(columns)
    rows = _lines(_part(job_id), columns)
    if form == "csv":
        sheets.write_csv(waiting, header, rows)
    else:
        sheets.write_xlsx(waiting, header, rows, entity_label(reader.language, query.entity))
    os.chmod(waiting, 0o600)
    os.replace(waiting, final)
    _part(job_id).unlink()


def _header(columns: Sequence[ColumnInfo]) -> list[str]:
    seen: dict[str, int] = {}
    found = []
    for column in columns:
        seen[column.label] = seen.get(column.label, 0) + 1
        found.append(column.label if seen[column.label] == 1 else f"{column.label} ({seen[column.label]})")
    return found


def _lines(path: Path, columns: Sequence[ColumnInfo]) -> Iterator[list[Any]]:
    with open(path, encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield [_value(column, row.get(column.name)) for column in columns]


def _value(column: ColumnInfo, value: Any) -> Any:
    """Return a cell as an import reads it back: names of choices and records, numbers as numbers, dates as dates."""
    if value is None or value == []:
        return None
    if isinstance(value, list):
        return "; ".join(str(_value(column, one)) for one in value)
    if isinstance(value, dict):
        return value.get("id") if column.kind in ("country", "language") else value.get("label")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column.cell == "money":
        return value / 100
    if column.cell == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if column.cell == "moment" and isinstance(value, str) else value


def _folder() -> Path:
    path = settings().data_path / "exports"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def _path(job_id: UUID, form: str) -> Path:
    return _folder() / f"{job_id}.{form}"


def _part(job_id: UUID) -> Path:
    return _folder() / f"{job_id}.part"


def _href(job_id: UUID) -> str:
    return f"/api/exports/{job_id}"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
