"""Everything at once: `up`."""

import subprocess
import sys

import typer

from c360 import serve as server
from c360.cli import database
from c360.cli.output import out
from c360.core.actor import SYSTEM
from c360.core.config import settings
from c360.services import links
from c360.services.uow import perform


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(up)


def up() -> None:
    """Migrate, load the demo when the database is new, start the server and its job worker."""
    server.check(settings())
    if database.prepare():
        # A process of its own: only a new database needs what the demo loads.
        subprocess.run([sys.executable, "-m", "c360", "demo", "load"], check=True)
    if path := perform(SYSTEM, links.first_run):
        out.print("There is no administrator yet. This link makes the first one; it works once, for a day:")
        out.print(f"  {settings().origin}{path}")
    server.start(worker=True)
