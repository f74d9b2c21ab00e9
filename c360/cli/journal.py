"""The journal on the command line: `verify`, `journal clear` and `journal events`."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from sqlmodel import Session

from c360.cli.files import As, actor_named
from c360.cli.output import AsJson, answer, err, table
from c360.core.actor import SYSTEM
from c360.core.db import engine
from c360.services import clearing, events
from c360.services import verify as journal
from c360.services.uow import perform, unit_of_work

group = typer.Typer(help="What the journal keeps.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(verify)
    app.add_typer(group, name="journal")
    group.command("clear")(clear)
    group.command("events")(follow)


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


def clear(
    before: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The first day that is kept.")],
    yes: Annotated[bool, typer.Option("--yes", help="Clear without asking.")] = False,
    as_json: AsJson = False,
) -> None:
    """Empty what the journal holds of the days before one, at least a year past; that it was cleared stays in it."""
    if not yes:
        typer.confirm(
            f"Empty the journal before {before:%Y-%m-%d}? Nothing of it can be undone afterwards.", abort=True
        )
    n = perform(SYSTEM, clearing.clear, before.date())
    answer({"cleared": n}, as_json, f"{n} changes were emptied.")


def follow(
    after: Annotated[int, typer.Option(help="Begin after this number of the journal.")] = 0,
    kind: Annotated[str, typer.Option(help="Only this kind, such as customer.merged.")] = "",
    as_user: As = "", as_json: AsJson = False,
) -> None:  # fmt: skip
    """List what happened, in order: each act and the rows it changed carry the same cause."""
    with unit_of_work(actor_named(as_user), reads=True) as uow:
        found = [asdict(one) for one in events.after(uow, after, kind=kind)]
    answer(found, as_json, f"{len(found)} events")
    if not as_json:
        table(("number", "when", "what", "cause"), [(e["seq"], e["at"], e["kind"], e["cause"]) for e in found])
