"""Processes that stay: `serve`, `worker`."""

import typer

from c360 import serve as server


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(serve)
    app.command()(worker)


def serve() -> None:
    """Start the server alone, on a database that is up to date."""
    server.start(worker=False)


def worker(name: str = typer.Option("", help="A name that stays the same when it starts again.")) -> None:
    """Work on queued jobs until told to stop; a job that was cut short goes on where it was."""
    server.start_worker(name)
