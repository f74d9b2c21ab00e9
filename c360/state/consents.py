"""The Consents tab: what a customer allows, cell by cell, and what is recorded about it."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid4

import reflex as rx
from pydantic import StringConstraints

from c360.core.errors import C360Error, Invalid
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import consents
from c360.services.consents import SAID, Said, matrix, preferences
from c360.services.consents.matrix import Detail, Matrix
from c360.state import toasts
from c360.state.changes import day_of
from c360.state.guard import requires
from c360.state.session import ServiceCalls

Id = Annotated[str, StringConstraints(max_length=36)]
Word = Annotated[str, StringConstraints(max_length=20)]
NOTHING = Detail("", "", "", "", "", "", "")


class ConsentsTab(ServiceCalls, rx.State):
    """The consents of the customer in the address bar."""

    ready: bool = False
    matrix: rx.Field[Matrix] = rx.field(default_factory=Matrix)
    detail: rx.Field[Detail] = rx.field(default_factory=lambda: NOTHING)
    asked: str = ""
    """What the form under the cell is about to record, empty when it is closed."""
    errors: dict[str, str] = {}
    sure: bool = False
    link: str = ""
    """A link for the customer, shown once; ``confirms`` says that it answers a question."""
    confirms: bool = False
    stamp: str = ""
    _id: str = ""

    @rx.event
    @requires()
    async def load(self):
        """Load the matrix of the customer the address names; nothing on another tab."""
        parts = self.router.url.path.strip("/").split("/")
        if len(parts) < 3 or parts[0] not in ("contact", "account") or parts[2] != "consents":
            return None
        self._id, self.ready, self.detail, self.asked, self.sure = parts[1], False, NOTHING, "", False
        self.link = ""
        return await self._fill()

    @rx.event
    @requires()
    async def make_link(self, event_id: Id):
        """Make a link to the customer's preferences, or one that confirms the question asked."""
        self.confirms = event_id != ""
        try:
            if event_id:
                self.link = await self._call(preferences.make_confirmation, id_of(event_id))
            else:
                self.link = await self._call(preferences.make_link, id_of(self._id))
        except C360Error as error:
            return toasts.failed(error.text(await self._language()))
        return None

    @rx.event
    @requires()
    async def hide_link(self):
        """Show the link no longer."""
        self.link = ""

    @rx.event
    @requires()
    async def open_cell(self, purpose_id: Id, medium: Word):
        """Show why a cell says what it says, and all that was ever said about it."""
        self.asked, self.errors = "", {}
        return await self._show(purpose_id, medium)

    @rx.event
    @requires()
    async def close(self):
        """Close the cell."""
        self.detail, self.asked, self.errors = NOTHING, "", {}

    @rx.event
    @requires()
    async def ask_for(self, event: Word):
        """Open the form that records a yes or a no; empty closes it."""
        self.asked, self.errors, self.stamp = (event if event in SAID else ""), {}, uuid4().hex

    @rx.event
    @requires()
    async def save(self, form: dict[str, Any]):
        """Record what the form says."""
        try:
            said = _said(self.asked, written(form))
            ids = id_of(self._id), id_of(self.detail.purpose_id)
            await self._call_once(self.stamp, consents.record, *ids, self.detail.medium, said)
        except Invalid as error:
            self.errors = error.texts(await self._language())
            return None
        except C360Error as error:
            return toasts.failed(error.text(await self._language()))
        purpose_id, medium, self.asked, self.errors = self.detail.purpose_id, self.detail.medium, "", {}
        failed = await self._show(purpose_id, medium) or await self._fill()
        return failed or toasts.done(text(await self._language(), "consent.saved"))

    @rx.event
    @requires()
    async def switch(self, on: bool):
        """Turn promotional e-mails off at once; turning them on asks for the proof."""
        if on:
            self.asked, self.errors, self.stamp = "given", {}, uuid4().hex
            return await self._show(self.matrix.promotion, "email")
        return await self._do(_withdraw, id_of(self.matrix.promotion))

    @rx.event
    @requires()
    async def ask_all(self, sure: bool):
        """Ask whether everything shall be withdrawn."""
        self.sure = sure

    @rx.event
    @requires()
    async def withdraw_all(self):
        """Withdraw everything the customer ever agreed to."""
        self.sure = False
        return await self._do(consents.opt_out, "in_person")

    async def _do(self, service: Any, *args: Any) -> Any:
        try:
            await self._call(service, id_of(self._id), *args)
        except C360Error as error:
            return toasts.failed(error.text(await self._language()))
        if self.detail.purpose_id:
            await self._show(self.detail.purpose_id, self.detail.medium)
        return await self._fill() or toasts.done(text(await self._language(), "consent.saved"))

    async def _show(self, purpose_id: str, medium: str) -> Any:
        try:
            self.detail = await self._ask(matrix.detail, id_of(self._id), id_of(purpose_id), medium)
        except C360Error as error:
            return toasts.failed(error.text(await self._language()))
        return None

    async def _fill(self) -> Any:
        try:
            self.matrix = await self._ask(matrix.matrix, id_of(self._id))
        except C360Error as error:
            return toasts.failed(error.text(await self._language()))
        self.ready = True
        return None

    async def _language(self) -> str:
        return (await self._actor()).language


def written(form: dict[str, Any]) -> dict[str, str]:
    """Return what was filled in: a control that is not on the page comes as nothing."""
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _said(event: str, form: dict[str, str]) -> Said:
    """Return what a form says; ``Invalid`` names a date that is none."""
    days: dict[str, date | None] = {}
    for name in ("at", "valid_until"):
        try:
            days[name] = day_of(form.get(name, ""))
        except Invalid as error:
            raise Invalid.field(name, "kind.date.bad") from error

    def chosen(name: str) -> UUID | None:
        return id_of(form[name]) if form.get(name) else None

    return Said(
        event, form.get("source", ""), at=days["at"], valid_until=days["valid_until"], option_id=chosen("option_id"),
        text_id=chosen("text_id"), file_id=chosen("file_id"), source_detail=form.get("source_detail", ""),
        note=form.get("note", "")[:5000], party=form.get("party", ""),
    )  # fmt: skip


def _withdraw(uow: Any, customer_id: UUID, purpose_id: UUID) -> UUID:
    return consents.record(uow, customer_id, purpose_id, "email", Said("withdrawn", "in_person"))
