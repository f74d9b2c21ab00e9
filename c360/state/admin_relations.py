"""The page of relation types: their wordings from both sides, in their order."""

from typing import Any, ClassVar

import reflex as rx

from c360.core.ids import id_of
from c360.services.relationships import types
from c360.services.relationships.types import TypeEntry
from c360.state.admin import Administration
from c360.state.guard import requires

NAMES = ("name", "reverse", "shape", "from_kind", "to_kind", "color", "comment")


class RelationTypes(Administration, rx.State):
    """The relation types and what their administrator does with them."""

    entity_key: ClassVar[str] = "relation_type"

    rows: rx.Field[list[TypeEntry]] = rx.field(default_factory=list)
    draft: rx.Field[TypeEntry] = rx.field(default_factory=TypeEntry)

    @rx.event
    @requires()
    async def load(self):
        """Load every type."""
        if await self._may():
            self.rows = await self._ask(types.entries)
        self.ready = True

    @rx.event
    @requires("update")
    async def ask_for(self, type_id: str):
        """Open the dialog on a type, or on a new one."""
        self.draft = next((row for row in self.rows if row.id == type_id), TypeEntry())
        self.errors, self.dialog = {}, "type"

    @rx.event
    @requires("update")
    async def close(self):
        """Close the dialog."""
        self.dialog, self.errors = "", {}

    @rx.event
    @requires("update")
    async def save(self, form: dict[str, Any]):
        """Keep what the dialog holds."""
        values = {name: str(form.get(name, "")) for name in NAMES}
        if self.draft.id:
            failed = await self._try(types.change, id_of(self.draft.id), values, self.draft.version)
        else:
            failed = await self._try(types.add, values)
        if failed is not None:
            return failed
        self.rows = await self._ask(types.entries)
        return await self._said("admin.saved")

    @rx.event
    @requires("update")
    async def move(self, type_id: str, step: int):
        """Give a type the place of its neighbour."""
        place = next((i for i, row in enumerate(self.rows) if row.id == type_id), None)
        if place is None:
            return None
        failed = await self._try(types.move, id_of(type_id), place + step)
        self.rows = await self._ask(types.entries)
        return failed

    @rx.event
    @requires("update")
    async def act(self, verb: str, type_id: str):
        """Retire a type, offer it again, or delete it."""
        work = {"retire": types.retire, "offer": types.offer, "delete": types.delete}.get(verb)
        if work is None:
            return None
        failed = await self._try(work, id_of(type_id))
        self.rows = await self._ask(types.entries)
        return failed if failed is not None else await self._said(f"admin.list.done.{verb}")
