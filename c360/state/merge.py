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
from c360.services.merging import planning, proposing, requests
from c360.services.merging.requests import Requested
from c360.services.merging.shapes import (
    APPEND,
    OF,
    Choices,
    Merged,
    Moved,
    Permission,
    Plan,
    Proposal,
    Question,
    Result,
    Stale,
    Unanswered,
)
from c360.services.uow import perform
from c360.state import browser, merge_rows, toasts
from c360.state.guard import requires
from c360.state.merge_recipes import Recipes
from c360.state.merge_rows import Change, Id, Kind, Side
from c360.state.session import off_the_loop

STEPS = ("survivor", "fields", "related", "plan", "done")
FOCUS = browser.focus("merge-work", unless="#merge-work, #merge-work *")
"""Leads a keyboard and a screen reader into the step that has come."""
Name = Annotated[str, StringConstraints(max_length=120)]
Pick = Annotated[str, StringConstraints(max_length=20_000)]


class MergeWizard(Recipes, rx.State):
    """The records of the address on their way to one."""

    ready: bool = False
    busy: bool = False
    problem: str = ""
    refused: str = ""
    step: str = STEPS[0]
    sides: rx.Field[list[Side]] = rx.field(default_factory=list)
    survivor: str = ""
    survivor_name: str = ""
    proposed: str = ""
    reason: str = ""
    counts: rx.Field[dict[str, int]] = rx.field(default_factory=dict)
    kinds: rx.Field[list[Kind]] = rx.field(default_factory=list)
    how: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    """By kind of related rows: ``append``, or the id of the record whose rows replace the others'."""
    touched: int = 0
    moved: rx.Field[list[Moved]] = rx.field(default_factory=list)
    outcome: rx.Field[list[Result]] = rx.field(default_factory=list)
    permissions: rx.Field[list[Permission]] = rx.field(default_factory=list)
    questions: rx.Field[list[Question]] = rx.field(default_factory=list)
    confirmed: rx.Field[list[str]] = rx.field(default_factory=list)
    since: rx.Field[list[Change]] = rx.field(default_factory=list)
    change_set: str = ""
    second: str = ""
    """Why somebody else must approve the plan; empty when nobody must."""
    asked: bool = False
    """Whether the merge waits for somebody else now."""
    _ids: tuple[str, ...] = ()
    _fingerprint: str = ""

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
            return
        if ids != self._ids:
            self.ready, self.step, self.survivor, self.proposed, self.change_set = False, STEPS[0], "", "", ""
            self.asked = False
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
        merged = await self._try(requests.submit, fingerprint)
        if isinstance(merged, Stale):
            async with self:
                await self._propose()
                self.since = [merge_rows.change(one) for one in merged.since]
            plan = await self._try(planning.plan)
        async with self:
            self.busy = False
            if isinstance(merged, Merged):
                self.since, self.change_set, self.step = [], str(merged.set_id), "done"
                named = await self._ask(references.titles, merged.entity, [merged.survivor_id])
                self.survivor_name = named.get(merged.survivor_id, self.survivor_name)
            elif isinstance(merged, Requested):
                self.since, self.asked, self.step = [], True, "done"
            elif isinstance(merged, Stale) and isinstance(plan, Plan):
                self._show(plan)
        yield FOCUS
        if isinstance(merged, Merged):
            yield await self._undoable(merged)

    async def _undoable(self, merged: Merged) -> Any:
        language = (await self._actor()).language
        said = text(language, "wizard.done", n=len(merged.loser_ids) + 1)
        return toasts.done(said, rx.redirect(f"/unmerge/{merged.set_id}"), text(language, "unmerge.link"))

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

    async def _propose(self) -> None:
        """Show the records, with the chosen master or the proposed one."""
        try:
            survivor = id_of(self.survivor) if self.survivor else None
            found = await self._ask(proposing.propose, [id_of(one) for one in self._ids], survivor)
        except C360Error as error:
            self.problem = error.text((await self._actor()).language)
            return
        self._take(found)

    def _take(self, found: Proposal) -> None:
        self.problem, self.entity, self.survivor = "", found.entity, str(found.survivor_id)
        self.proposed, self.reason = (self.proposed, self.reason) if self.proposed else (self.survivor, found.reason)
        self.sides = [merge_rows.side(one, found.entity) for one in found.participants]
        self.survivor_name = next(one["name"] for one in self.sides if one["id"] == self.survivor)
        self.fields = [merge_rows.field(one) for one in found.fields]
        self.kinds = [merge_rows.kind(one) for one in found.collections]
        known = {one.name for one in found.fields if not one.locked}
        self._chosen = {name: pick for name, pick in self._chosen.items() if name in known}
        self.picks = {one.name: one.pick for one in found.fields} | self._chosen
        self.counts = {"conflict": found.conflicts, "filled": found.filled, "equal": found.equal}
        self.how = {one.key: self.how.get(one.key, APPEND) for one in found.collections}
        self.questions = list(found.questions)

    def _show(self, plan: Plan) -> None:
        self._fingerprint, self.touched, self.second = plan.fingerprint, plan.rows, plan.second
        self.moved, self.outcome, self.questions = list(plan.moved), list(plan.results), list(plan.questions)
        self.permissions = list(plan.permissions)
