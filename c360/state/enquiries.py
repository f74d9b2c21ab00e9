"""Questions about customers who ask may not open: answered or declined by those who may, read by who asked."""

from typing import Any

import reflex as rx

from c360.core.errors import C360Error, Invalid
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services.duplicates import enquiring
from c360.services.duplicates.enquiring import EnquiryLine
from c360.state import toasts
from c360.state.guard import requires
from c360.state.session import ServiceCalls


class Enquiries(ServiceCalls, rx.State):
    """What the page shows, and which question is being answered."""

    ready: bool = False
    lines: rx.Field[list[EnquiryLine]] = rx.field(default_factory=list)
    answering: str = ""
    declining: bool = False
    error: str = ""

    @rx.event
    @requires()
    async def load(self):
        """Show the questions there are."""
        self.ready, self.answering, self.error = False, "", ""
        await self._fill()

    @rx.event
    @requires("update", "customer")
    def reply(self, enquiry_id: str):
        """Ask for the answer to a question."""
        self.answering, self.declining, self.error = enquiry_id, False, ""

    @rx.event
    @requires("update", "customer")
    def refuse(self, enquiry_id: str):
        """Ask why a question is declined."""
        self.answering, self.declining, self.error = enquiry_id, True, ""

    @rx.event
    @requires("update", "customer")
    async def answer(self, form: dict[str, str]):
        """Answer or decline with the words typed."""
        language = (await self._actor()).language
        try:
            sent = (id_of(self.answering), form.get("words", ""))
            await self._call(enquiring.answer, *sent, declined=self.declining)
        except Invalid as refused:
            self.error = "; ".join(refused.texts(language).values())
            return None
        except C360Error as error:
            self.error = error.text(language)
            return None
        said = "enquiries.was_declined" if self.declining else "enquiries.was_answered"
        self.answering, self.error = "", ""
        await self._fill()
        return toasts.done(text(language, said))

    @rx.event
    @requires()
    def close(self):
        """Close the dialog without answering."""
        self.answering, self.error = "", ""

    async def _fill(self) -> Any:
        self.lines, self.ready = await self._ask(enquiring.listed), True
