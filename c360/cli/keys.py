"""API keys on the command line: `key add`, `key list`, `key revoke`."""

from dataclasses import asdict
from typing import Annotated

import typer
from sqlmodel import select

from c360.cli.output import AsJson, answer, table
from c360.core.actor import SYSTEM
from c360.core.errors import NotFound
from c360.core.ids import id_of
from c360.models.customer import KINDS
from c360.models.user import User
from c360.services import api_keys
from c360.services.uow import ask, perform, unit_of_work

group = typer.Typer(help="Keys by which programs act for a user.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(group, name="key")


@group.command()
def add(
    login: Annotated[str, typer.Argument(help="The e-mail address of the user the program acts for.")],
    name: Annotated[str, typer.Option(help="What the key is for.")],
    kind: Annotated[list[str] | None, typer.Option(help="contact or account; both when it is left out.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Let it create, change and archive, too.")] = False,
    days: Annotated[int, typer.Option(help="How long it lasts.")] = api_keys.USUAL_DAYS,
    as_json: AsJson = False,
) -> None:
    """Make a key and show it, this once."""
    with unit_of_work(SYSTEM) as uow:
        user = uow.session.exec(select(User).where(User.login == login.strip().lower())).first()
        if user is None:
            raise NotFound("cli.unknown", what="user", name=login)
        secret = api_keys.make(uow, user.id, name, kind or KINDS, writes=write, days=days)
    answer({"login": login, "name": name, "key": secret}, as_json, secret)


@group.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """Show everybody's keys: what they may do, until when, when they were last used."""
    found = ask(SYSTEM, api_keys.every)
    if as_json:
        answer([asdict(key) for key in found], as_json)
        return
    rows = [(k.id, k.owner, k.name, ", ".join(k.kinds), "write" if k.writes else "read", k.expires[:10], k.used[:16],
             k.state) for k in found]  # fmt: skip
    table(("id", "user", "name", "kinds", "may", "expires", "used", "state"), rows)


@group.command()
def revoke(
    key_id: Annotated[str, typer.Argument(help="The key's id, as `key list` shows it.")], as_json: AsJson = False
) -> None:
    """End a key at once."""
    perform(SYSTEM, api_keys.revoke, id_of(key_id))
    answer({"id": key_id, "state": "revoked"}, as_json, f"The key {key_id} opens nothing any more.")
