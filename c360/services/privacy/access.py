"""The access file: everything kept about a person, walked from the models, as JSON and as a page, with his files.

Nobody else is told of: a reference to another person is masked, and of who looked only the time and the act is told.
Rows stream from the database to the file, so that a long life takes time but no memory.
"""

import json
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from html import escape
from itertools import islice
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from sqlalchemy import String, cast, or_, select
from sqlmodel import col

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.errors import Conflict
from c360.core.i18n import text
from c360.models.choice import Choice
from c360.models.consent import Purpose
from c360.models.customer import Customer
from c360.models.job import ImportRow, StoredFile
from c360.models.journal import AccessEntry, ChangeRow, ChangeSet
from c360.registry.entity import entities, marks_of
from c360.registry.marks import PickList, Privacy
from c360.services import settings, store
from c360.services.consents import receipts
from c360.services.privacy import reach
from c360.services.uow import UnitOfWork

PAGE = 1_000
ENCODER = json.JSONEncoder(ensure_ascii=False, default=str)
STYLE = (
    "body{font:14px/20px system-ui,sans-serif;max-width:960px;margin:32px auto;padding:0 16px;color:#1b1c20}"
    "table{border-collapse:collapse;width:100%;margin:8px 0 24px}td,th{text-align:left;vertical-align:top;"
    "padding:4px 12px 4px 0;border-top:1px solid #dcdce2;overflow-wrap:anywhere}th{width:220px;font-weight:500}"
)


def write(uow: UnitOfWork, request_id: UUID, file: IO[bytes]) -> None:
    """Write the access file of a request into an open file."""
    uow.require(Verb.UPDATE, "subject_request")
    asked = uow.get("subject_request", request_id)
    if asked.kind not in ("access", "portability"):
        raise Conflict("privacy.no_access")
    person(uow, asked.customer_id, file)


def person(uow: UnitOfWork, customer_id: UUID, file: IO[bytes]) -> None:
    """Write everything about one person, the records merged into him included; the read is logged."""
    customer = uow.get("customer", customer_id, archived=True)
    uow.saw("access_file", customer.kind, customer_id)
    ids = reach.family(uow.session, customer_id)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with tempfile.TemporaryFile("w+", encoding="utf-8") as page:
            page.write(_head(uow, customer.name))
            with archive.open("data.json", "w", force_zip64=True) as data:
                data.write(b'{"about": ' + _json(_about(uow, customer)))
                for name, rows in _parts(uow, ids):
                    _section(uow, name, rows, data, page)
                data.write(b"}\n")
            page.write("</body></html>")
            page.seek(0)
            with archive.open("data.html", "w", force_zip64=True) as shown:
                while part := page.read(1 << 20):
                    shown.write(part.encode())
        _files(uow, ids, archive)


def _parts(uow: UnitOfWork, ids: Collection[UUID]) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """Yield every part of the file with its rows: the person, all that names him, history, reads, receipts."""
    table: Any = Customer.__table__  # pyright: ignore[reportAttributeAccessIssue]
    yield "customer", _rows(uow, Customer, table.c.id.in_(ids), ids)
    seen: dict[Any, list[Any]] = {}
    for one in reach.mentions():
        seen.setdefault(one.model, []).append(one.column.in_(ids))
    for model, rows in reach.hung(uow.session, ids):
        seen.setdefault(model, []).append(model.__table__.c.id.in_(rows))
    for model, tests in sorted(seen.items(), key=lambda pair: pair[0].__table__.name):
        yield model.__table__.name, _rows(uow, model, or_(*tests), ids)
    for model, mine in reach.shared(uow.session, ids):
        yield model.__table__.name, _rows(uow, model, model.__table__.c.id.in_(mine), ids)
    yield "import_row", _rows(uow, ImportRow, col(ImportRow.record_id).in_(ids), ids)
    yield "history", _history(uow, ids)
    yield "reads", _reads(uow, ids)
    people = {row.id: row for row in uow.session.scalars(select(Customer).where(col(Customer.id).in_(ids)))}
    yield "receipts", receipts.every(uow, people)


