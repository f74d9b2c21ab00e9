"""Merging all sure groups at once: what it would do, how far it is, what earlier runs did, and their undo."""

from typing import Any

import reflex as rx

from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import queue
from c360.services.duplicates import runs, sure
from c360.services.duplicates.runs import Made, Run
from c360.services.duplicates.sure import Preview
from c360.services.settings import KINDS
from c360.state import toasts
from c360.state.guard import requires
from c360.state.session import ServiceCalls
from c360.state.watch import watch


class SureMerges(ServiceCalls, rx.State):
    """What is asked before a run, the run at hand, and the runs there were."""

    ready: bool = False
    entity: str = ""
    """Of which kind a run is asked for; empty when none is."""
    preview: rx.Field[Preview] = rx.field(default_factory=Preview)
    looking: bool = False
    runs: rx.Field[list[Run]] = rx.field(default_factory=list)
    chosen: str = ""
    made: rx.Field[list[Made]] = rx.field(default_factory=list)
    running: str = ""
    undoing: bool = False
    progress: int = 0

    @rx.event
    @requires()
    async def load(self):
        """Show the runs there were."""
        self.chosen, self.entity = "", ""
        self.runs, self.ready = await self._ask(runs.listed), True

    @rx.event
    @requires("merge", "customer")
    async def consider(self, entity: str):
        """Say what merging every sure group would do, and ask."""
        self.entity, self.looking = entity if entity in KINDS else KINDS[0], True
        yield
        try:
            self.preview = await self._ask(sure.preview, self.entity)
        except C360Error as error:
            self.entity = ""
            yield toasts.failed(error.text((await self._actor()).language))
        self.looking = False

    @rx.event
    @requires()
    def close(self):
        """Leave everything as it is."""
        self.entity = ""

    @rx.event
    @requires("merge", "customer")
    async def merge(self):
        """Merge what was shown."""
        entity, self.entity = self.entity, ""
        return await self._begin(sure.start, entity, self.preview.at, undoing=False)

    @rx.event
    @requires("unmerge", "customer")
    async def undo(self, run_id: str):
        """Undo every merge of a run."""
        return await self._begin(runs.undo_all, id_of(run_id), undoing=True)

    async def _begin(self, service: Any, *arguments: Any, undoing: bool) -> Any:
        try:
            self.running = str(await self._call(service, *arguments))
        except C360Error as error:
            return toasts.failed(error.text((await self._actor()).language))
        self.undoing, self.progress = undoing, 0
        return SureMerges.follow

    @rx.event(background=True)
    @requires()
    async def follow(self):
        """Follow the run, or its undo, until it ends."""
        job_id, actor, undoing = id_of(self.running), await self._actor(), self.undoing
        async for found in watch(actor, job_id):
            async with self:
                self.progress = round(100 * min(found.done / found.total, 1)) if found.total else 0
        async with self:
            self.running, self.chosen = "", ""
            self.runs = await self._ask(runs.listed)
        result = found.result or {}
        key = "runs.undone" if undoing else "runs.merged"
        if found.state == "failed":
            yield toasts.failed(found.error or text(actor.language, "job.failed", kind=found.kind))
        elif undoing:
            yield toasts.done(text(actor.language, key, n=result.get("restored", 0)))
        else:
            back = SureMerges.undo(str(job_id)) if result.get("groups") else None
            said = text(actor.language, key, n=result.get("groups", 0))
            yield toasts.done(said, back, text(actor.language, "runs.undo"))

    @rx.event
    @requires()
    async def stop(self):
        """Stop the run; what it merged stays until it is undone."""
        await self._call(queue.ask_cancel, id_of(self.running))

    @rx.event
    @requires()
    async def show(self, run_id: str):
        """Show the merges of a run, or hide them again."""
        self.chosen, self.made = ("", []) if self.chosen == run_id else (run_id, self.made)
        if self.chosen:
            self.made = await self._ask(runs.merges, id_of(run_id))
