"""The merge wizard: who stays, whose values win, what becomes of related rows, the plan, and what came of it."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

import reflex as rx
from pydantic import StringConstraints

from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import references
from c360.services.merging import planning, queued
from c360.services.merging.queued import Queued
from c360.services.merging.requests import Requested
from c360.services.merging.shapes import (
    APPEND,
    OF,
    Choices,
    Merged,
    Plan,
    Stale,
    Unanswered,
)
from c360.services.uow import perform
from c360.state import browser, merge_rows, toasts
from c360.state.guard import requires
from c360.state.merge_rows import Change, Id
from c360.state.merge_shown import Shown
from c360.state.session import off_the_loop
from c360.state.watch import watch

STEPS = ("survivor", "fields", "related", "plan", "done")
FOCUS = browser.focus("merge-work", unless="#merge-work, #merge-work *")
"""Leads a keyboard and a screen reader into the step that has come."""
Name = Annotated[str, StringConstraints(max_length=120)]
Pick = Annotated[str, StringConstraints(max_length=20_000)]


class MergeWizard(Shown, rx.State):
    """The records of the address on their way to one."""

    ready: bool = False
    busy: bool = False
    refused: str = ""
    step: str = STEPS[0]
    confirmed: rx.Field[list[str]] = rx.field(default_factory=list)
    since: rx.Field[list[Change]] = rx.field(default_factory=list)
    change_set: str = ""
    asked: bool = False
    """Whether the merge waits for somebody else now."""
    running: str = ""
    """The job that does the merge, while it does."""
    started: bool = False
    """Whether a worker has taken that job up."""

    @rx.var
    def open_doubts(self) -> int:
        """How many doubts nobody has confirmed yet."""
        return sum(one.key not in self.confirmed for one in self.questions)

    @rx.event
    @requires()
    async def load(self):
        """Show the records the address names; what was chosen stays when they are the same."""
        ids = tuple(dict.fromkeys(filter(None, self.router.url.query_parameters.get("ids", "")[:1000].split(","))))
        if ids == self._ids and self.step == STEPS[-1]:
            if self.running:
                yield MergeWizard.follow
            return
        if ids != self._ids:
            self.ready, self.step, self.survivor, self.proposed, self.change_set = False, STEPS[0], "", "", ""
            self.asked, self.running = False, ""
            self._ids, self._chosen, self.how, self.confirmed, self.since, self.recipe = ids, {}, {}, [], [], ""
            yield
        await self._propose()
        if not self.problem:
            await self._know_recipes()
        self.ready, self.busy = True, False

    @rx.event
    @requires("merge", "customer")
    async def stay(self, record_id: Id):
        """Choose the record that stays; what was picked before is kept."""
        if record_id in self._ids and record_id != self.survivor:
            self.survivor = record_id
            await self._propose()

    @rx.event
    @requires("merge", "customer")
    async def press(self, key: str):
        """Do what a key of the page says: a digit makes that record the master, the others go on or back."""
        if key == "on":
            return MergeWizard.commit if self.step == "plan" else MergeWizard.forth
        if key.isdigit() and self.step == STEPS[0] and int(key) <= len(self.sides):
            return MergeWizard.stay(self.sides[int(key) - 1]["id"])
        return None

    @rx.event
    @requires("merge", "customer")
    async def pick(self, name: Name, pick: Pick):
        """Pick what a field becomes."""
        if any(one["name"] == name and not one["locked"] for one in self.fields):
            self._chosen = self._chosen | {name: pick}
            self.picks = self.picks | {name: pick}

    @rx.event
    @requires("merge", "customer")
    async def take_all(self, record_id: Id):
        """Take every value of one record; where it has none, what was picked stays."""
        column = next((n for n, one in enumerate(self.sides) if one["id"] == record_id), -1)
        if column >= 0:
            taken = {one["name"]: OF + record_id for one in self.fields if one["cells"][column] and not one["locked"]}
            self._chosen, self.picks = self._chosen | taken, self.picks | taken

    @rx.event
    @requires("merge", "customer")
    async def treat(self, key: Name, how: Id):
        """Say whether the rows of a kind add up, or whose replace the others'."""
        if any(one["key"] == key for one in self.kinds) and (how == APPEND or how in self._ids):
            self.how = self.how | {key: how}

    @rx.event
    @requires("merge", "customer")
    async def confirm(self, key: Name, on: bool):
        """Confirm a doubt, or take that back."""
        self.confirmed = [*(one for one in self.confirmed if one != key), *([key] if on else [])]

    @rx.event
    @requires("merge", "customer")
    async def back(self):
        """Go back a step."""
        if self.step in STEPS[1:-1] and not self.busy:
            self.step, self.refused = STEPS[STEPS.index(self.step) - 1], ""
        return FOCUS

    @rx.event
    @requires("merge", "customer")
    async def forth(self):
        """Go on a step; the plan is tried out on the way."""
        if self.busy or self.problem or self.step not in STEPS[:3]:
            return None
        if self.step == "related":
            return MergeWizard.plan
        self.step, self.refused = STEPS[STEPS.index(self.step) + 1], ""
        return FOCUS

    @rx.event(background=True)
    @requires("merge", "customer")
    async def plan(self):
        """Try the merge out and take it back, to show what it does."""
        async with self:
            if self.busy:
                return
            self.busy, self.refused = True, ""
        plan = await self._try(planning.plan)
        async with self:
            self.busy = False
            if isinstance(plan, Plan):
                self._show(plan)
                self.step = "plan"
        yield FOCUS

    @rx.event(background=True)
    @requires("merge", "customer")
    async def commit(self):
        """Merge as planned, or ask who must approve it; whatever was changed since is shown and planned anew."""
        async with self:
            if self.busy or self.step != "plan":
                return
            self.busy, self.refused = True, ""
            fingerprint = self._fingerprint
            rows = self.touched
        merged = await self._try(queued.submit, fingerprint, rows)
        plan = await self._anew(merged.since) if isinstance(merged, Stale) else None
        async with self:
            self.busy = False
            if isinstance(merged, Merged):
                await self._finish(str(merged.set_id))
            elif isinstance(merged, Queued):
                self.since, self.running, self.started, self.step = [], str(merged.job_id), False, "done"
            elif isinstance(merged, Requested):
                self.since, self.asked, self.step = [], True, "done"
            elif isinstance(merged, Stale) and isinstance(plan, Plan):
                self._show(plan)
        yield FOCUS
        if isinstance(merged, Merged):
            yield await self._undoable()
        elif isinstance(merged, Queued):
            yield MergeWizard.follow

    @rx.event(background=True)
    @requires("merge", "customer")
    async def follow(self):
        """Follow the job that merges until it ends; what kept it from merging is shown with a new plan."""
        job_id, actor, found = self.running, await self._actor(), None
        async for found in watch(actor, id_of(job_id)) if job_id else ():
            async with self:
                if self.running != job_id:
                    return
                self.started = found.state != "queued"
        if found is None:
            return
        if found.state == "done":
            async with self:
                self.running = ""
                await self._finish((found.result or {})["set"])
            yield FOCUS
            yield await self._undoable()
            return
        plan = await self._anew(await self._try(planning.since, self._fingerprint))
        async with self:
            self.running, self.step = "", "plan"
            if isinstance(plan, Plan):
                self._show(plan)
                self.refused = "" if self.since else found.error or ""
        yield FOCUS

    async def _anew(self, since: Any) -> Any:
        """Show the records and what was changed meanwhile; return a new plan."""
        async with self:
            await self._propose()
            self.since = [merge_rows.change(one) for one in since] if isinstance(since, tuple) else []
        return await self._try(planning.plan)

    async def _finish(self, set_id: str) -> None:
        self.since, self.change_set, self.step = [], set_id, "done"
        named = await self._ask(references.titles, self.entity, [id_of(self.survivor)])
        self.survivor_name = named.get(id_of(self.survivor), self.survivor_name)

    async def _undoable(self) -> Any:
        language = (await self._actor()).language
        said = text(language, "wizard.done", n=len(self._ids))
        return toasts.done(said, rx.redirect(f"/unmerge/{self.change_set}"), text(language, "unmerge.link"))

    async def _try(self, service: Callable[..., Any], *args: Any) -> Any:
        """Run a service with what was chosen; return its answer, or the conflict the page shows."""
        async with self:
            actor = await self._actor()
            try:
                ids, choices = self._asked()
            except C360Error as error:
                self.refused = error.text(actor.language)
                return None
        try:
            return await off_the_loop(lambda: perform(actor, service, ids, choices, *args))
        except Stale as error:
            return error
        except C360Error as error:
            async with self:
                self.refused = error.text(actor.language)
                if isinstance(error, Unanswered):
                    self.questions = list(error.questions)
            return error

    def _asked(self) -> tuple[list[UUID], Choices]:
        how = {key: value for key, value in self.how.items() if value != APPEND}
        ids = [id_of(one) for one in self._ids]
        return ids, Choices(id_of(self.survivor), dict(self._chosen), how, frozenset(self.confirmed))
