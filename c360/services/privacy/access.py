"""The access file: everything kept about a person, walked from the models, as JSON and as a page, with his files.

Nobody else is told of: a reference to another person is masked, and of who looked only the time and the act is told.
Rows stream from the database to the file, so that a long life takes time but no memory.
"""

import shutil
import tempfile
import zipfile
from collections.abc import Collection, Iterator, Sequence
from html import escape
from operator import itemgetter
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from sqlalchemy import String, cast, or_, select
from sqlmodel import col

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.errors import Conflict
from c360.core.i18n import text
from c360.models.consent import Purpose
from c360.models.customer import Customer
from c360.models.job import ImportRow, StoredFile
from c360.models.journal import AccessEntry
from c360.services import settings, store
from c360.services.consents import receipts
from c360.services.privacy import past, reach, telling
from c360.services.privacy.telling import Page, Part
from c360.services.uow import UnitOfWork

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
        with tempfile.TemporaryFile() as page:
            page.write(_head(uow, customer.name).encode("utf-8", "replace"))
            with archive.open("data.json", "w", force_zip64=True) as data:
                data.write(b'{"about": ' + _json(_about(uow, customer)))
                for name, part in _parts(uow, ids):
                    _section(uow, name, part, data, page)
                data.write(b"}\n")
            page.write(b"</body></html>")
            page.seek(0)
            with archive.open("data.html", "w", force_zip64=True) as shown:
                shutil.copyfileobj(page, shown, 1 << 20)
        _files(uow, ids, archive)


def _parts(uow: UnitOfWork, ids: Collection[UUID]) -> Iterator[tuple[str, Part]]:
    """Yield every part of the file: the person, all that names him, history, reads, receipts."""
    table: Any = Customer.__table__  # pyright: ignore[reportAttributeAccessIssue]
    yield "customer", telling.rows(uow, Customer, table.c.id.in_(ids), ids)
    seen: dict[Any, list[Any]] = {}
    for one in reach.mentions():
        seen.setdefault(one.model, []).append(one.column.in_(ids))
    for model, rows in reach.hung(uow.session, ids):
        seen.setdefault(model, []).append(model.__table__.c.id.in_(rows))
    for model, tests in sorted(seen.items(), key=lambda pair: pair[0].__table__.name):
        yield model.__table__.name, telling.rows(uow, model, or_(*tests), ids)
    for model, mine in reach.shared(uow.session, ids):
        yield model.__table__.name, telling.rows(uow, model, model.__table__.c.id.in_(mine), ids)
    yield "import_row", telling.rows(uow, ImportRow, col(ImportRow.record_id).in_(ids), ids)
    yield "history", past.part(uow, ids)
    yield "reads", _reads(uow, ids)
    people = {row.id: row for row in uow.session.scalars(select(Customer).where(col(Customer.id).in_(ids)))}
    yield "receipts", telling.receipts(receipts.PARTS, receipts.every(uow, people))


def _reads(uow: UnitOfWork, ids: Collection[UUID]) -> Part:
    columns = telling.plain(uow, AccessEntry, "at", "act")
    said = [cast(col(AccessEntry.details), String).contains(str(one)) for one in ids]
    mine = or_(col(AccessEntry.record_id).in_(ids), *said)
    found = select(*(one.source for one in columns)).where(mine).order_by(col(AccessEntry.at))
    return telling.some(uow, columns, found, ids)


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


def _section(uow: UnitOfWork, name: str, part: Part, data: IO[bytes], page: IO[bytes]) -> None:
    data.write(f', "{name}": ['.encode())
    title, comma = reach.called(name, uow.actor.language), ""
    for rows in part.pages:
        if not comma:
            page.write(f"<h2>{escape(title)}</h2>".encode())
        lines, tables = _texts(part.names, rows)
        data.write((comma + ",\n".join(lines)).encode("utf-8", "replace"))
        page.write(f"<table>{'</table><table>'.join(tables)}</table>".encode("utf-8", "replace"))
        comma = ",\n"
    data.write(b"]")


def _texts(names: Sequence[str], rows: Page) -> tuple[Iterator[str], Iterator[str]]:
    """Return some rows as lines of JSON and as tables; what all of them have in common is written once."""
    line, table, differing = [], [], []
    for name, cells in zip(names, rows.columns, strict=True):
        alike = isinstance(cells, tuple)
        said, shown = (part.replace("%", "%%") for part in cells) if alike else ("%s", "%s")
        line.append(f'"{name}": {said}')
        table.append(shown)
        differing += [] if alike else [cells]
    form, shape = "{" + ", ".join(line) + "}", "".join(table)
    if not differing:
        return iter([form % ()] * rows.size), iter([shape % ()] * rows.size)
    said, shown = (zip(*(map(itemgetter(n), cells) for cells in differing), strict=True) for n in (0, 1))
    return map(form.__mod__, said), map(shape.__mod__, shown)


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
                shutil.copyfileobj(source, target, 1 << 20)


def _json(value: Any) -> bytes:
    return telling.ENCODER.encode(value).encode("utf-8", "replace")
