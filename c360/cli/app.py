"""The `c360` command and how its failures end: a sentence on the error stream and an exit code."""

import sys

import typer

from c360.cli import demo, exports, files, journal, server, users
from c360.cli.output import err
from c360.core.errors import C360Error
from c360.serve import NotReady

app = typer.Typer(
    name="c360",
    help="Customer 360: see and keep everything about a customer on one page.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
server.register(app)
journal.register(app)
users.register(app)
files.register(app)
exports.register(app)
demo.register(app)


def main() -> None:
    """Run a command; an expected failure is one sentence and exit code 1."""
    try:
        app()
    except C360Error as error:
        err.print(error.message.text(), markup=False)
        sys.exit(1)
    except NotReady as error:
        err.print(str(error), markup=False)
        sys.exit(1)
