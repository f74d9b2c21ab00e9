"""Acting on many records at once: choose, preview, apply, undo."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar, TypedDict
from uuid import UUID

import reflex as rx

from c360.core.errors import C360Error, NotFound
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import bulk, listing, queue, tags, undo, views
from c360.services.bulk import Outcome, Preview
from c360.services.duplicates import asking
from c360.services.merging import selecting
from c360.services.turning import UndoOutcome
from c360.services.uow import UnitOfWork
from c360.state import bulk_fields, toasts
from c360.state.bulk_fields import TYPED, FieldRow
from c360.state.guard import requires
from c360.state.session import ServiceCalls
from c360.state.watch import watch

SAMPLES, REFUSED = 5, 8
NAMED = 20
TAKES = {
    "assign": "owner_id",
    "inactivate": "reason_id",
    "add_to_folder": "folder_id",
    "remove_from_folder": "folder_id",
}


def _tag(uow: UnitOfWork, _: str, name: str) -> UUID:
    return tags.save(uow, name)


def _folder(uow: UnitOfWork, key: str, name: str) -> UUID:
    return views.save_folder(uow, key, name, "static", "private", {}, None)


MADE = {"tag": _tag, "add_to_folder": _folder}
"""What an act can make when it is named in its dialog."""


class Line(TypedDict):
    """One line of a preview or result."""

    label: str
    text: str


class Bulk(ServiceCalls, mixin=True):
    """The dialog for a selection of a list."""

    entity_key: ClassVar[str] = ""
    fresh: int = 0

    bulk_act: str = ""
    bulk_count: int = 0
    bulk_fields: list[FieldRow] = []
    bulk_field: str = ""
    bulk_values: list[str] = []
    bulk_made: list[dict[str, str]] = []
    bulk_text: str = ""
    bulk_note: str = ""
    bulk_reasons: list[dict[str, str]] = []
    bulk_error: str = ""
    bulk_busy: bool = False
    previewed: bool = False
    allowed: int = 0
    refused_count: int = 0
    samples: list[Line] = []
    refused: list[Line] = []
    bulk_done: int = -1
    bulk_job: str = ""
    bulk_progress: int = 0
    _selection: dict[str, Any] = {}

    def _bulk_reset(self) -> None:
        self.bulk_act, self.bulk_error, self.bulk_field, self.bulk_text, self.bulk_note = "", "", "", "", ""
        self.bulk_values, self.bulk_made, self.samples, self.refused = [], [], [], []
        self.previewed, self.bulk_busy, self.bulk_done, self.bulk_job = False, False, -1, ""

    @rx.event
    @requires("read")
    async def bulk_open(self, act: str, selection: dict[str, Any], count: int):
        """Open the dialog of an act for what is selected, or the page of those that have one."""
        self._bulk_reset()
        if act == "merge":
            return await self._merge(selection)
        if act == "find_duplicates":
            return await self._find_duplicates(selection, count)
        self._selection, self.bulk_count = selection, count
        if act == "edit":
            columns = await self._ask(listing.columns, self.entity_key)
            self.bulk_fields = [bulk_fields.row(column) for column in columns if bulk_fields.can_set(column)]
        if act == "inactivate":
            self.bulk_reasons = await self._ask(bulk_fields.reasons)
        if act == "remove_from_folder":
            self.bulk_values = [str(selection.get("query", {}).get("folder") or "")]
        if act == "export":
            await self._export_open()
        self.bulk_act = act
        return None

    async def _merge(self, selection: dict[str, Any]) -> Any:
        """Open the merge wizard; why it cannot be opened is told."""
        try:
            ids = await self._ask(selecting.selected, self.entity_key, selection)
        except C360Error as error:
            return toasts.failed(error.text((await self._actor()).language))
        return rx.redirect("/merge?ids=" + ",".join(map(str, ids)))

    async def _find_duplicates(self, selection: dict[str, Any], count: int) -> Any:
        """Ask for a search for duplicates of what is selected, and lead to where they are decided on."""
        language = (await self._actor()).language
        try:
            await self._call(asking.start_selected, self.entity_key, selection)
        except C360Error as error:
            return toasts.failed(error.text(language))
        said = text(language, "list.bulk.searching", n=count)
        return toasts.done(said, rx.redirect("/duplicates"), text(language, "duplicates.title"))

    async def _export_open(self) -> None:
        """Prepare the dialog of an export; lists that have one say how."""

    @rx.event
    @requires("read")
    async def bulk_close(self):
        """Close the dialog."""
        self._bulk_reset()

    @rx.event
    @requires("read")
    async def bulk_pick_field(self, name: str):
        """Choose the field to set."""
        self.bulk_field, self.bulk_values, self.bulk_text, self.previewed = name, [], "", False

    @rx.event
    @requires("read")
    async def bulk_pick(self, values: list[str]):
        """Choose what to set; a tag or a folder named anew is made at once."""
        self.previewed, self.bulk_error = False, ""
        make = MADE.get(self.bulk_act)
        try:
            self.bulk_values = [await self._known(make, value) for value in values] if make else values
        except C360Error as error:
            self.bulk_error = error.text((await self._actor()).language)

    async def _known(self, make: Callable[[UnitOfWork, str, str], UUID], value: str) -> str:
        """Return the id of what was chosen, making what was only named."""
        with suppress(NotFound):
            return str(id_of(value))
        made = str(await self._call(make, self.entity_key, value))
        self.bulk_made = [*self.bulk_made, {"value": made, "label": value}]
        return made

    @rx.event
    @requires("read")
    async def bulk_type(self, value: str):
        """Type what to set."""
        self.bulk_text, self.previewed = value, self.previewed and value == self.bulk_text

    @rx.event
    @requires("read")
    async def bulk_tell(self, note: str):
        """Type why."""
        self.bulk_note = note

    @rx.event
    @requires("read")
    async def bulk_preview(self):
        """Try the change and show what it would do."""
        self.bulk_error, self.bulk_busy = "", True
        yield
        try:
            found = await self._call(bulk.preview, self.entity_key, self._selection, self._change())
            self._show(found)
        except C360Error as error:
            self.bulk_error = error.text((await self._actor()).language)
        self.bulk_busy = False

    @rx.event
    @requires("read")
    async def bulk_apply(self):
        """Make the change; many rows go on in the background."""
        self.bulk_busy = True
        yield
        language = (await self._actor()).language
        try:
            outcome = await self._call(bulk.apply, self.entity_key, self._selection, self._change())
        except C360Error as error:
            self.bulk_error, self.bulk_busy = error.text(language), False
            return
        self.bulk_busy, self.fresh = False, self.fresh + 1
        if outcome.job_id:
            self.bulk_job, self.bulk_progress = str(outcome.job_id), 0
            yield type(self).bulk_watch
            return
        for event in self._finished(outcome, language):
            yield event

    def _finished(self, outcome: Outcome, language: str) -> list[Any]:
        if outcome.failed:
            self.bulk_done, self.refused_count = outcome.done, len(outcome.failed)
            self.refused = [{"label": label, "text": why} for _, label, why in outcome.failed[:NAMED]]
        else:
            self._bulk_reset()
        said = text(language, "list.bulk.done", n=outcome.done)
        if outcome.act_id is None:
            return [toasts.done(said)]
        return [self._undoable(said, str(outcome.act_id), language)]

    def _undoable(self, said: str, act_id: str, language: str) -> Any:
        return toasts.done(said, type(self).bulk_undo(act_id), text(language, "list.undo"))

    @rx.event(background=True)
    @requires("read")
    async def bulk_watch(self):
        """Follow a job until it ends."""
        job_id, actor = id_of(self.bulk_job), await self._actor()
        async for progress in watch(actor, job_id):
            async with self:
                self.bulk_progress = round(100 * progress.done / progress.total) if progress.total else 0
        async with self:
            self.fresh += 1
            self._bulk_reset()
            said = text(actor.language, f"list.bulk.job.{progress.state}", n=(progress.result or {}).get("done", 0))
        if progress.state == "done":
            yield self._undoable(said, str(job_id), actor.language)
        else:
            yield toasts.failed(said)

    @rx.event
    @requires("read")
    async def bulk_cancel(self):
        """Stop the job after the rows at hand."""
        await self._call(queue.ask_cancel, id_of(self.bulk_job))

    @rx.event
    @requires("read")
    async def bulk_undo(self, act_id: str):
        """Take a change back."""
        found = await self._call(undo.begin, id_of(act_id))
        self.fresh += 1
        language = (await self._actor()).language
        if not isinstance(found, UndoOutcome):
            return toasts.told(text(language, "list.undo.job"))
        key = "list.undo.partly" if found.kept else "list.undo.done"
        return toasts.done(text(language, key, n=found.restored, kept=found.kept))

    def _change(self) -> dict[str, Any]:
        act, values = self.bulk_act, self.bulk_values
        change: dict[str, Any] = {"kind": act}
        if act == "edit":
            field = next((one for one in self.bulk_fields if one["name"] == self.bulk_field), None)
            chosen = self.bulk_text if field is None or field["widget"] in TYPED else (values[0] if values else "")
            many = field is not None and field["widget"] in ("pickers", "checks")
            return change | {"values": {self.bulk_field: values if many else chosen} if field else {}}
        if act in ("tag", "untag"):
            return change | {"tag_ids": values}
        if act in TAKES:
            change[TAKES[act]] = values[0] if values else ""
        return change | ({"note": self.bulk_note} if act == "inactivate" else {})

    def _show(self, found: Preview) -> None:
        self.previewed, self.allowed, self.refused_count = True, found.allowed, found.total - found.allowed
        self.refused = [{"label": label, "text": why} for _, label, why in found.refused[:REFUSED]]
        self.samples = [
            {
                "label": one.label,
                "text": "; ".join(f"{label}: {old or '–'} → {new or '–'}" for label, old, new in one.changes),
            }
            for one in found.samples[:SAMPLES]
        ]
