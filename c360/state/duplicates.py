"""The queue of possible duplicates: what waits, what is decided with a key, and a search."""

from typing import Any

import reflex as rx

from c360.core.errors import C360Error, Invalid
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import queue
from c360.services.duplicates import asking, deciding, enquiring, households, reviewing
from c360.services.duplicates.reviewing import Figures, GroupLine
from c360.services.merging import requests
from c360.state import toasts
from c360.state.guard import requires
from c360.state.households import HOMES, Households, focus
from c360.state.watch import watch

STATES = ("open", "later", "asked", HOMES)
KINDS = ("", "contact", "account")


class DuplicatesPage(Households, rx.State):
    """What the page shows, and which group has the keys."""

    ready: bool = False
    groups: rx.Field[list[GroupLine]] = rx.field(default_factory=list)
    figures: rx.Field[Figures] = rx.field(default_factory=Figures)
    entity: str = ""
    asked: str = ""
    """What a dialog asks: the reason why they are apart, or the question to the owners."""
    cutting: str = ""
    error: str = ""
    requests: int = 0
    """Merges of others that wait for this user."""
    enquiries: int = 0
    """Questions of others that wait for this user's answer."""
    searching: str = ""
    progress: int = 0

    @rx.event
    @requires()
    async def load(self):
        """Show the queue, one group of it when the address names one."""
        self.ready, self.asked, self.error, self.cutting = False, "", "", ""
        self.homes = []
        named = self.router.url.path.rstrip("/").rpartition("/")[2]
        if named in ("", "duplicates"):
            await self._fill()
            return
        try:
            self.groups = [await self._ask(reviewing.group, id_of(named))]
        except C360Error:
            self.groups = []  # It was decided on meanwhile: the page says so.
        self.figures = await self._ask(reviewing.figures)
        self.chosen, self.more, self.ready = named, False, True

    @rx.event
    @requires()
    async def show(self, state: str):
        """Show those that wait, those put off, or those somebody was asked about."""
        self.state = state if state in STATES else "open"
        await self._fill()

    @rx.event
    @requires()
    async def narrow(self, entity: str):
        """Show contacts, accounts or both."""
        self.entity = entity if entity in KINDS else ""
        await self._fill()

    @rx.event
    @requires()
    async def show_more(self):
        """Add the next page."""
        if self.state == HOMES:
            await self._more_homes()
            return
        found = await self._ask(
            reviewing.groups, entity=self.entity, state=self.state, after=len(self.groups), limit=reviewing.PAGE
        )
        self.groups, self.more = [*self.groups, *found], len(found) == reviewing.PAGE

    @rx.event
    @requires()
    def choose(self, group_id: str):
        """Open the evidence of a group, or close it."""
        self.chosen = "" if self.chosen == group_id else group_id

    @rx.event
    @requires()
    async def press(self, key: str):
        """Do what a key means for the chosen group."""
        lines = [line.id for line in self.homes or self.groups]
        here = lines.index(self.chosen) if self.chosen in lines else -1 if key == "down" else 0
        if key in ("down", "up") and lines:
            self.chosen = lines[min(max(here + (1 if key == "down" else -1), 0), len(lines) - 1)]
            return focus(self.chosen)
        if not self.chosen:
            return None
        if self.state == HOMES or key == "home":
            return self._house(key)
        if key == "merge":
            return self._merge()
        if key == "later":
            return DuplicatesPage.put_off
        self.asked, self.error, self.cutting = key if key in ("apart", "ask") else "", "", ""
        return None

    def _merge(self) -> Any:
        line = next((one for one in self.groups if one.id == self.chosen), None)
        if line is None or not line.may_merge:
            return None
        return rx.redirect("/merge?ids=" + ",".join(one.id for one in line.members))

    @rx.event
    @requires()
    async def put_off(self):
        """Leave the chosen group for later, or take it back."""
        return await self._decide("duplicates.put_off", deciding.put_off, id_of(self.chosen), back=self.state != "open")

    @rx.event
    @requires()
    def cut(self, pair_id: str):
        """Ask why two members are not the same."""
        self.asked, self.cutting, self.error = "cut", pair_id, ""

    @rx.event
    @requires()
    async def answer(self, form: dict[str, str]):
        """Decide with the words typed: why they are apart, or what to ask their owners."""
        words = form.get("words", "")
        if self.asked == "ask":
            return await self._decide("duplicates.was_asked", deciding.ask, id_of(self.chosen), words)
        if self.asked == "cut":
            return await self._decide("duplicates.was_cut", deciding.cut, id_of(self.cutting), words)
        return await self._decide("duplicates.told_apart", deciding.tell_apart, id_of(self.chosen), words)

    @rx.event
    @requires()
    def close(self):
        """Close the dialog without deciding."""
        self.asked, self.error = "", ""

    async def _decide(self, said: str, work: Any, *arguments: Any, **more: Any) -> Any:
        language = (await self._actor()).language
        try:
            await self._call(work, *arguments, **more)
        except Invalid as refused:
            self.error = "; ".join(refused.texts(language).values())
            return toasts.failed(self.error) if not self.asked else None
        except C360Error as error:
            self.error = error.text(language)
            return toasts.failed(self.error) if not self.asked else None
        self.asked, self.error = "", ""
        places = {line.id: place for place, line in enumerate(self.groups)}
        here = places.get(self.chosen, 0)
        await self._fill()
        self.chosen = self.groups[min(here, len(self.groups) - 1)].id if self.groups else ""
        return [toasts.done(text(language, said)), *focus(self.chosen)]

    @rx.event
    @requires()
    async def search(self, entity: str):
        """Search all contacts or accounts for duplicates."""
        language = (await self._actor()).language
        try:
            self.searching = str(await self._call(asking.start, entity))
        except C360Error as error:
            return toasts.failed(error.text(language))
        self.progress = 0
        return DuplicatesPage.follow

    @rx.event(background=True)
    @requires()
    async def follow(self):
        """Follow a search until it ends."""
        job_id, actor = id_of(self.searching), await self._actor()
        async for progress in watch(actor, job_id):
            async with self:
                self.progress = round(100 * progress.done / progress.total) if progress.total else 0
        async with self:
            self.searching = ""
            await self._fill()
        said = text(actor.language, f"duplicates.search.{progress.state}", n=(progress.result or {}).get("groups", 0))
        yield toasts.done(said) if progress.state == "done" else toasts.failed(said)

    @rx.event
    @requires()
    async def stop(self):
        """Stop the search."""
        await self._call(queue.ask_cancel, id_of(self.searching))

    async def _fill(self) -> None:
        self.groups, self.homes = [], []
        if self.state == HOMES:
            await self._more_homes()
        else:
            self.groups = await self._ask(reviewing.groups, entity=self.entity, state=self.state)
            self.more = len(self.groups) == reviewing.PAGE
        self.figures = await self._ask(reviewing.figures)
        self.requests = await self._ask(requests.waiting)
        self.enquiries = await self._ask(enquiring.waiting)
        self.households, self.ready = await self._ask(households.count), True
        lines = [line.id for line in self.homes or self.groups]
        if self.chosen not in lines:
            self.chosen = lines[0] if lines else ""
