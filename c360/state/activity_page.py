"""The page of one activity: its record card."""

from typing import Any

import reflex as rx

from c360.core.errors import C360Error
from c360.core.ids import id_of
from c360.services import activities, activity_lines
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

    @rx.event
    @requires("update", "activity")
    async def put_on(self, customer_ids: list[str]):
        """Put the activity on one more customer."""
        for one in customer_ids[:1]:
            return await self._do("activity.done.linked", activities.link, id_of(self.lines[0].id), id_of(one))

    @rx.event
    @requires("update", "activity")
    async def take_off(self, customer_id: str):
        """Take the activity off a customer."""
        return await self._do("activity.done.unlinked", activities.unlink, id_of(self.lines[0].id), id_of(customer_id))

    async def _again(self) -> Any:
        return [ActivityPage.load]
