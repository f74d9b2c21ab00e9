"""Duplicates in a file: `duplicates match`."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from c360.cli.output import AsJson, answer, err, fail
from c360.services.duplicates import matching_files


class Of(StrEnum):
    """What the rows are."""

    CONTACT = "contact"
    ACCOUNT = "account"


There = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, TSV or XLSX, one record a row.")]
Id = Annotated[str, typer.Option("--id", help="The column that tells the rows apart.")]
Map = Annotated[list[str] | None, typer.Option("--map", help="FIELD=COLUMN; the other columns are guessed.")]
Out = Annotated[Path, typer.Option(help="Where to write id_a, id_b, score and explanation.")]
Least = Annotated[float, typer.Option(min=0.01, max=0.999, help="How likely a pair must be to be linked.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(match)


def match(
    file: There, entity: Annotated[Of, typer.Option(help="What the rows are.")], id_column: Id, out: Out,
    mapped: Map = None, threshold: Least = 0.5, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Compare the rows of a file with each other, touching no database."""
    said: dict[str, str] = {}
    for one in mapped or []:
        name, _, column = one.partition("=")
        if not column:
            raise fail("Write --map FIELD=COLUMN.", 2)
        said[name] = column
    begin = perf_counter()
    with err.status("Comparing …"):
        found = matching_files.match_file(file, entity.value, id_column, out, threshold=threshold, said=said)
    seconds = round(perf_counter() - begin, 2)
    lines = [f"{found.rows} rows, {found.groups} groups, {found.pairs} pairs in {out} ({seconds} s)", *found.said]
    answer({**asdict(found), "file": str(out), "seconds": seconds}, as_json, *lines)
