"""Who may be the customer of a form already: while it is filled in, and once more when it is saved."""

from typing import Any

import reflex as rx

from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services.duplicates import check, enquiring, rules
from c360.services.duplicates.check import Likely
from c360.state import browser
from c360.state.guard import requires
from c360.state.session import ServiceCalls


class Likeness(ServiceCalls, mixin=True):
    """What a form of a customer shows of others like him."""

    open: bool = False
    entity: str = ""
    errors: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    likely: rx.Field[list[Likely]] = rx.field(default_factory=list)
    """Who may be the customer at hand already."""
    ask: rx.Field[list[str]] = rx.field(default_factory=list)
    doubted: bool = False
    """Whether saving was tried: who the record may be was shown."""
    blocked: bool = False
    """Whether to save all the same takes a reason."""
    enquiring: bool = False
    """Whether the dialog is open that asks the owners of those who may not be opened."""
    enquired: bool = False
    enquiry_error: str = ""
    _hinted: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    """What was typed when the form told of somebody who may not be opened, and at which door."""
    _door: str = "typing"
    _queued: bool = False
    """Whether what is alike goes into the queue."""
    _typed: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    _record_id: str = ""

    @rx.event
    @requires()
    def look_for(self, name: str, typed: str):
        """Note what was typed into a field of a customer, and look whether he is there already."""
        if self.entity not in check.KINDS or not self.open or self._typed.get(name, "") == typed:
            return None
        self._typed = {**self._typed, name: typed}
        return type(self).look

    @rx.event(supersedes=True)
    @requires()
    async def look(self):
        """Tell who may be this customer already."""
        mine = id_of(self._record_id) if self._record_id else None
        found = await self._ask(check.check, self.entity, self._typed, mine)
        self._hint(found.ask, self._typed, "typing")
        self.likely, self.ask = found.likely, found.ask

    @rx.event
    @requires()
    def enquire(self):
        """Open the dialog that asks the owners of those who may not be opened."""
        self.enquiring, self.enquiry_error = bool(self.ask), ""

    @rx.event
    @requires()
    def unask(self):
        """Close the dialog without asking."""
        self.enquiring, self.enquiry_error = False, ""

    @rx.event
    @requires()
    async def send_enquiry(self, form: dict[str, str]):
        """Ask the owners; who they were asked about is found once more here, and told to nobody."""
        if not self._hinted:
            return
        mine = id_of(self._record_id) if self._record_id else None
        sent = (self.entity, self._hinted, mine, form.get("words", ""))
        try:
            await self._call(enquiring.send, *sent, door=self._door)
        except C360Error as error:
            self.enquiry_error = error.text((await self._actor()).language)
            return
        self.enquiring, self.enquired, self.enquiry_error = False, True, ""

    def _hint(self, asked: list[str], typed: dict[str, str], door: str) -> None:
        """Keep what a hint was told for: nobody is asked about what was typed but not answered."""
        self._hinted, self._door = (dict(typed), door) if asked else ({}, door)
        self.enquired = self.enquired and asked == self.ask

    @rx.event
    @requires()
    def merge_into(self, record_id: str):
        """Save the form, and then merge what it describes into a customer who is there already."""
        return browser.submit("record-form", "_into", str(id_of(record_id)))

    async def _doubt(self, form: dict[str, str], reason: str) -> Any:
        """Ask once before a customer is added who seems to be there; where it is sure, take only a reason."""
        told = {one.id for one in self.likely}, self.ask
        found = await self._ask(check.check, self.entity, form, door="save")
        new = {one.id for one in found.likely} - told[0] or set(found.ask) - set(told[1])
        blocked = found.reaction == rules.BLOCK
        self._queued = found.quiet or found.reaction == rules.QUEUE
        answered = self.doubted and not new and (bool(reason) or not blocked)
        if answered or not (blocked or found.reaction == rules.WARN):
            return None
        language = (await self._actor()).language
        missing = blocked and self.doubted and not reason
        self.errors = {"_reason": text(language, "duplicate.reason", n=500)} if missing else {}
        self._hint(found.ask, form, "save")
        self.likely, self.ask, self.doubted, self.blocked = found.likely, found.ask, True, blocked
        return focus("_reason")


def focus(name: str, *, unless_typing: bool = False) -> Any:
    """Put the cursor into a field as soon as it is there; pickers come a moment after the form.

    Whoever has begun to type in another field meanwhile is left there.
    """
    if not name.isidentifier():
        return None
    typing = "#record-form :is(input, textarea, select)" if unless_typing else ""
    return browser.focus(f"f-{name}", unless=typing)
