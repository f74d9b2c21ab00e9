"""How the command line speaks: to a person in colour, to a program in JSON, to both by its exit code."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for a program.")]
Advance = Callable[[int, int], None]

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def answer(told: Any, as_json: bool, *lines: str) -> None:
    """Print a result: the whole of it as JSON, or the lines meant for a person."""
    if as_json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False, default=str, indent=2) + "\n")
        return
    for line in lines:
        out.print(line)


def table(headings: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Print rows under headings."""
    shown = Table(*headings, box=None, header_style="bold")
    for row in rows:
        shown.add_row(*("" if cell is None else str(cell) for cell in row))
    out.print(shown)


@contextmanager
def progress(caption: str, quiet: bool = False) -> Iterator[Advance]:
    """Show a bar while long work goes on; give what moves it: ``advance(done, total)``."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, disable=quiet or not err.is_terminal, transient=True) as bar:
        task = bar.add_task(caption, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)


def fail(message: str, code: int = 1) -> typer.Exit:
    """Say what is wrong on the error stream and return what ends the command."""
    err.print(f"[red]{message}[/red]" if err.is_terminal else message, markup=err.is_terminal)
    return typer.Exit(code)
