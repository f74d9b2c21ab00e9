"""Erasures on the command line: `erasures replay`."""

import typer

from c360.cli.output import AsJson, answer
from c360.core.actor import SYSTEM
from c360.services.privacy import erasing
from c360.services.uow import perform

group = typer.Typer(help="What was erased for good.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(group, name="erasures")
    group.command("replay")(replay)


def replay(as_json: AsJson = False) -> None:
    """Erase again, after a backup was put back, who was erased since it was made."""
    n = perform(SYSTEM, erasing.replay)
    answer({"erased": n}, as_json, f"{n} customers were erased again.")
