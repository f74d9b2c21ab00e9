"""The rule of unused records: looked at first, then carried out in the background, with its latest runs."""

from typing import Any

import reflex as rx

from c360.core.actor import Verb
from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import queue, settings
from c360.services.privacy import unused
from c360.services.privacy.unused import Run
from c360.state import toasts
from c360.state.guard import requires
from c360.state.session import ServiceCalls
from c360.state.watch import watch


class UnusedRecords(ServiceCalls, rx.State):
    """What the rule of unused records would do, does and did."""

    months: int = 0
    runs: rx.Field[list[Run]] = rx.field(default_factory=list)
    job: str = ""
    sure: bool = False

    @rx.event
    @requires()
    async def load(self):
        """Load the rule and its latest runs."""
        if (await self._actor()).may(Verb.READ, "subject_request"):
            self.months = (await self._ask(lambda uow: settings.read(uow.session))).unused_months
            self.sure = False
            await self._fill()
            if self.job:
                return UnusedRecords.follow
        return None

    @rx.event
    @requires("update", "subject_request")
    async def begin(self, dry: bool):
        """Look at what the rule would do, or carry it out."""
        self.sure = False
        try:
            await self._call(unused.begin, dry=dry)
        except C360Error as error:
            return toasts.failed(error.text((await self._actor()).language))
        await self._fill()
        return UnusedRecords.follow

    @rx.event
    @requires("update", "subject_request")
    async def ask(self, sure: bool):
        """Ask whether to carry it out, or no longer."""
        self.sure = sure

    @rx.event
    @requires("update", "subject_request")
    async def stop(self):
        """Stop after the people at hand."""
        if self.job:
            await self._call(queue.ask_cancel, id_of(self.job))

    @rx.event(background=True)
    @requires("update", "subject_request")
    async def follow(self):
        """Show how far the run is until it ends."""
        actor = await self._actor()
        async with self:
            job = self.job
        if not job:
            return
        state = ""
        async for progress in watch(actor, id_of(job)):
            state = progress.state
            async with self:
                await self._fill()
        yield toasts.told(text(actor.language, f"privacy.unused.ended.{state}"))

    async def _fill(self) -> Any:
        self.runs = await self._ask(unused.runs)
        self.job = next((run.id for run in self.runs if run.state in queue.OPEN), "")
