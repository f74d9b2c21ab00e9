"""Users on the command line: `user add`, `user list`, `user disable`, `user enable`, `user link`."""

from typing import Annotated, Any
from uuid import UUID

import typer
from sqlmodel import select

from c360.cli.output import AsJson, answer, table
from c360.core.actor import SYSTEM
from c360.core.config import settings
from c360.core.errors import NotFound
from c360.models.user import Role, Team, User
from c360.services import links, users
from c360.services.uow import UnitOfWork, ask, unit_of_work

Login = Annotated[str, typer.Argument(help="The e-mail address the user signs in with.")]
group = typer.Typer(help="Who may sign in.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(group, name="user")


@group.command()
def add(
    login: Login,
    name: Annotated[str, typer.Option(help="The user's name.", prompt=True)],
    role: Annotated[list[str], typer.Option(help="business_user, manager, administrator, data_protection_officer …")],
    team: Annotated[list[str] | None, typer.Option(help="A team's name; made when it is new.")] = None,
    language: Annotated[str, typer.Option(help="en or de")] = "en",
    ask_password: Annotated[bool, typer.Option("--password", help="Ask for the password instead of a link.")] = False,
    as_json: AsJson = False,
) -> None:
    """Add a user; the answer is a link that works once, by which he chooses his password."""
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True) if ask_password else ""
    with unit_of_work(SYSTEM) as uow:
        role_ids = [_named(uow, Role, "key", key).id for key in role]
        team_ids = [_team(uow, called) for called in team or ()]
        user_id, path = users.invite(uow, login, name, language=language, role_ids=role_ids, team_ids=team_ids)
        if password:
            links.choose_password(uow, path.partition("token=")[2], password)
    link = None if password else settings().origin + path
    told = f"{name} may sign in now." if password else f"{name} chooses a password here, once: {link}"
    answer({"id": user_id, "login": login, "link": link}, as_json, told)


@group.command("list")
def list_users(as_json: AsJson = False) -> None:
    """Show every user with roles and state."""
    found = ask(SYSTEM, _members)
    if as_json:
        answer(found, as_json)
    else:
        table(("login", "name", "roles", "state"), [(u["login"], u["name"], u["roles"], u["state"]) for u in found])


@group.command()
def disable(login: Login, as_json: AsJson = False) -> None:
    """Shut a user out at once; what he owns stays."""
    with unit_of_work(SYSTEM) as uow:
        users.disable(uow, _user(uow, login))
    answer({"login": login, "state": "disabled"}, as_json, f"{login} is shut out.")


@group.command()
def enable(login: Login, as_json: AsJson = False) -> None:
    """Let a user in again."""
    with unit_of_work(SYSTEM) as uow:
        users.enable(uow, _user(uow, login))
    answer({"login": login, "state": "enabled"}, as_json, f"{login} may sign in again.")


@group.command()
def link(login: Login, as_json: AsJson = False) -> None:
    """Make a link by which a user chooses a new password, once."""
    with unit_of_work(SYSTEM) as uow:
        path = users.new_link(uow, _user(uow, login))
    answer({"login": login, "link": settings().origin + path}, as_json, settings().origin + path)


def _members(uow: UnitOfWork) -> list[dict[str, Any]]:
    roles = {str(role.id): role.key for role in uow.session.exec(select(Role))}
    return [
        {"login": m.login, "name": m.name, "roles": ", ".join(roles[str(r)] for r in m.roles), "state": m.state}
        for m in users.listed(uow)
    ]


def _user(uow: UnitOfWork, login: str) -> UUID:
    return _named(uow, User, "login", login.strip().lower()).id


def _team(uow: UnitOfWork, name: str) -> UUID:
    found = uow.session.exec(select(Team).where(Team.name == name)).first() or uow.add(Team(name=name))
    uow.flush()
    return found.id


def _named(uow: UnitOfWork, model: Any, column: str, value: str) -> Any:
    found = uow.session.exec(select(model).where(getattr(model, column) == value)).first()
    if found is None:
        raise NotFound("cli.unknown", what=model.__name__.lower(), name=value)
    return found
