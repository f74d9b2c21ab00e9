"""Duplicates on the command line: `duplicates match`, `scan`, `list`, `dismiss`, `dismissed`, `revoke`."""

from typing import ClassVar

import typer

from c360.cli.lazy import Commands

STORED = ("scan", "list", "dismiss", "dismissed", "revoke")


class Duplicates(Commands):
    """What can be done about duplicates; the comparison of a file needs no database and loads none."""

    modules: ClassVar[dict[str, str]] = {"match": "duplicates_match", **dict.fromkeys(STORED, "duplicates_stored")}


def register(app: typer.Typer) -> None:
    """Add these commands."""
    help_text = "Find duplicates in a file or among the customers."
    group = typer.Typer(cls=Duplicates, help=help_text, no_args_is_help=True, callback=lambda: None)
    app.add_typer(group, name="duplicates")
