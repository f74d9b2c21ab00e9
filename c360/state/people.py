"""Administration of users, roles and teams."""

from dataclasses import asdict
from typing import Any, TypedDict
from uuid import UUID

import reflex as rx

from c360.core.errors import Invalid
from c360.core.ids import id_of
from c360.services import role_matrix, users
from c360.state.guard import requires
from c360.state.session import ServiceCalls


class Person(TypedDict):
    """A user as a row."""

    id: str
    name: str
    login: str
    language: str
    roles: list[str]
    teams: list[str]
    role_names: str
    team_names: str
    state: str
    seen: str


class Named(TypedDict):
    """A role or a team to choose."""

    id: str
    name: str
    users: int
    key: str


NOBODY: Person = {
    "id": "", "name": "", "login": "", "language": "en", "roles": [], "teams": [], "role_names": "", "team_names": "",
    "state": "", "seen": "",
}  # fmt: skip


def _picked(form: dict[str, str], prefix: str) -> list[UUID]:
    return [id_of(name.removeprefix(prefix)) for name in form if name.startswith(prefix)]


class UsersPage(ServiceCalls, rx.State):
    """The page of users."""

    people: list[Person] = []
    roles: list[Named] = []
    teams: list[Named] = []
    chosen: Person = NOBODY
    editing: bool = False
    link: str = ""
    errors: dict[str, str] = {}
    loaded: bool = False

    @rx.event
    @requires("update", "user")
    async def load(self):
        """Load users, roles and teams."""
        self.roles = [_named(r) for r in await self._ask(role_matrix.listed)]
        self.teams = [_named(t) for t in await self._ask(role_matrix.teams)]
        names = {one["id"]: one["name"] for one in (*self.roles, *self.teams)}
        self.people = [_person(m, names) for m in await self._ask(users.listed)]
        self.loaded = True

    @rx.event
    @requires("update", "user")
    async def edit(self, user_id: str):
        """Open the form of a user, or an empty one."""
        self.chosen = next((p for p in self.people if p["id"] == user_id), NOBODY)
        self.editing, self.link, self.errors = True, "", {}

    @rx.event
    @requires("update", "user")
    async def close(self):
        """Close the form; a link that was shown is gone."""
        self.editing, self.link, self.errors = False, "", {}

    @rx.event
    @requires("update", "user")
    async def save(self, form: dict[str, str]):
        """Invite a new user, or change one."""
        roles, teams = _picked(form, "role-"), _picked(form, "team-")
        try:
            if self.chosen["id"]:
                await self._call(
                    users.change, id_of(self.chosen["id"]), name=form.get("name", ""), role_ids=roles, team_ids=teams
                )
                self.editing = False
            else:
                _, path = await self._call(
                    users.invite, form.get("login", ""), form.get("name", ""), language=form.get("language", "en"),
                    role_ids=roles, team_ids=teams,
                )  # fmt: skip
                self.link = self.router.url.origin + path
        except Invalid as error:
            self.errors = error.texts((await self._actor()).language)
            return None
        return UsersPage.load

    @rx.event
    @requires("update", "user")
    async def make_link(self, user_id: str):
        """Show a link with which a user chooses a new password."""
        self.chosen = next((p for p in self.people if p["id"] == user_id), NOBODY)
        path = await self._call(users.new_link, id_of(user_id))
        self.editing, self.link = True, self.router.url.origin + path

    @rx.event
    @requires("update", "user")
    async def disable(self, user_id: str):
        """Shut a user out."""
        await self._call(users.disable, id_of(user_id))
        return UsersPage.load

    @rx.event
    @requires("update", "user")
    async def enable(self, user_id: str):
        """Let a user in again."""
        await self._call(users.enable, id_of(user_id))
        return UsersPage.load

    @rx.event
    @requires("update", "user")
    async def sign_out(self, user_id: str):
        """End every session of a user."""
        await self._call(users.sign_out, id_of(user_id))
        return UsersPage.load


