"""The user's own reminders and calendar address, on the account page."""

import reflex as rx

from c360.core.i18n import text
from c360.services import agenda, calendar_feed, mailer
from c360.services.uow import UnitOfWork
from c360.state import toasts
from c360.state.guard import requires
from c360.state.session import ServiceCalls


class AgendaCard(ServiceCalls, rx.State):
    """How the user is reminded, and the address of his calendar."""

    mails: bool = True
    digest: bool = False
    mail_on: bool = False
    since: str = ""
    address: str = ""

    @rx.event
    @requires()
    async def load(self):
        """Load what the user has chosen; an address just made is shown no more."""
        self.address, self.mail_on = "", mailer.is_on()
        self.mails, self.digest, self.since = await self._ask(_chosen)

    @rx.event
    @requires()
    async def save(self, form: dict[str, str]):
        """Keep what the user has chosen."""
        await self._call(agenda.prefer, mails=bool(form.get("mails")), digest=bool(form.get("digest")))
        self.mails, self.digest, self.since = await self._ask(_chosen)
        return toasts.done(text((await self._actor()).language, "agenda.saved"))

    @rx.event
    @requires()
    async def make(self):
        """Make a new calendar address and show it once."""
        self.address = await self._call(calendar_feed.make)
        self.mails, self.digest, self.since = await self._ask(_chosen)

    @rx.event
    @requires()
    async def revoke(self):
        """Take the calendar address back."""
        await self._call(calendar_feed.revoke)
        self.address, self.since = "", ""


def _chosen(uow: UnitOfWork) -> tuple[bool, bool, str]:
    found = agenda.there(uow)
    if found is None:
        return True, False, ""
    return found.mails, found.digest, found.feed_made_at.isoformat() if found.feed_made_at else ""
