"""What pages of ordered entries share: moved up and down, retired, offered again, deleted, edited in a dialog."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import reflex as rx

from c360.core.ids import id_of
from c360.state.admin import Administration
from c360.state.guard import requires


class OrderedEntries(Administration, mixin=True):
    """A page of entries in their order; ``rows`` holds them, ``_fill`` loads them anew."""

    works: ClassVar[Mapping[str, Callable[..., Any]]]
    """What is done to one entry, by verb: ``move`` with its new place, and what the menu offers."""
    said: ClassVar[str] = "admin.list.done"

    async def _fill(self) -> None:
        raise NotImplementedError

    def _ids(self) -> list[str]:
        raise NotImplementedError

    @rx.event
    @requires()
    async def load(self):
        """Load every entry."""
        if await self._may():
            await self._fill()
        self.ready = True

    @rx.event
    @requires("update")
    async def close(self):
        """Close the dialog."""
        self.dialog, self.errors = "", {}

    @rx.event
    @requires("update")
    async def move(self, entry_id: str, step: int):
        """Give an entry the place of its neighbour."""
        if entry_id not in self._ids():
            return None
        failed = await self._try(self.works["move"], id_of(entry_id), self._ids().index(entry_id) + step)
        await self._fill()
        return failed

    @rx.event
    @requires("update")
    async def act(self, verb: str, entry_id: str):
        """Retire an entry, offer it again, or delete it."""
        work = self.works.get(verb) if verb != "move" else None
        if work is None:
            return None
        failed = await self._try(work, id_of(entry_id))
        await self._fill()
        return failed if failed is not None else await self._said(f"{self.said}.{verb}")

    async def _kept(self, failed: Any) -> Any:
        """Show what was saved, or why it was not."""
        if failed is not None:
            return failed
        await self._fill()
        return await self._said("admin.saved")
