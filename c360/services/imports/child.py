"""The child process that reads a stranger's file: ``python -m c360.services.imports.child ORDER.json``.

It writes the rows as lines of JSON and tells what it found; limits on memory, time and output keep a hostile file
from harming the server.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from c360.services.imports.formats import BadFile, Opened, Rows, open_file

try:
    import resource
except ModuleNotFoundError:  # Windows has no limits to set; the parent's timeout still holds there.
    resource = None

MEMORY = 1_200_000_000
SECONDS = 600
OUTPUT = 4_000_000_000
KEPT = 400
SAMPLES = 200
NULLS = ("NULL", "\\N", "(null)", "#N/A")
"""Words a database or a spreadsheet writes for no value, in exactly this form."""


def limit() -> None:
    """Give this process at most so much memory, time and disk."""
    if resource is None:
        return
    limits = {resource.RLIMIT_AS: MEMORY, resource.RLIMIT_CPU: SECONDS, resource.RLIMIT_FSIZE: OUTPUT}
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def convert(order: dict[str, Any]) -> dict[str, Any]:
    """Read a file, write its rows as JSON lines and return what was found out about it."""
    opened = open_file(
        Path(order["source"]), order["name"], encoding=order.get("encoding", ""),
        delimiter=order.get("delimiter", ""), sheet=order.get("sheet", ""),
    )  # fmt: skip
    head = []
    for numbered in opened.rows:
        head.append(numbered)
        if len(head) == 50:
            break
    if not head:
        raise BadFile("import.file.empty")
    at = _header(head, order.get("header"))
    width = len(head[at][1]) if at >= 0 else max(len(cells) for _, cells in head)
    names = titles(head[at][1] if at >= 0 else [""] * width)
    return _written(opened, _rest(head[at + 1 :], opened.rows), names, Path(order["target"])) | {
        "header_row": head[at][0] if at >= 0 else 0
    }


def _header(head: list[tuple[int, list[str]]], asked: int | None) -> int:
    """Return which of the first rows names the columns: the one asked for by its number, else the likeliest."""
    if asked is None:
        return header_at([cells for _, cells in head])
    numbers = [number for number, _ in head]
    if asked and asked not in numbers:
        raise BadFile("import.file.header")
    return numbers.index(asked) if asked else -1


def _rest(head: list[tuple[int, list[str]]], rows: Rows) -> Iterator[tuple[int, list[str]]]:
    yield from head
    yield from rows


def _written(opened: Opened, rows: Rows, names: list[str], target: Path) -> dict[str, Any]:
    width, total, joins = len(names), 0, 0
    filled, samples = [0] * width, [dict[str, None]() for _ in names]
    nulls = [Counter[str]() for _ in names]
    commas = opened.delimiter == ","
    with target.open("w", encoding="utf-8") as out:
        for number, cells in rows:
            cells, joined = rejoined(cells, width) if commas else (cells, False)
            joins += joined
            total += 1
            if len(cells) < width:
                cells = cells + [""] * (width - len(cells))
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
            for i, cell in enumerate(cells[:width]):
                if not cell:
                    continue
                filled[i] += 1
                if cell in NULLS:
                    nulls[i][cell] += 1
                elif len(samples[i]) < SAMPLES:
                    samples[i][cell[:KEPT]] = None
            out.write(json.dumps([number, cells] + ([1] if joined else []), ensure_ascii=False))
            out.write("\n")
    columns = [
        {"name": name, "filled": filled[i], "samples": list(samples[i]), "nulls": dict(nulls[i])}
        for i, name in enumerate(names)
    ]
    return {
        "kind": opened.kind, "encoding": opened.encoding, "delimiter": opened.delimiter, "sheet": opened.sheet,
        "sheets": opened.sheets, "columns": columns, "rows": total, "joined": joins,
    }  # fmt: skip


def rejoined(cells: list[str], width: int) -> tuple[list[str], bool]:
    """Put a text back together that an unquoted comma tore apart: "Viale Dante, 75" is one cell, not two.

    A separator is never followed by a space here, a comma in a sentence always is: when exactly the surplus cells
    begin with a space, they belong to the cell before.
    """
    surplus = len(cells) - width
    torn = [i for i, cell in enumerate(cells) if i and cell[:1] == " " and cell.strip()]
    if surplus <= 0 or len(torn) != surplus:
        return cells, False
    whole: list[str] = []
    for i, cell in enumerate(cells):
        if i in torn:
            whole[-1] += f",{cell}"
        else:
            whole.append(cell)
    return whole, True


def header_at(rows: list[list[str]]) -> int:
    """Return which of the first rows names the columns; lines of title above it are passed over, -1 means none."""
    widths = [sum(bool(cell.strip()) for cell in row) for row in rows]
    usual = max(widths)
    for i, row in enumerate(rows[:20]):
        if widths[i] < max(2, usual * 0.6) and usual > 1:
            continue
        texts = [cell.strip() for cell in row if cell.strip()]
        wordy = [t for t in texts if any(c.isalpha() for c in t) and "@" not in t and len(t) <= 60]
        return i if texts and len(wordy) >= 0.8 * len(texts) else -1
    return 0


def titles(cells: list[str]) -> list[str]:
    """Return a name for every column: the empty ones are numbered, the repeated ones told apart."""
    seen: Counter[str] = Counter()
    names = []
    for i, cell in enumerate(cells, start=1):
        name = " ".join(cell.split())[:200] or f"Column {i}"
        seen[name.casefold()] += 1
        names.append(name if seen[name.casefold()] == 1 else f"{name} ({seen[name.casefold()]})")
    return names


def main(order_path: str) -> None:
    """Do what an order says and write the answer beside it."""
    order = json.loads(Path(order_path).read_text("utf-8"))
    limit()
    try:
        answer = convert(order)
    except BadFile as error:
        answer = {"error": error.key, "params": error.params}
    except MemoryError:
        answer = {"error": "import.file.heavy", "params": {}}
    except OSError:
        answer = {"error": "import.file.broken", "params": {}}
    Path(order["answer"]).write_text(json.dumps(answer, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
