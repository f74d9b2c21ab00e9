"""The merges that wait for a second person: looked at, approved, declined with a reason, taken back."""

from typing import Any

import reflex as rx

from c360.core.errors import C360Error, Invalid
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services.merging import requests
from c360.services.merging.requests import RequestLine
from c360.services.merging.shapes import Moved, Permission, Result
from c360.state import toasts
from c360.state.guard import requires
from c360.state.session import ServiceCalls, off_the_loop


class MergeRequests(ServiceCalls, rx.State):
    """What the page shows, which request is open, and what its merge would do."""

    ready: bool = False
    lines: rx.Field[list[RequestLine]] = rx.field(default_factory=list)
    chosen: str = ""
    moved: rx.Field[list[Moved]] = rx.field(default_factory=list)
    outcome: rx.Field[list[Result]] = rx.field(default_factory=list)
    permissions: rx.Field[list[Permission]] = rx.field(default_factory=list)
    touched: int = 0
    declining: str = ""
    error: str = ""

    @rx.event
    @requires()
    async def load(self):
        """Show the requests there are."""
        self.ready, self.chosen, self.declining, self.error = False, "", "", ""
        await self._fill()

    @rx.event
    @requires("merge", "customer")
    async def look(self, request_id: str):
        """Show what a merge would do, or close that again."""
        if self.chosen == request_id:
            self.chosen = ""
            return None
        try:
            plan = await self._call(requests.look, id_of(request_id))
        except C360Error as error:
            return toasts.failed(error.text((await self._actor()).language))
        self.chosen, self.touched = request_id, plan.rows
        self.moved, self.outcome, self.permissions = list(plan.moved), list(plan.results), list(plan.permissions)
        return None

    @rx.event
    @requires("merge", "customer")
    async def approve(self, request_id: str):
        """Merge as planned."""
        actor = await self._actor()
        try:
            merged = await off_the_loop(requests.approve, actor, id_of(request_id))
        except C360Error as error:
            await self._fill()
            return toasts.failed(error.text(actor.language))
        await self._fill()
        said = text(actor.language, "wizard.done", n=len(merged.loser_ids) + 1)
        return toasts.done(said, rx.redirect(f"/unmerge/{merged.set_id}"), text(actor.language, "unmerge.link"))

    @rx.event
    @requires("merge", "customer")
    def doubt(self, request_id: str):
        """Ask why a merge shall not be."""
        self.declining, self.error = request_id, ""

    @rx.event
    @requires("merge", "customer")
    async def decline(self, form: dict[str, str]):
        """Decline the merge with the reason typed."""
        try:
            await self._call(requests.decline, id_of(self.declining), form.get("words", ""))
        except Invalid as refused:
            self.error = "; ".join(refused.texts((await self._actor()).language).values())
            return None
        except C360Error as error:
            self.error = error.text((await self._actor()).language)
            return None
        return await self._told("requests.was_declined")

    @rx.event
    @requires()
    async def withdraw(self, request_id: str):
        """Take back one's own request."""
        try:
            await self._call(requests.withdraw, id_of(request_id))
        except C360Error as error:
            return toasts.failed(error.text((await self._actor()).language))
        return await self._told("requests.was_withdrawn")

    @rx.event
    @requires()
    def close(self):
        """Close the dialog without deciding."""
        self.declining, self.error = "", ""

    async def _told(self, said: str) -> Any:
        self.declining, self.error = "", ""
        await self._fill()
        return toasts.done(text((await self._actor()).language, said))

    async def _fill(self) -> None:
        self.lines, self.ready = await self._ask(requests.listed), True
        if self.chosen not in {line.id for line in self.lines if line.state == "waiting"}:
            self.chosen = ""
