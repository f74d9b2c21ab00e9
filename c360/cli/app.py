"""The `c360` command and how its failures end: a sentence on the error stream and an exit code.

A command's module is loaded when the command is asked for, so that none waits for what another one needs.
"""

import sys
import traceback
from typing import ClassVar

import typer

from c360.cli.lazy import Commands
from c360.cli.output import err
from c360.core.errors import C360Error
from c360.serve import NotReady

COMMANDS = {
    "up": "up", "serve": "server", "worker": "server", "migrate": "migrate", "user": "users", "key": "keys",
    "import": "files", "export": "exports", "duplicates": "duplicates", "merge": "merges", "unmerge": "merges",
    "demo": "demo", "verify": "journal", "journal": "journal", "erasures": "privacy", "privacy": "privacy",
}  # fmt: skip
"""Each command and the module of this package that has it."""


class Root(Commands):
    """The commands, in the order of ``COMMANDS``."""

    modules: ClassVar[dict[str, str]] = COMMANDS


app = typer.Typer(
    cls=Root,
    name="c360",
    help="Customer 360: see and keep everything about a customer on one page.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    callback=lambda: None,
)


def main() -> None:
    """Run a command; an expected failure is one sentence and exit code 1."""
    try:
        app()
    except C360Error as error:
        err.print(str(error), markup=False)
        sys.exit(1)
    except NotReady as error:
        err.print(str(error), markup=False)
        sys.exit(1)
    except Exception as error:
        # SQLAlchemy is loaded by those commands only that ask the database.
        known = sys.modules.get("sqlalchemy.exc")
        if known is not None and isinstance(error, known.OperationalError | known.ProgrammingError):
            refusal = getattr(error, "orig", error)
            err.print(f"The database refused: {refusal}. When it is new or old, run: c360 migrate", markup=False)
        else:
            err.print(_unexpected(error), markup=False)
        sys.exit(1)


def _unexpected(error: Exception) -> str:
    """Tell a failure by its kind and its place, as logs do: its message may quote a row."""
    frames = [f"  {f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    return "\n".join([f"This stopped because of an error in the app ({type(error).__name__}), at", *frames])
