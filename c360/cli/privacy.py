"""Data protection on the command line: `privacy unused`, `erasures replay`."""

from typing import Annotated

import typer

from c360.cli.output import AsJson, answer, err
from c360.core.actor import SYSTEM
from c360.services.privacy import erasing, unused
from c360.services.uow import perform

group = typer.Typer(help="What was erased for good.", no_args_is_help=True)
privacy = typer.Typer(help="Rules of data protection.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(group, name="erasures")
    app.add_typer(privacy, name="privacy")
    group.command("replay")(replay)
    privacy.command("unused")(sweep)


def replay(as_json: AsJson = False) -> None:
    """Erase again, after a backup was put back, who was erased since it was made."""
    n = perform(SYSTEM, erasing.replay)
    answer({"erased": n}, as_json, f"{n} customers were erased again.")


def sweep(
    apply: Annotated[bool, typer.Option("--apply", help="Erase and anonymise, rather than count.")] = False,
    as_json: AsJson = False,
) -> None:
    """Count the people unused for as long as the rule says; with --apply, erase prospects and anonymise the others."""
    with err.status("Looking …"):
        told = unused.sweep(SYSTEM, dry=not apply)
    n = {name: told[name] for name in unused.COUNTS}
    done = "{erase} erased, {anonymise} anonymised" if apply else "{erase} would be erased, {anonymise} anonymised"
    answer(n, as_json, f"{done}, {{held}} held back by law or open business.".format(**n))
