"""The journal on the command line: `verify`."""

import typer
from sqlmodel import Session

from c360.cli.output import AsJson, answer, err
from c360.core.db import engine
from c360.services import verify as journal


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(verify)


def verify(as_json: AsJson = False) -> None:
    """Walk the journal's chain and name the first place where it is not what was written."""
    with err.status("Walking the journal …"), Session(engine().execution_options(postgresql_readonly=True)) as session:
        found = journal.verify(session)
    told = found.as_json()
    line = f"{found.sets} change sets, {found.rows} rows: the chain is whole."
    if found.broken:
        line = f"Change set {found.broken.seq} is not what was written: {found.broken.what}"
    answer(told, as_json, line)
    if not found.ok:
        raise typer.Exit(1)
