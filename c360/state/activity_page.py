"""The page of one activity: its record card, and the products discussed in it."""

from typing import Any, Literal

import reflex as rx

from c360.core.actor import Verb
from c360.core.errors import C360Error
from c360.core.ids import id_of
from c360.services import activity_lines, records, talks
from c360.services.activity_lines import ActivityLine
from c360.services.talks import Talk
from c360.state.activity_acts import ActivityActs
from c360.state.guard import requires


class ActivityPage(ActivityActs, rx.State):
    """The activity in the address bar."""

    lines: rx.Field[list[ActivityLine]] = rx.field(default_factory=list)
    talks: rx.Field[list[Talk]] = rx.field(default_factory=list)
    unlisted: bool = False
    """Whether no product is kept yet that could be discussed."""
    lists: bool = False
    """Whether the user keeps the list of products."""
    problem: str = ""

    @rx.event
    @requires()
    async def load(self):
        """Load the activity of the address; nothing on another page."""
        key, activity_id, *_ = [*self.router.url.path.strip("/").split("/"), "", ""]
        if key != "activity":
            return
        if [line.id for line in self.lines] != [activity_id]:
            self.lines, self.talks = [], []
        actor = await self._actor()
        try:
            self.lines = [await self._ask(activity_lines.one, id_of(activity_id))]
            self.talks = await self._ask(talks.of, id_of(activity_id))
            self.unlisted = not await self._ask(talks.is_offered)
            self.problem = ""
        except C360Error as error:
            self.lines, self.talks, self.problem = [], [], error.text(actor.language)
        self.lists = actor.may(Verb.UPDATE, "choice")

    @rx.event
    @requires("update", "customer")
    async def move_product(self, line_id: str, by: Literal[-1, 1]):
        """Take a product a place up or down its talk."""
        return await self._do("product.moved", talks.move, id_of(line_id), by)

    @rx.event
    @requires("update", "customer")
    async def drop_product(self, line_id: str):
        """Take a product out of a talk."""
        return await self._do("product.dropped", records.archive, talks.KEY, id_of(line_id))

    async def _again(self) -> Any:
        return [ActivityPage.load]
