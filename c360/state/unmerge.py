"""Taking a merge apart: who comes back, what was edited since and is asked, which new rows are whose."""

from typing import Annotated, Any, TypedDict
from uuid import UUID

import reflex as rx
from pydantic import StringConstraints

from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services.merging import unmerging
from c360.services.merging.shapes import KEEP_NOW, PUT_BACK, Answers, Unmerging
from c360.services.turning import UndoOutcome
from c360.services.uow import perform
from c360.state import toasts
from c360.state.entries import ShownConflict, conflicts
from c360.state.guard import requires
from c360.state.merge_rows import Id
from c360.state.session import ServiceCalls, off_the_loop

Key = Annotated[str, StringConstraints(max_length=200)]


class Clash(TypedDict):
    """A value somebody changed after the merge."""

    key: str
    label: str
    field: str
    before: str
    merged: str
    now: str


class Row(TypedDict):
    """A row the master got after the merge."""

    key: str
    label: str
    at: str


class Someone(TypedDict):
    """One of the records a merge joined."""

    id: str
    name: str
    href: str


class UnmergePage(ServiceCalls, rx.State):
    """The merge whose change set the address names."""

    ready: bool = False
    busy: bool = False
    problem: str = ""
    refused: str = ""
    done: bool = False
    people: rx.Field[list[Someone]] = rx.field(default_factory=list)
    """Everybody who was merged, the master first."""
    touched: int = 0
    clashes: rx.Field[list[Clash]] = rx.field(default_factory=list)
    fresh: rx.Field[list[Row]] = rx.field(default_factory=list)
    answers: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    owners: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    blocked: str = ""
    restored: int = 0
    kept: rx.Field[list[ShownConflict]] = rx.field(default_factory=list)
    _set_id: str = ""

    @rx.event
    @requires()
    async def load(self):
        """Show what taking the merge apart would do."""
        set_id = self.router.url.path.rstrip("/").rpartition("/")[2]
        if set_id == self._set_id and self.done:
            return
        self._set_id, self.ready, self.done, self.refused = set_id, False, False, ""
        self.answers, self.owners = {}, {}
        yield
        await self._look()
        self.ready, self.busy = True, False

    @rx.event
    @requires("unmerge", "customer")
    async def answer(self, key: Key, value: Annotated[str, StringConstraints(max_length=10)]):
        """Say whether a value edited since stays or goes back."""
        if value in (KEEP_NOW, PUT_BACK) and key in self.answers:
            self.answers = self.answers | {key: value}

    @rx.event
    @requires("unmerge", "customer")
    async def assign(self, key: Key, record_id: Id):
        """Say whose a row is that came after the merge."""
        if key in self.owners and any(one["id"] == record_id for one in self.people):
            self.owners = self.owners | {key: record_id}

    @rx.event
    @requires("unmerge", "customer")
    async def press(self, key: Annotated[str, StringConstraints(max_length=10)]):
        """Take the merge apart by key."""
        return UnmergePage.unmerge if key == "on" else None

    @rx.event(background=True)
    @requires("unmerge", "customer")
    async def unmerge(self):
        """Take the merge apart, with the answers given."""
        async with self:
            if self.busy or self.done or self.blocked or self.problem:
                return
            self.busy, self.refused = True, ""
            actor, set_id = await self._actor(), id_of(self._set_id)
            answers = Answers(dict(self.answers), self._moved())
        try:
            found = await off_the_loop(lambda: perform(actor, unmerging.unmerge, set_id, answers))
        except C360Error as error:
            async with self:
                self.refused, self.busy = error.text(actor.language), False
                await self._look()
            return
        async with self:
            self._end(found, actor.language)
        yield toasts.done(text(actor.language, "unmerge.done", n=len(self.people)))

    def _end(self, found: UndoOutcome, language: str) -> None:
        self.done, self.busy, self.restored, self.kept = True, False, found.restored, conflicts(found, language)

    def _moved(self) -> dict[str, str]:
        """Return the new rows that leave the master."""
        return {key: owner for key, owner in self.owners.items() if owner != self.people[0]["id"]}

    async def _look(self) -> None:
        try:
            found = await self._call(unmerging.look, id_of(self._set_id))
        except C360Error as error:
            self.problem = error.text((await self._actor()).language)
            return
        self._take(found)

    def _take(self, found: Unmerging) -> None:
        self.problem, self.blocked, self.touched = "", found.blocked, found.rows
        everybody: list[tuple[UUID, Any]] = [(found.survivor_id, found.survivor), *found.losers]
        self.people = [{"id": str(i), "name": name, "href": f"/{found.entity}/{i}/summary"} for i, name in everybody]
        self.clashes = [
            {"key": c.key, "label": c.label, "field": c.field, "before": c.before, "merged": c.merged, "now": c.now}
            for c in found.clashes
        ]
        self.fresh = [{"key": row.key, "label": row.label, "at": row.at} for row in found.fresh]
        self.answers = {c.key: self.answers.get(c.key, KEEP_NOW) for c in found.clashes}
        self.owners = {row.key: self.owners.get(row.key, str(found.survivor_id)) for row in found.fresh}
