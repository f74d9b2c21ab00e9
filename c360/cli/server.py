"""Starting and stopping: `up`, `serve`, `worker`, `migrate`."""

import typer

from c360 import serve as server
from c360.cli import database
from c360.cli.output import AsJson, answer, out, progress
from c360.core.actor import SYSTEM
from c360.core.config import settings
from c360.services import demo, links
from c360.services.uow import perform


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(up)
    app.command()(serve)
    app.command()(worker)
    app.command()(migrate)


def up() -> None:
    """Migrate, load the demo when the database is new, start the server and its job worker."""
    server.check(settings())
    if database.prepare():
        with progress("Loading the demo") as report:
            demo.load(report)
    if path := perform(SYSTEM, links.first_run):
        out.print("There is no administrator yet. This link makes the first one; it works once, for a day:")
        out.print(f"  {settings().origin}{path}")
    server.start(worker=True)


def serve() -> None:
    """Start the server alone, on a database that is up to date."""
    server.start(worker=False)


def worker(name: str = typer.Option("", help="A name that stays the same when it starts again.")) -> None:
    """Work on queued jobs until told to stop; a job that was cut short goes on where it was."""
    server.start_worker(name)


def migrate(as_json: AsJson = False) -> None:
    """Bring the database up to date."""
    before, after = database.upgrade()
    changed = before != after
    line = f"The database is at {after}" + (f", it was at {before or 'nothing'}." if changed else " already.")
    answer({"before": before, "after": after, "changed": changed}, as_json, line)
