"""History and Future: what was done with a customer, and what is planned."""

from typing import Any

import reflex as rx

from c360.core.errors import C360Error
from c360.core.ids import id_of
from c360.services import activity_lines
from c360.services.activity_lines import ActivityLine
from c360.state.activity_acts import ActivityActs
from c360.state.guard import requires
from c360.state.profile import ProfileState

PHASES = {"history": "past", "future": "planned"}


class ActivitiesTab(ActivityActs, rx.State):
    """The activities of one customer on one of the two tabs."""

    ready: bool = False
    lines: rx.Field[list[ActivityLine]] = rx.field(default_factory=list)
    more: bool = False
    problem: str = ""
    phase: str = ""
    _id: str = ""
    _after: str = ""

    @rx.event
    @requires()
    async def load(self):
        """Load the first page of the tab the address names; nothing on another."""
        parts = self.router.url.path.strip("/").split("/")
        if len(parts) < 3 or parts[0] not in ("contact", "account") or parts[2] not in PHASES:
            return
        if (self._id, self.phase) != (parts[1], PHASES[parts[2]]):
            self.ready, self.lines = False, []
        self._id, self.phase, self._after = parts[1], PHASES[parts[2]], ""
        await self._fill()

    @rx.event
    @requires()
    async def show_more(self):
        """Add the next page."""
        await self._fill(self._after)

    async def _again(self) -> Any:
        await self._fill()
        return [ProfileState.reload]

    async def _fill(self, after: str = "") -> None:
        try:
            found = await self._ask(activity_lines.of_customer, id_of(self._id), self.phase, after)
        except C360Error as error:
            self.problem, self.ready = error.text((await self._actor()).language), True
            return
        self.lines = [*self.lines, *found.lines] if after else found.lines
        self._after, self.more, self.problem, self.ready = found.after, bool(found.after), "", True
