"""Writing a list to a file from its dialog."""

from typing import Any

import reflex as rx

from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.registry.entity import entity_for
from c360.services import exports, listing, mailings
from c360.services.mailings import Forecast
from c360.state import toasts
from c360.state.bulk import Bulk
from c360.state.guard import requires
from c360.state.watch import watch


class Exporting(Bulk, mixin=True):
    """The export dialog: which columns, which form."""

    export_form: str = "csv"
    export_columns: list[str] = []
    export_options: list[dict[str, str]] = []
    export_uses: list[dict[str, str]] = []
    export_use: str = ""
    """The purpose and the medium of a mailing, empty for any other use."""
    forecast: rx.Field[Forecast] = rx.field(default_factory=Forecast)

    async def _export_open(self) -> None:
        """Offer the columns of the list, those it shows first and chosen."""
        query = self._selection.get("query") or {}
        columns = await self._ask(listing.exportable, self.entity_key)
        self.export_options = [{"value": one.name, "label": one.label} for one in columns]
        shown = [name for name in query.get("columns") or [] if any(one.name == name for one in columns)]
        self.export_use, self.forecast = "", Forecast()
        # Only customers are written to.
        uses = [] if entity_for(self.entity_key).through else await self._ask(mailings.uses)
        self.export_uses = [{"value": value, "label": label} for value, label in uses]
        self.export_columns, self.export_form = shown or [one.name for one in columns if one.shown], "csv"

    @rx.event
    @requires("export")
    async def export_pick(self, columns: list[str]):
        """Choose the columns."""
        self.export_columns = columns

    @rx.event
    @requires("export")
    async def export_as(self, form: str):
        """Choose the form of the file."""
        self.export_form = form

    @rx.event
    @requires("export")
    async def export_for(self, use: str):
        """Choose what the file is for; of a mailing, show whom it would leave out."""
        self.export_use, self.forecast, self.bulk_error = use, Forecast(), ""
        if use:
            try:
                self.forecast = await self._ask(mailings.forecast, self._export_query())
            except C360Error as error:
                self.bulk_error = error.text((await self._actor()).language)

    def _export_query(self) -> dict[str, Any]:
        purpose, _, medium = self.export_use.rpartition(":")
        mailing = {"purpose": purpose, "medium": medium} if self.export_use else None
        query = {**narrowed(self._selection), "entity": self.entity_key, "columns": self.export_columns}
        return query | {"mailing": mailing}

    @rx.event
    @requires("export")
    async def export_start(self):
        """Write the file; a long one goes on in the background."""
        self.bulk_busy, self.bulk_error = True, ""
        yield
        language = (await self._actor()).language
        try:
            ticket = await self._call(exports.begin, self._export_query(), self.export_form)
        except C360Error as error:
            self.bulk_error, self.bulk_busy = error.text(language), False
            return
        self.bulk_busy = False
        if not ticket.ready:
            self.bulk_job, self.bulk_progress = str(ticket.id), 0
            yield type(self).export_watch
            return
        self._bulk_reset()
        yield toasts.done(text(language, "list.export.done", n=ticket.rows))
        yield rx.download(url=ticket.href)

    @rx.event(background=True)
    @requires("export")
    async def export_watch(self):
        """Follow the job and fetch its file."""
        job_id, actor = id_of(self.bulk_job), await self._actor()
        async for progress in watch(actor, job_id):
            async with self:
                self.bulk_progress = round(100 * progress.done / progress.total) if progress.total else 0
        async with self:
            self._bulk_reset()
        if progress.state != "done":
            yield toasts.failed(text(actor.language, f"list.export.{progress.state}"))
            return
        result = progress.result or {}
        yield toasts.done(text(actor.language, "list.export.done", n=result.get("rows", 0)))
        yield rx.download(url=str(result.get("href", f"/api/exports/{job_id}")))


def narrowed(selection: dict[str, Any]) -> dict[str, Any]:
    """Return the query of a list kept to what is selected in it."""
    query, ids = dict(selection.get("query") or {}), [str(one) for one in selection.get("ids") or []]
    everything = selection.get("mode") == "all"
    if everything and not ids:
        return query
    kept = {"field": "id", "op": "is_none_of" if everything else "is_any_of", "value": ids}
    criteria = query.get("criteria") or {"join": "all", "of": []}
    return query | {"criteria": {"join": "all", "of": [criteria, kept]}}
