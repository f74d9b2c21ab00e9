"""Uploaded files: kept in a private folder, read once by a child process, then walked row by row from any place."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from c360.core.config import settings
from c360.core.errors import Invalid, NotFound, TooMany

PATIENCE = 900
"""Seconds a file may take to read; the child has a tighter limit of its own."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: its name, how many rows fill it, some of its values, its words for nothing."""

    name: str
    filled: int = 0
    samples: tuple[str, ...] = ()
    nulls: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was found in a file: its columns and the number of its rows."""

    kind: str
    columns: tuple[Column, ...]
    rows: int
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    header_row: int = 1
    joined: int = 0

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file: where it starts, and where the next one does (``offset``)."""

    number: int
    cells: list[str]
    joined: bool
    start: int
    offset: int


def folder(key: str) -> Path:
    """Return the private folder of an uploaded file."""
    if not key.isalnum():
        raise NotFound("import.file.gone")
    return settings().data_path / "imports" / key


def new_key() -> str:
    """Make a private folder for a new file and return its key."""
    key = uuid4().hex
    path = folder(key)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.mkdir(mode=0o700)
    return key


def most_bytes() -> int:
    """Return how big an upload may be."""
    return int(settings().max_upload_mb) * 1_000_000


async def receive(chunks: AsyncIterator[bytes]) -> str:
    """Write an upload to a private file as it arrives and return its key; too much is refused at once."""
    key = new_key()
    size = 0
    try:
        with _private(folder(key) / "source") as out:
            async for chunk in chunks:
                size += len(chunk)
                if size > most_bytes():
                    raise TooMany("import.file.big", mb=settings().max_upload_mb)
                out.write(chunk)
    except BaseException:  # A cancelled upload leaves nothing behind either.
        discard(key)
        raise
    return key


def take(source: Path) -> str:
    """Copy a file of this machine into a private folder and return its key."""
    key = new_key()
    with source.open("rb") as given, _private(folder(key) / "source") as out:
        shutil.copyfileobj(given, out)
    return key


def _private(path: Path) -> BinaryIO:
    path.touch(mode=0o600)
    return path.open("wb")


def read(
    key: str, name: str, *, encoding: str = "", delimiter: str = "", sheet: str = "", header: int | None = None
) -> Sheet:
    """Read an uploaded file in a child process; ``Invalid`` says what is wrong with it, and what was read stays.

    What is not said is found out; ``header`` is the number of the row that names the columns, 0 for none.
    """
    home = folder(key)
    if not (home / "source").exists():
        raise NotFound("import.file.gone")
    rows, found = home / "rows.new", home / "answer.new"
    order = {
        "source": str(home / "source"), "target": str(rows), "answer": str(found), "name": name,
        "encoding": encoding, "delimiter": delimiter, "sheet": sheet, "header": header,
    }  # fmt: skip
    (home / "order").write_text(json.dumps(order), "utf-8")
    found.unlink(missing_ok=True)
    _carry_out(home / "order")
    try:
        answer = json.loads(found.read_text("utf-8"))
    except (FileNotFoundError, ValueError) as error:  # Killed at one of its limits, it leaves no answer.
        raise Invalid.field("file", "import.file.heavy") from error
    if "error" in answer:
        raise Invalid.field("file", answer["error"], **answer["params"])
    rows.replace(home / "rows")
    found.replace(home / "answer")
    return _sheet(answer)


def _carry_out(order: Path) -> None:
    command = [sys.executable, "-m", "c360.services.imports.child", str(order)]
    try:
        subprocess.run(command, timeout=PATIENCE, capture_output=True, check=False)  # noqa: S603 - our own module
    except subprocess.TimeoutExpired as error:
        raise Invalid.field("file", "import.file.heavy") from error


def sheet(key: str) -> Sheet:
    """Return what was found when the file was read."""
    try:
        return _sheet(json.loads((folder(key) / "answer").read_text("utf-8")))
    except FileNotFoundError as error:
        raise NotFound("import.file.gone") from error


def _sheet(answer: dict[str, Any]) -> Sheet:
    columns = [Column(c["name"], c["filled"], tuple(c["samples"]), c["nulls"]) for c in answer.pop("columns")]
    return Sheet(**{**answer, "columns": tuple(columns), "sheets": tuple(answer["sheets"])})


def lines(key: str, offset: int = 0, most: int | None = None) -> Iterator[Line]:
    """Walk the rows of a file that was read, from a place an earlier walk came to."""
    try:
        file = (folder(key) / "rows").open("rb")
    except FileNotFoundError as error:
        raise NotFound("import.file.gone") from error
    with file:
        file.seek(offset)
        for i, raw in enumerate(file):
            if most is not None and i >= most:
                return
            start, offset = offset, offset + len(raw)
            number, cells, *joined = json.loads(raw)
            yield Line(number, cells, bool(joined), start, offset)


def older_than(seconds: float) -> list[str]:
    """Return the keys of uploaded files nobody has read or written for so long."""
    before = time.time() - seconds
    homes = (settings().data_path / "imports").glob("*")
    return [h.name for h in homes if max((p.stat().st_mtime for p in (h, *h.iterdir())), default=0) < before]


def discard(key: str) -> None:
    """Remove an uploaded file and all that was made of it."""
    shutil.rmtree(folder(key), ignore_errors=True)
