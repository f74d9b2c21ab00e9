"""Exports on the command line: `export`."""

from pathlib import Path
from typing import Annotated

import typer

from c360.cli.output import AsJson, answer, err
from c360.core.actor import SYSTEM
from c360.core.errors import Invalid
from c360.services import exports, listing
from c360.services.uow import ask, perform

ENTITIES = ("contact", "account", "customer")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(export)


def export(
    file: Annotated[Path, typer.Argument(help="Where to write; .csv or .xlsx.")],
    entity: Annotated[str, typer.Option(help="contact, account or customer.")] = "contact",
    as_json: AsJson = False,
) -> None:
    """Write every record of an entity to a file that can be imported again."""
    form = file.suffix.lower().removeprefix(".")
    if form not in exports.FORMATS or entity not in ENTITIES:
        raise Invalid.field("format", "export.format")
    query = listing.from_json(ask(SYSTEM, exports.whole, entity))
    with err.status("Writing …"):
        rows = exports.write(SYSTEM, query, form, file.resolve())
    perform(SYSTEM, exports.log, entity, list(query.columns), form, rows)
    answer({"rows": rows, "file": str(file)}, as_json, f"{rows} rows in {file}")
