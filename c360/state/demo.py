"""The demo on the first page: loaded into an empty installation, removed from one that has it."""

from typing import Any
from uuid import UUID

import reflex as rx

from c360.core.actor import Verb
from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import demo_jobs
from c360.state import toasts
from c360.state.guard import requires
from c360.state.home import HomeState
from c360.state.places import PlacesState
from c360.state.session import ServiceCalls
from c360.state.tour import TourState
from c360.state.watch import watch

DONE = {demo_jobs.LOAD: "demo.load.done", demo_jobs.REMOVE: "demo.remove.done"}


class DemoState(ServiceCalls, rx.State):
    """Whether the demo is there, on its way, or could be."""

    may: bool = False
    there: bool = False
    """Whether anything of it is there, if only what a load that was cut off left."""
    busy: str = ""
    """The work going on, by the name of its job; empty when there is none."""
    percent: int = 0
    sure: bool = False
    """Whether the page asks if the demo should really go."""
    _job: str = ""

    @rx.event
    @requires()
    async def look(self):
        """Find out how it stands, and follow the work that is going on."""
        self.may = (await self._actor()).may(Verb.UPDATE, "setting")
        self.sure = False
        if not self.may:
            return None
        now = await self._ask(demo_jobs.now)
        self.there = now.there
        return self._watched(now.job_id, now.kind)

    @rx.event
    @requires("update", "setting")
    async def load(self):
        """Load the demo in the background."""
        return await self._begin(demo_jobs.LOAD)

    @rx.event
    @requires("update", "setting")
    async def ask(self, sure: bool):
        """Ask whether the demo should really go, or stop asking."""
        self.sure = sure

    @rx.event
    @requires("update", "setting")
    async def remove(self):
        """Remove the demo in the background."""
        self.sure = False
        return await self._begin(demo_jobs.REMOVE)

    async def _begin(self, kind: str) -> Any:
        try:
            job_id = await self._call(demo_jobs.begin, kind)
        except C360Error as error:
            return toasts.failed(error.text((await self._actor()).language))
        return self._watched(job_id, kind)

    def _watched(self, job_id: UUID | None, kind: str) -> Any:
        watched, self._job, self.busy, self.percent = self._job, str(job_id or ""), kind, 0
        return DemoState.follow if self._job and self._job != watched else None

    @rx.event(background=True)
    @requires("update", "setting")
    async def follow(self):
        """Follow the work to its end and show what the installation holds then."""
        job_id, actor = id_of(self._job), await self._actor()
        async for progress in watch(actor, job_id):
            async with self:
                self.percent = round(100 * progress.done / progress.total) if progress.total else 0
        async with self:
            self._job, self.busy, self.percent = "", "", 0
            self.there = (await self._ask(demo_jobs.now)).there
        if progress.state == "done":
            n = (progress.result or {}).get("customers", 0)
            yield toasts.done(text(actor.language, DONE[progress.kind], n=n))
        else:
            yield toasts.failed(progress.error or text(actor.language, "demo.stopped"))
        yield HomeState.load
        yield TourState.look
        yield PlacesState.load
