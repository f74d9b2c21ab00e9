"""The page of one activity: its record card."""

from typing import Any

import reflex as rx

from c360.core.errors import C360Error
from c360.core.ids import id_of
from c360.services import activity_lines
from c360.services.activity_lines import ActivityLine
from c360.state.activity_acts import ActivityActs
from c360.state.guard import requires


class ActivityPage(ActivityActs, rx.State):
    """The activity in the address bar."""

    lines: rx.Field[list[ActivityLine]] = rx.field(default_factory=list)
    problem: str = ""

    @rx.event
    @requires()
    async def load(self):
        """Load the activity of the address; nothing on another page."""
        key, activity_id, *_ = [*self.router.url.path.strip("/").split("/"), "", ""]
        if key != "activity":
            return
        if [line.id for line in self.lines] != [activity_id]:
            self.lines = []
        try:
            self.lines = [await self._ask(activity_lines.one, id_of(activity_id))]
            self.problem = ""
        except C360Error as error:
            self.lines, self.problem = [], error.text((await self._actor()).language)

    async def _again(self) -> Any:
        return [ActivityPage.load]
