"""The Changes tab: what happened to a record, in a time frame, with the way back."""

from datetime import date, timedelta
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

import reflex as rx
from pydantic import StringConstraints

from c360.core.clock import today
from c360.core.errors import C360Error, Invalid
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import asof, history, undo
from c360.services.asof import AsOf
from c360.services.history import DAYS
from c360.services.merging import decisions
from c360.services.merging.decisions import Decided
from c360.services.uow import UnitOfWork
from c360.state.entries import ShownConflict, ShownEntry, conflicts, shown
from c360.state.guard import requires
from c360.state.session import ServiceCalls

Id = Annotated[str, StringConstraints(max_length=36)]


def day_of(value: str) -> date | None:
    """Return the day of a date field, None when it is empty; the last one there is has no end."""
    try:
        day = date.fromisoformat(value) if value else None
    except ValueError as error:
        raise Invalid.field("day", "kind.date.bad") from error
    if day == date.max:
        raise Invalid.field("day", "kind.date.bad")
    return day


class ChangesTab(ServiceCalls, rx.State):
    """What the Changes tab shows of one record."""

    ready: bool = False
    entries: list[ShownEntry] = []
    fields: list[dict[str, str]] = []
    name: str = ""
    since: str = ""
    until: str = ""
    more: bool = False
    problem: str = ""
    asked: str = ""
    result: str = ""
    left: list[ShownConflict] = []
    at: str = ""
    """The day the profile is shown as of; empty for the changes."""
    then: rx.Field[AsOf] = rx.field(default_factory=AsOf)
    unborn: str = ""
    opened: str = ""
    """The merge whose decisions are shown."""
    decided: rx.Field[Decided] = rx.field(default_factory=Decided)
    key: str = ""
    record: str = ""
    _after: int | None = None

    @rx.event
    @requires()
    async def load(self):
        """Load the last ninety days of the record the address names, or the day it asks for; nothing on another tab."""
        parts = self.router.url.path.strip("/").split("/")
        if len(parts) < 3 or parts[0] not in ("contact", "account") or parts[2] != "changes":
            return
        self.key, self.record = parts[0], parts[1]
        self.name, self.until, self.since = "", "", (today() - timedelta(days=DAYS)).isoformat()
        self.ready, self.asked, self.result, self.left = False, "", "", []
        self.at, self.unborn, self.opened, self.then = "", "", "", AsOf()
        await self._then(self.router.url.query_parameters.get("at", "")[:10])
        await self._fill()

    @rx.event
    @requires()
    async def look_back(self, form: dict[str, str]):
        """Go to the profile as of a day."""
        return rx.redirect(f"/{self.key}/{self.record}/changes?at={quote(form.get('at', '')[:10])}")

    @rx.event
    @requires()
    async def narrow(self, form: dict[str, str]):
        """Show another time frame or one field alone."""
        self.name, self.since, self.until = (form.get(n, "") for n in ("name", "since", "until"))
        await self._fill()

    @rx.event
    @requires()
    async def show_more(self):
        """Add the next page."""
        await self._fill(self._after)

    @rx.event
    @requires()
    async def ask_undo(self, set_id: Id):
        """Ask whether a change shall be undone; an empty id means no."""
        self.asked, self.result, self.left = set_id, "", []

    @rx.event
    @requires()
    async def tell(self, set_id: Id):
        """Show what a merge decided, or close that again."""
        if self.opened == set_id:
            self.opened = ""
            return
        try:
            self.decided = await self._ask(decisions.of, id_of(set_id))
        except C360Error as error:
            await self._say(error)
            return
        self.opened = set_id

    @rx.event
    @requires()
    async def undo(self):
        """Undo the change the person confirmed, and say what was left alone."""
        set_id, self.asked = self.asked, ""
        try:
            outcome = await self._call(undo.begin, id_of(set_id))
        except (C360Error, ValueError) as error:
            await self._say(error)
            return
        language = (await self._actor()).language
        if isinstance(outcome, UUID):
            self.result = text(language, "undo.queued")
            return
        self.result = text(language, "undo.done", n=outcome.restored)
        self.left = conflicts(outcome, language)
        await self._fill()

    @rx.event
    @requires()
    async def restore(self, row_id: Id, name: Annotated[str, StringConstraints(max_length=120)]):
        """Give one field its old value back."""
        try:
            await self._call(history.restore_value, id_of(row_id), name)
        except (C360Error, ValueError) as error:
            await self._say(error)
            return
        self.result, self.left = text((await self._actor()).language, "history.restored"), []
        await self._fill()

    async def _then(self, day: str) -> None:
        """Show the profile as it stood at the end of a day; say why when it cannot be."""
        if not day:
            return
        try:
            self.then = await self._ask(asof.on, self.key, id_of(self.record), day_of(day) or today())
            self.at = day
        except Invalid as error:
            self.unborn = "; ".join(error.texts((await self._actor()).language).values())
        except C360Error as error:
            self.unborn = error.text((await self._actor()).language)

    async def _say(self, error: Exception) -> None:
        language = (await self._actor()).language
        self.result = error.text(language) if isinstance(error, C360Error) else text(language, "undo.unknown")
        self.left = []

    async def _fill(self, after: int | None = None) -> None:
        try:
            since, until, record_id = day_of(self.since), day_of(self.until), id_of(self.record)
            page = await self._ask(
                history.of, self.key, record_id, since=since, until=until, name=self.name, after=after
            )
            self.fields = await self._ask(_fields, self.key)
        except (C360Error, ValueError) as error:
            await self._say(error)
            self.problem, self.ready = self.result, True
            return
        new = [shown(entry) for entry in page.entries]
        self.entries = [*self.entries, *new] if after is not None else new
        self._after, self.more, self.problem, self.ready = page.after, page.after is not None, "", True


def _fields(uow: UnitOfWork, key: str) -> list[dict[str, str]]:
    return [{"value": name, "label": label} for name, label in history.fields_of(uow, key)]
