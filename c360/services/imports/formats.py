"""File formats: rows of text from CSV, TSV, XLSX and vCard, one at a time where the format allows it.

Hostile files come this way, so it runs in a child process with limits (see ``child``); errors are keys of the
catalogue.
"""

import codecs
import csv
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import charset_normalizer
import python_calamine

from c360.services.imports import vcards

SAMPLE = 262_144
LONGEST_CELL = 1_000_000
MOST_COLUMNS = 1_000
MOST_UNZIPPED = 400_000_000
HIGHEST_RATIO = 250
MOST_PARTS = 5_000
DELIMITERS = (",", ";", "\t", "|")
ONE_BYTE = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "koi8_r", "mac_roman", "shift_jis", "gb18030", "euc_kr")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "ascii", *ONE_BYTE)
"""What a person may say a text is written in."""
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip

Rows = Iterator[tuple[int, list[str]]]
"""Numbered rows: a header counts as a row, as it does in a spreadsheet."""


class BadFile(Exception):
    """The file cannot be read; the message is a key of the catalogue, ``params`` its parameters."""

    def __init__(self, key: str, **params: Any) -> None:
        super().__init__(key)
        self.key, self.params = key, params


@dataclass
class Opened:
    """A file whose format is known: its rows, and what was found out about it."""

    kind: str
    rows: Rows
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)


def open_file(path: Path, name: str, *, encoding: str = "", delimiter: str = "", sheet: str = "") -> Opened:
    """Tell what a file is by its first bytes, then by its name, and start reading it."""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    if not head.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        raise BadFile("import.file.empty")
    if head.startswith(b"PK"):
        return _workbook(path, sheet)
    if head.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x7fELF")):
        raise BadFile("import.file.unknown")
    if encoding not in ("", *ENCODINGS) or delimiter not in ("", *DELIMITERS):
        raise BadFile("import.file.unknown")
    encoding = encoding or encoding_of(path, head)
    if re.match(r"\s*BEGIN:VCARD", _decoded(head, encoding), re.I):
        return Opened("vcard", vcards.rows(path, encoding), encoding)
    delimiter = delimiter or delimiter_of(_decoded(head, encoding), name)
    return Opened("tsv" if delimiter == "\t" else "csv", _csv(path, encoding, delimiter), encoding, delimiter)


def encoding_of(path: Path, head: bytes) -> str:
    """Return the encoding of a text: what a byte order mark says, UTF-8 when all of it is, else the likeliest."""
    for mark, encoding in BOMS:
        if head.startswith(mark):
            return encoding
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if even + odd > len(head) // 8:
        return "utf-16-le" if odd > even else "utf-16-be"
    if _is_utf8(path):
        return "utf-8"
    lines = [line for line in head.splitlines() if not line.isascii()][:2_000]
    found = charset_normalizer.from_bytes(b"\n".join(lines) or head, cp_isolation=list(ONE_BYTE)).best()
    likely = found.encoding if found else "cp1252"
    # Western letters decide: the code pages of Europe differ in few bytes and a guess that breaks words is no guess.
    if likely.startswith(("cp125", "mac", "iso")) and _reads_western(b"\n".join(lines)):
        return "cp1252"
    return likely


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _reads_western(sample: bytes) -> bool:
    try:
        beyond = [c for c in sample.decode("cp1252") if not c.isascii()]
    except UnicodeDecodeError:
        return False
    usual = set("äöüÄÖÜßàâçéèêëîïôùûœæñáíóúÀÂÇÉÈÊÎÔÑÁÍÓÚåøÅØÆãõÃÕìòýÿšžŠŽ€’‘“”„–—…«»°§´®©·ºª¿¡£")
    return bool(beyond) and sum(c in usual for c in beyond) >= 0.97 * len(beyond)


def _decoded(head: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)("replace").decode(head)


def delimiter_of(text: str, name: str = "") -> str:
    """Return what separates the cells: what most rows agree on gives the same, largest number of columns."""
    if found := re.match(r"sep=(.)\r?\n", text, re.I):
        return found[1]
    best, best_score = "\t" if name.lower().endswith((".tsv", ".tab")) else ",", 0.0
    lines = text.splitlines(keepends=True)
    for delimiter in DELIMITERS:
        try:
            widths = [len(r) for r, _ in zip(csv.reader(lines, delimiter=delimiter), range(200), strict=False) if r]
        except csv.Error:
            continue
        width, times = Counter(w for w in widths if w > 1).most_common(1)[0] if any(w > 1 for w in widths) else (1, 0)
        # Agreement weighs most: a comma inside texts makes many columns that no two rows share.
        score = times / max(len(widths), 1) + min(width, 50) / 1000
        if width > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


def _csv(path: Path, encoding: str, delimiter: str) -> Rows:
    csv.field_size_limit(LONGEST_CELL)
    number = 0
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        try:
            for row in csv.reader(file, delimiter=delimiter):
                if number == 0 and len(row) <= 2 and "".join(row).lower().startswith("sep="):
                    continue
                number += 1
                if len(row) > MOST_COLUMNS:
                    raise BadFile("import.file.wide", n=MOST_COLUMNS)
                if told := "".join(row):
                    yield number, [cell.replace("\x00", "") for cell in row] if "\x00" in told else row
        except csv.Error as error:
            raise BadFile("import.file.quotes", row=number + 1) from error


def check_zip(path: Path) -> None:
    """Refuse a workbook that would unpack to more than a machine can hold, before anything unpacks it."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise BadFile("import.file.broken") from error
    packed = sum(part.compress_size for part in parts) or 1
    unpacked = sum(part.file_size for part in parts)
    ratio = max((p.file_size / max(p.compress_size, 1) for p in parts if p.file_size > 1_000_000), default=0)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNZIPPED or ratio > HIGHEST_RATIO or packed > path.stat().st_size:
        raise BadFile("import.file.bomb")
    if not any(part.filename in ("xl/workbook.xml", "xl/workbook.bin", "content.xml") for part in parts):
        raise BadFile("import.file.unknown")


def _workbook(path: Path, sheet: str) -> Opened:
    check_zip(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        if not names:
            raise BadFile("import.file.empty")
        chosen = sheet if sheet in names else names[0]
        found = book.get_sheet_by_name(chosen)
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise BadFile("import.file.broken") from error
    return Opened("xlsx", _cells(found), sheet=chosen, sheets=list(names))


def _cells(sheet: Any) -> Rows:
    top = sheet.start[0] if sheet.start else 0
    for number, row in enumerate(sheet.iter_rows(), start=top + 1):
        if len(row) > MOST_COLUMNS:
            raise BadFile("import.file.wide", n=MOST_COLUMNS)
        cells = [cell_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if any(cells):
            yield number, cells


def cell_text(value: Any) -> str:
    """Return a spreadsheet's cell as the text a person sees: whole numbers without a point, dates in ISO."""
    if value is None or isinstance(value, str):
        return (value or "").replace("\x00", "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if not isinstance(value, timedelta) else str(value.total_seconds())
