"""The page of data protection: requests with their deadlines, and what is done about each."""

from typing import Annotated, Any
from uuid import UUID, uuid4

import reflex as rx
from pydantic import StringConstraints

from c360.core.actor import Verb
from c360.core.clock import today
from c360.core.errors import C360Error, Invalid
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services.privacy import erasing, holds, requests
from c360.services.privacy.erasing import Share
from c360.services.privacy.requests import Asked
from c360.state import toasts
from c360.state.changes import day_of
from c360.state.consents import written
from c360.state.guard import requires
from c360.state.session import ServiceCalls

Id = Annotated[str, StringConstraints(max_length=36)]
NOBODY = Asked()
DIALOGS = ("new", "erasure", "extend", "close", "refuse", "hold")


class PrivacyPage(ServiceCalls, rx.State):
    """The requests of people about their data."""

    ready: bool = False
    denied: bool = False
    rows: rx.Field[list[Asked]] = rx.field(default_factory=list)
    closed: bool = False
    dialog: str = ""
    chosen: rx.Field[Asked] = rx.field(default_factory=lambda: NOBODY)
    shares: rx.Field[list[Share]] = rx.field(default_factory=list)
    blocked: list[str] = []
    errors: dict[str, str] = {}
    stamp: str = ""
    now: str = ""

    @rx.event
    @requires()
    async def load(self):
        """Load the open requests, those due first on top."""
        self.denied = not (await self._actor()).may(Verb.READ, "subject_request")
        self.dialog, self.errors = "", {}
        if not self.denied:
            self.rows = await self._ask(requests.listed, closed=self.closed)
        self.ready = True

    @rx.event
    @requires("read", "subject_request")
    async def show_closed(self, on: bool):
        """Show the closed ones too, or no longer."""
        self.closed = on
        self.rows = await self._ask(requests.listed, closed=on)

    @rx.event
    @requires("update", "subject_request")
    async def ask_for(self, dialog: str, request_id: Id):
        """Open a dialog on a request, or on a new one."""
        self.chosen = next((row for row in self.rows if row.id == request_id), NOBODY)
        self.errors, self.stamp, self.now = {}, uuid4().hex, today().isoformat()
        if dialog == "erasure":
            try:
                seen = await self._ask(erasing.preview, id_of(self.chosen.customer_id))
            except C360Error as error:
                return toasts.failed(error.text(await self._language()))
            language = await self._language()
            self.shares, self.blocked = seen.shares, [message.text(language) for message in seen.blocked]
        self.dialog = dialog if dialog in DIALOGS else ""
        return None

    @rx.event
    @requires()
    async def close(self):
        """Close the dialog."""
        self.dialog, self.errors = "", {}

    @rx.event
    @requires("update", "subject_request")
    async def save(self, form: dict[str, Any]):
        """Do what the open dialog asks."""
        work = {"new": self._new, "extend": self._extend, "close": self._end, "refuse": self._end, "hold": self._hold}
        try:
            await work[self.dialog](written(form))
        except Invalid as error:
            self.errors = error.texts(await self._language())
            return None
        except C360Error as error:
            return toasts.failed(error.text(await self._language()))
        return await self._done()

    @rx.event
    @requires("update", "subject_request")
    async def carry_out(self, request_id: Id):
        """Erase, restrict or object, as the request asks."""
        try:
            await self._call(requests.carry_out, id_of(request_id))
        except C360Error as error:
            return toasts.failed(error.text(await self._language()))
        return await self._done()

    @rx.event
    @requires("update", "subject_request")
    async def lift(self, customer_id: Id):
        """End a restriction."""
        try:
            await self._call(requests.lift, id_of(customer_id))
        except C360Error as error:
            return toasts.failed(error.text(await self._language()))
        return await self._done()

    async def _new(self, form: dict[str, str]) -> None:
        received = day_of(form.get("received_on", "")) or today()
        if not form.get("customer"):
            raise Invalid.field(
                "customer", "error.required", field=text(await self._language(), "privacy.field.customer")
            )
        await self._call_once(
            self.stamp, requests.open_, id_of(form["customer"]), form.get("kind", ""), received,
            form.get("identity", "")[:2000], form.get("note", "")[:5000],
        )  # fmt: skip

    async def _extend(self, form: dict[str, str]) -> None:
        await self._call(requests.extend, id_of(self.chosen.id), form.get("because", "")[:2000])

    async def _end(self, form: dict[str, str]) -> None:
        said, refused = form.get("outcome", "")[:5000], self.dialog == "refuse"
        await self._call(requests.close, id_of(self.chosen.id), said, refused=refused)

    async def _hold(self, form: dict[str, str]) -> None:
        values = form.get("reason", "")[:2000], form.get("until_on", "")
        await self._call(_held, id_of(self.chosen.customer_id), *values)

    async def _done(self) -> Any:
        self.dialog, self.errors = "", {}
        self.rows = await self._ask(requests.listed, closed=self.closed)
        return toasts.done(text(await self._language(), "privacy.done"))

    async def _language(self) -> str:
        return (await self._actor()).language


def _held(uow: Any, customer_id: UUID, reason: str, until: str) -> UUID:
    return holds.hold(uow, customer_id, reason, until)