class TeamsPage(ServiceCalls, rx.State):
    """The page of teams."""

    teams: list[Named] = []
    chosen: str = ""
    name: str = ""
    editing: bool = False
    errors: dict[str, str] = {}

    @rx.event
    @requires("update", "team")
    async def load(self):
        """Load the teams."""
        self.teams = [_named(t) for t in await self._ask(role_matrix.teams)]

    @rx.event
    @requires("update", "team")
    async def edit(self, team_id: str):
        """Open the form of a team, or an empty one."""
        self.chosen, self.editing, self.errors = team_id, True, {}
        self.name = next((t["name"] for t in self.teams if t["id"] == team_id), "")

    @rx.event
    @requires("update", "team")
    async def close(self):
        """Close the form."""
        self.editing = False

    @rx.event
    @requires("update", "team")
    async def save(self, form: dict[str, str]):
        """Add a team or rename one."""
        try:
            await self._call(role_matrix.save_team, id_of(self.chosen) if self.chosen else None, form.get("name", ""))
        except Invalid as error:
            self.errors = error.texts((await self._actor()).language)
            return None
        self.editing = False
        return TeamsPage.load

    @rx.event
    @requires("archive", "team")
    async def remove(self, team_id: str):
        """Take away a team nobody is in."""
        await self._call(role_matrix.remove_team, id_of(team_id))
        return TeamsPage.load


class RolesPage(ServiceCalls, rx.State):
    """The page of roles: a matrix of entities and verbs."""

    roles: list[Named] = []
    chosen: str = ""
    key: str = ""
    name: str = ""
    cells: dict[str, str] = {}
    hidden: list[str] = []
    locked: list[str] = []
    closable: dict[str, str] = {}
    errors: dict[str, str] = {}
    _all: dict[str, Any] = {}

    @rx.event
    @requires("update", "role")
    async def load(self):
        """Load the roles and show the first."""
        found = await self._ask(role_matrix.listed)
        self.roles, self._all = [_named(r) for r in found], {r.id: asdict(r) for r in found}
        self.closable = await self._ask(role_matrix.closable)
        self._show(self.chosen if self.chosen in self._all else found[0].id)

    @rx.event
    @requires("update", "role")
    async def choose(self, role_id: str):
        """Show another role, or an empty one."""
        self._show(role_id)

    def _show(self, role_id: str) -> None:
        role = self._all.get(role_id, {"key": "", "name": "", "rights": {}, "hidden": [], "locked": []})
        self.chosen, self.key, self.name, self.errors = role_id, role["key"], role["name"], {}
        self.hidden, self.locked = role["hidden"], role["locked"]
        self.cells = {
            f"{entity}:{verb.value}": role["rights"].get(entity, {}).get(verb.value, "")
            for entity in role_matrix.ENTITIES
            for verb in role_matrix.VERBS
        }

    @rx.event
    @requires("update", "role")
    async def save(self, form: dict[str, str]):
        """Set what the role allows."""
        rights: dict[str, dict[str, str]] = {entity: {} for entity in role_matrix.ENTITIES}
        for cell in self.cells:
            entity, _, verb = cell.partition(":")
            if form.get(cell) in ("own", "team", "all"):
                rights[entity][verb] = form[cell]
        try:
            role_id = await self._call(
                role_matrix.save, id_of(self.chosen) if self.chosen else None, name=form.get("name", ""), rights=rights,
                hidden=[n for n in self.closable if form.get(f"field-{n}") == "hidden"],
                locked=[n for n in self.closable if form.get(f"field-{n}") == "locked"],
            )  # fmt: skip
        except Invalid as error:
            self.errors = error.texts((await self._actor()).language)
            return None
        self.chosen = str(role_id)
        return RolesPage.load

    @rx.event
    @requires("archive", "role")
    async def remove(self):
        """Take away a role nobody has."""
        await self._call(role_matrix.remove, id_of(self.chosen))
        self.chosen = ""
        return RolesPage.load


def _named(row: role_matrix.RoleRow | role_matrix.TeamRow) -> Named:
    return {"id": row.id, "name": row.name, "users": row.users, "key": getattr(row, "key", "")}


def _person(member: users.Member, names: dict[str, str]) -> Person:
    return {
        "id": member.id, "name": member.name, "login": member.login, "language": member.language,
        "roles": member.roles, "teams": member.teams, "state": member.state,
        "role_names": ", ".join(names.get(i, "") for i in member.roles),
        "team_names": ", ".join(names.get(i, "") for i in member.teams),
        "seen": member.seen.isoformat() if member.seen else "",
    }  # fmt: skip
