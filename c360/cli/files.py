"""Files on the command line: `import`."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import select

from c360.cli.output import AsJson, answer, progress, table
from c360.core.actor import SYSTEM, Actor
from c360.core.errors import Conflict, NotFound
from c360.models.user import User
from c360.services.actors import actor_for
from c360.services.imports import direct
from c360.services.rights import administrators
from c360.services.uow import UnitOfWork, ask


class Into(StrEnum):
    """What the rows of a file become."""

    CONTACT = "contact"
    ACCOUNT = "account"
    ACTIVITY = "activity"
    RELATION = "relation"


class OnMatch(StrEnum):
    """What happens to a row whose record is there already."""

    SKIP = "skip"
    FILL = "fill"
    OVERWRITE = "overwrite"
    INACTIVATE = "inactivate"
    ANONYMISE = "anonymise"


class OnDuplicate(StrEnum):
    """What happens to a row that looks like a record; at least what the door of imports does."""

    CREATE = "create"
    QUEUE = "queue"
    LINK = "link"
    REFUSE = "refuse"


As = Annotated[str, typer.Option("--as", help="The login to act as; needed unless there is one administrator only.")]
There = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, TSV, XLSX or vCard.")]
Map = Annotated[
    Path | None, typer.Option("--map", exists=True, dir_okay=False, help="A saved mapping, JSON; guessed without it.")
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("import")(import_file)


def import_file(
    file: There,
    entity: Annotated[Into, typer.Option(help="What the rows become.")],
    mapping: Map = None,
    match: Annotated[str, typer.Option(help="The field by which a record is known again.")] = "",
    on_match: Annotated[OnMatch | None, typer.Option(help="What happens to a record that is there already.")] = None,
    on_duplicate: Annotated[
        OnDuplicate | None, typer.Option(help="What happens to a row that looks like a record.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why records are made inactive: an entry of that pick list.")] = "",
    source: Annotated[str, typer.Option(help="The system the data comes from; the file's name without it.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do everything, then take it back.")] = False,
    as_user: As = "",
    as_json: AsJson = False,
) -> None:
    """Import a file: every row gets a verdict, and the batch can be undone in the browser."""
    actor = actor_named(as_user)
    given = json.loads(mapping.read_text("utf-8")) if mapping else None
    with progress(file.name, quiet=as_json) as report:
        told = direct.run_file(
            actor, file, entity, mapping=given, match=match, on_match=on_match or "", reason=reason, source=source,
            on_duplicate=on_duplicate or "", dry_run=dry_run, report=report,
        )  # fmt: skip
    if as_json:
        answer(told, as_json)
    else:
        _say(told, dry_run)
    if told["rejected"]:
        raise typer.Exit(1)


def _say(told: dict[str, Any], dry_run: bool) -> None:
    counts = ", ".join(f"{told[name]} {name}" for name in told if isinstance(told[name], int) and name != "rows")
    answer(None, False, f"{told['rows']} rows: {counts}" + (" (nothing was kept)" if dry_run else ""))
    if told["problems"]:
        table(("row", "why"), [(p["row"], json.dumps(p["reasons"], ensure_ascii=False)) for p in told["problems"]])


def actor_named(login: str) -> Actor:
    """Return who acts: the user named, else the only administrator."""
    return ask(SYSTEM, _actor, login)


def _actor(uow: UnitOfWork, login: str) -> Actor:
    if login:
        user = uow.session.exec(select(User).where(User.login == login.strip().lower())).first()
        found = actor_for(uow.session, user.id) if user else None
        if found is None:
            raise NotFound("cli.unknown", what="user", name=login)
        return found
    known = list(administrators(uow.session))
    if len(known) != 1:
        raise Conflict("cli.who")
    actor = actor_for(uow.session, known[0])
    if actor is None:
        raise Conflict("cli.who")
    return actor
