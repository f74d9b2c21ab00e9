"""Households in the queue of possible duplicates: proposed pairs, accepted or dismissed by a key, and the way back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import reflex as rx
from reflex_base.event import Event

from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services.duplicates import households, reviewing
from c360.services.duplicates.households import HomeLine
from c360.state import browser, toasts
from c360.state.guard import requires
from c360.state.merge_rows import Id
from c360.state.undoing import Undoing

HOMES = "homes"


class Households(Undoing, mixin=True):
    """What is proposed as a household, and what a person says of it."""

    homes: rx.Field[list[HomeLine]] = rx.field(default_factory=list)
    households: int = 0
    """How many pairs wait."""
    state: str = "open"
    chosen: str = ""
    more: bool = False

    @rx.event
    @requires("update", "customer")
    async def accept_home(self):
        """Tie the chosen ones to one household."""
        work = households.accept if self.state == HOMES else households.accept_group
        return await self._settle("duplicates.home.accepted", work)

    @rx.event
    @requires("update", "customer")
    async def dismiss_home(self):
        """Remember that the chosen pair has nothing to do with each other."""
        return await self._settle("duplicates.home.dismissed", households.dismiss)

    @rx.event
    @requires("update", "customer")
    async def undo_home(self, set_id: Id):
        """Take back what was said of a household."""
        told = await self._take_back(set_id)
        await self._fill()
        return told

    def _house(self, key: str) -> Any:
        """Return what a key means for a household."""
        acts: dict[str, Any] = {"home": type(self).accept_home}
        if self.state == HOMES:
            acts["apart"] = type(self).dismiss_home
        return acts.get(key)

    async def _settle(self, said: str, work: Callable[..., UUID]) -> Any:
        language = (await self._actor()).language
        lines = [line.id for line in self.homes]
        here = lines.index(self.chosen) if self.chosen in lines else 0
        try:
            made = await self._call(work, id_of(self.chosen))
        except C360Error as error:
            return toasts.failed(error.text(language))
        await self._fill()
        if self.homes:
            self.chosen = self.homes[min(here, len(self.homes) - 1)].id
        back = type(self).undo_home(str(made))
        return [toasts.done(text(language, said), back, text(language, "list.undo")), *focus(self.chosen)]

    async def _more_homes(self) -> None:
        found = await self._ask(households.proposed, after=len(self.homes))
        self.homes, self.more = [*self.homes, *found], len(found) == reviewing.PAGE

    async def _fill(self) -> None:
        raise NotImplementedError


def focus(line_id: str) -> list[Event]:
    """Put the cursor on a line of the queue; nothing when none is left."""
    return [browser.focus(f"dup-{line_id}")] if line_id else []
