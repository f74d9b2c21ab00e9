"""Exports on the command line: `export`."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from c360.cli.output import AsJson, answer, err
from c360.core.actor import SYSTEM
from c360.core.errors import Invalid
from c360.services import exports, listing, mailings
from c360.services.listing import Mailing
from c360.services.uow import ask, perform

ENTITIES = ("contact", "account", "customer", "activity")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(export)


def export(
    file: Annotated[Path, typer.Argument(help="Where to write; .csv or .xlsx.")],
    entity: Annotated[str, typer.Option(help="contact, account, customer or activity.")] = "contact",
    purpose: Annotated[str, typer.Option(help="Key of the purpose of a mailing: who has not agreed is left out.")] = "",
    medium: Annotated[
        str, typer.Option(help="The channel of the mailing: email, phone, sms, post or visit.")
    ] = "email",
    as_json: AsJson = False,
) -> None:
    """Write every record of an entity to a file that can be imported again, or those a mailing may reach."""
    form = file.suffix.lower().removeprefix(".")
    if form not in exports.FORMATS or entity not in ENTITIES:
        raise Invalid.field("format", "export.format")
    query = listing.from_json(ask(SYSTEM, exports.whole, entity))
    query = replace(query, mailing=Mailing(purpose, medium) if purpose else None)
    left = ask(SYSTEM, listing.left_out, query)
    left.pop("", None)
    with err.status("Writing …"):
        rows = exports.write(SYSTEM, query, form, file.resolve())
    perform(SYSTEM, exports.log, query, form, rows, left)
    found = mailings.told("en", left)
    told = [f"{rows} rows in {file}", *([f"{found.left_out} left out:"] if left else []), *found.reasons]
    answer({"rows": rows, "file": str(file), "left_out": left}, as_json, "\n".join(told))
