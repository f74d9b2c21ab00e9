"""My day: what is the user's own to do, and what he was told."""

from typing import Any, TypedDict

import reflex as rx

from c360.services import agenda, notifications
from c360.services.activity_lines import ActivityLine
from c360.state import browser
from c360.state.activity_acts import ActivityActs
from c360.state.guard import requires


class ShownNotice(TypedDict):
    """One notice."""

    id: str
    text: str
    href: str
    at: str
    read: bool


class DayPage(ActivityActs, rx.State):
    """The user's day."""

    ready: bool = False
    overdue: rx.Field[list[ActivityLine]] = rx.field(default_factory=list)
    today: rx.Field[list[ActivityLine]] = rx.field(default_factory=list)
    upcoming: rx.Field[list[ActivityLine]] = rx.field(default_factory=list)
    notices: list[ShownNotice] = []
    _offset: int = 0

    @rx.event
    @requires()
    async def load(self):
        """Ask the browser what day it is there, then show the day."""
        return browser.clock(DayPage.fill)

    @rx.event
    @requires()
    async def fill(self, offset: int):
        """Show the day of a clock so many minutes ahead of universal time."""
        self._offset = offset
        await self._fill()

    @rx.event
    @requires()
    async def read_all(self):
        """Mark every notice as read."""
        await self._call(notifications.mark_read)
        await self._fill()

    async def _again(self) -> Any:
        await self._fill()
        return []

    async def _fill(self) -> None:
        day = await self._ask(agenda.day, self._offset)
        self.overdue, self.today, self.upcoming = day.overdue, day.today, day.upcoming
        self.notices = [
            {"id": str(n.id), "text": n.text, "href": n.href, "at": n.at.isoformat(), "read": n.read}
            for n in day.notices
        ]
        self.ready = True
