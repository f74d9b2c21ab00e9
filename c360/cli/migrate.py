"""The database on the command line: `migrate`."""

import typer

from c360.cli import database
from c360.cli.output import AsJson, answer


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(migrate)


def migrate(as_json: AsJson = False) -> None:
    """Bring the database up to date."""
    before, after = database.upgrade()
    changed = before != after
    line = f"The database is at {after}" + (f", it was at {before or 'nothing'}." if changed else " already.")
    answer({"before": before, "after": after, "changed": changed}, as_json, line)