def _rows(uow: UnitOfWork, model: Any, test: Any, ids: Collection[UUID]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table as they are, without secrets, and with other people masked."""
    columns = [c for c in model.__table__.c if Privacy.SECRET not in marks_of(model, c.name)]
    people = _people(model)
    picked = [c.name for c in columns if any(isinstance(m, PickList) for m in marks_of(model, c.name))]
    found = uow.session.execute(select(*columns).where(test).execution_options(yield_per=PAGE))
    for page in found.mappings().partitions(PAGE):
        rows = [dict(row) for row in page]
        _mask(uow, rows, people, ids)
        _name(uow, rows, picked)
        yield from rows


def _mask(uow: UnitOfWork, rows: list[dict[str, Any]], columns: list[str], ids: Collection[UUID]) -> None:
    """Name organisations and hide people who are somebody else."""
    mine = {*ids, *map(str, ids)}
    others = {UUID(str(row[name])) for row in rows for name in columns if row.get(name) and row[name] not in mine}
    if not others:
        return
    found = uow.session.execute(
        select(*reach.columns(Customer, "id", "kind", "name")).where(col(Customer.id).in_(others))
    )
    known = {one.id: one.name if one.kind == "account" else "***" for one in found}
    for row in rows:
        told = {name: UUID(str(row[name])) for name in columns if row.get(name) and row[name] not in mine}
        row |= {name: known.get(one, "***") for name, one in told.items()}


def _people(model: Any) -> list[str]:
    """Return the columns of a table that name a customer."""
    columns = model.__table__.c
    return [c.name for c in columns if any(key.column.table.name == "customer" for key in c.foreign_keys)]


def _name(uow: UnitOfWork, rows: list[dict[str, Any]], columns: list[str]) -> None:
    wanted = {UUID(str(v)) for row in rows for n in columns for v in _listed(row[n])}
    if wanted:
        chosen = uow.session.execute(
            select(*reach.columns(Choice, "id", "name")).where(col(Choice.id).in_(wanted))
        ).all()
        known: dict[str, str] = {str(one.id): one.name for one in chosen}
        for row in rows:
            for name in (n for n in columns if row[n]):
                told = [known.get(str(v), str(v)) for v in _listed(row[name])]
                row[name] = told if isinstance(row[name], list) else told[0]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _history(uow: UnitOfWork, ids: Collection[UUID]) -> Iterator[dict[str, Any]]:
    found = (
        select(*reach.columns(ChangeSet, "at", "action"), *reach.columns(ChangeRow, "entity", "op", "before", "after"))
        .join(ChangeSet, col(ChangeSet.id) == col(ChangeRow.set_id))
        .where(or_(col(ChangeRow.customer_id).in_(ids), col(ChangeRow.record_id).in_([*ids, *_across(uow, ids)])))
        .order_by(col(ChangeSet.seq))
        .execution_options(yield_per=PAGE)
    )
    for page in uow.session.execute(found).mappings().partitions(PAGE):
        rows = [dict(row) for row in page]
        sides: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            sides[row["entity"]] += [row[side] for side in ("before", "after") if row[side]]
        for entity in (one for one in entities() if one.key in sides):
            _mask(uow, sides[entity.key], _people(entity.model), ids)
        yield from rows


def _across(uow: UnitOfWork, ids: Collection[UUID]) -> Iterator[UUID]:
    """Yield the rows that stand between somebody else and the person: the journal files them under the other one."""
    for one in reach.mentions():
        if one.entity and one.entity.across == one.column.name:
            yield from reach.rows_of(uow.session, one, ids)


def _reads(uow: UnitOfWork, ids: Collection[UUID]) -> Iterator[dict[str, Any]]:
    told = [cast(col(AccessEntry.details), String).contains(str(one)) for one in ids]
    found = select(*reach.columns(AccessEntry, "at", "act")).where(or_(col(AccessEntry.record_id).in_(ids), *told))
    for row in uow.session.execute(found.order_by(col(AccessEntry.at)).execution_options(yield_per=PAGE)).mappings():
        yield dict(row)


def _about(uow: UnitOfWork, customer: Customer) -> dict[str, Any]:
    shown = settings.read(uow.session)
    purposes = uow.session.scalars(select(Purpose).where(col(Purpose.archived_at).is_(None)))
    return {
        "person": customer.name, "id": customer.id, "made_at": utc_now(), "controller": shown.controller,
        "purposes": [
            {"name": p.name, "basis": p.basis, "data": p.data_categories, "recipients": p.recipients,
             "kept_months": p.lasts_months}
            for p in purposes
        ],
        "rights": text(uow.actor.language, "privacy.rights"),
    }  # fmt: skip


def _section(uow: UnitOfWork, name: str, rows: Iterator[Mapping[str, Any]], data: IO[bytes], page: IO[str]) -> None:
    data.write(f', "{name}": ['.encode())
    title, heads, comma = reach.called(name, uow.actor.language), dict[str, str](), ""
    while part := list(islice(rows, PAGE)):
        if not heads:
            page.write(f"<h2>{escape(title)}</h2>")
            heads = {field: f"<tr><th>{escape(field.replace('_', ' '))}</th><td>" for field in part[0]}
        lines, tables = [], []
        for row in part:
            told = {field: _told(value) for field, value in row.items()}
            lines.append(ENCODER.encode({field: plain for field, (plain, _) in told.items()}))
            cells = (f"{heads[field]}{shown}</td></tr>" for field, (_, shown) in told.items() if shown)
            tables.append(f"<table>{''.join(cells)}</table>")
        data.write((comma + ",\n".join(lines)).encode("utf-8", "replace"))
        page.write("".join(tables))
        comma = ",\n"
    data.write(b"]")


def _told(value: Any) -> tuple[Any, str]:
    """Return a value as JSON takes it and as the page shows it; what is empty is not shown."""
    if isinstance(value, str):
        return value, escape(value, quote=False)
    if value is None or isinstance(value, (list, dict)):
        return value, escape(ENCODER.encode(value), quote=False) if value else ""
    if isinstance(value, (int, float)):
        return value, str(value)
    plain = str(value)  # An id or a time: there is nothing in it to escape.
    return plain, plain


def _head(uow: UnitOfWork, name: str) -> str:
    title = escape(text(uow.actor.language, "privacy.access.title", name=name))
    return (
        f'<!doctype html><html lang="{uow.actor.language}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body><h1>{title}</h1>"
    )


def _files(uow: UnitOfWork, ids: Collection[UUID], archive: zipfile.ZipFile) -> None:
    hung = [one for model, rows in reach.hung(uow.session, ids) if model is StoredFile for one in rows]
    mine = or_(col(StoredFile.customer_id).in_(ids), col(StoredFile.id).in_(hung))
    found = select(*reach.columns(StoredFile, "id", "name", "sha256")).where(mine)
    for row in uow.session.execute(found).all():
        if store.current().has(row.sha256):
            with (
                store.current().open(row.sha256) as source,
                archive.open(f"files/{row.id.hex[-8:]}-{Path(row.name).name}", "w", force_zip64=True) as target,
            ):
                while part := source.read(1 << 20):
                    target.write(part)


def _json(value: Any) -> bytes:
    return ENCODER.encode(value).encode("utf-8", "replace")
