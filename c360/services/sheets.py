"""Cells of the files we write: never a formula, and exactly what was stored when they are read back."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

FORMULA = "=+-@|＝＋－＠"
"""What a spreadsheet takes for the start of a formula, in full width too."""
_UNSEEN = "".join(map(chr, range(33))) + "\x7f\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff\u200b\u200c\u200d\u2060" + "".join(map(chr, range(0x2000, 0x200B)))  # noqa: E501  # fmt: skip
FIRST_DAY = date(1900, 3, 1)
"""Spreadsheets disagree on every day before, so those are written as text."""
_HARMLESS = re.compile(r"[+-]?\d+([.,]\d+)*|\+\d[\d ]*")
"""A number, or a phone number of digits: at worst a spreadsheet reads it as a number."""


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet might run a text, whatever unseen characters stand before it."""
    start = text.lstrip(_UNSEEN)
    return (start[:1] in FORMULA and bool(start) and not _HARMLESS.fullmatch(text)) or text[:1] in ("\t", "\r", "\n")


def defused(text: str) -> str:
    """Return a text that no spreadsheet runs; ``restored`` gives the text back."""
    return f"'{text}" if is_formula(text) or _escaped(text) else text


def restored(text: str) -> str:
    """Return the text that ``defused`` was given."""
    return text[1:] if text[:1] == "'" and (is_formula(text[1:]) or text[1:2] == "'") else text


def _escaped(text: str) -> bool:
    return text[:1] == "'" and (is_formula(text[1:]) or text[1:2] == "'")


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as CSV, in UTF-8 with a mark that spreadsheets know it by."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow([defused(name) for name in header])
        out.writerows([_in_csv(value) for value in row] for row in rows)


def csv_line(row: Sequence[str]) -> str:
    """Return one row as a line of CSV."""
    out = io.StringIO()
    csv.writer(out).writerow([defused(cell) for cell in row])
    return out.getvalue()


def _in_csv(value: Any) -> str:
    if value is None:
        return ""
    return defused(value) if isinstance(value, str) else _number(value)


def _number(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else repr(value) if isinstance(value, float) else str(value)


def write_xlsx(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]], title: str) -> None:
    """Write rows as a sheet, a row at a time; text stays text, numbers and dates stay what they are."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "c360")
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, name) for name in header])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    book.save(path)


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)  # Spreadsheets know no time zones; ours is UTC.
    if isinstance(value, date) and value < FIRST_DAY:
        value = value.isoformat()
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell = WriteOnlyCell(sheet, value=f"'{text}" if _escaped(text) else text)
    cell.data_type = "s"
    return cell
