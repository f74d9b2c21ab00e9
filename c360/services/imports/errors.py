"""The error file: the rows that were not taken, in the file's own columns, with what is wrong in a last one."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from c360.core.i18n import text
from c360.services import sheets
from c360.services.imports import batches, files
from c360.services.imports.guess import REASON_HEADERS
from c360.services.uow import UnitOfWork

PAGE = 500


def sentence(language: str, reason: Mapping[str, Any]) -> str:
    """Return one reason as a person reads it, led by its column."""
    if "key" not in reason:
        return ""
    said = text(language, reason["key"], **{"field": reason["column"], "max": "", **reason["params"]})
    return f"{reason['column']}: {said}" if reason["column"] else said


def sentences(language: str, reasons: list[dict[str, Any]]) -> str:
    """Return every reason of a row."""
    return " · ".join(filter(None, (sentence(language, reason) for reason in reasons)))


def lines(uow: UnitOfWork, batch_id: UUID) -> Iterator[str]:
    """Yield the error file as CSV, a page of rows at a time; cells a spreadsheet would run are made text."""
    columns = files.sheet(batches.batch_of(uow, batch_id).file_key).names
    header = REASON_HEADERS[0] if uow.actor.language != "de" else REASON_HEADERS[1]
    yield "\ufeff" + sheets.csv_line([*columns, header.capitalize()])
    start = 0
    while page := batches.problems(uow, batch_id, start, PAGE):
        rows = []
        for problem in page:
            cells = [*problem.cells, *[""] * (len(columns) - len(problem.cells))]
            told = sentences(uow.actor.language, problem.reasons)
            extra = cells[len(columns) :]
            rows.append([*cells[: len(columns)], " · ".join([told, *extra])])
        yield "".join(sheets.csv_line(row) for row in rows)
        start += PAGE
