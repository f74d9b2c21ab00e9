"""The demo on the command line: `demo load`, `demo remove`."""

import typer

from c360.cli.output import AsJson, answer, progress
from c360.services import demo

group = typer.Typer(help="Customers made up to look around with.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(group, name="demo")
    group.command("load")(load)
    group.command("remove")(remove)


def load(as_json: AsJson = False) -> None:
    """Load about 2,000 made-up customers, some of them twice."""
    with progress("Loading the demo", quiet=as_json) as report:
        told = demo.load(report)
    answer(told, as_json, f"The demo is there: {sum(told.values())} rows became customers.")


def remove(as_json: AsJson = False) -> None:
    """Remove the demo without a trace; what people made themselves stays."""
    told = demo.remove()
    freed = [f"  {name} no longer names a customer of the demo." for name in told["freed"]]
    answer(told, as_json, f"{told['customers']} customers of the demo are gone.", *freed)
