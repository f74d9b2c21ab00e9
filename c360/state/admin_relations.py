"""The page of relation types: their wordings from both sides, in their order."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import reflex as rx

from c360.core.ids import id_of
from c360.services.relationships import types
from c360.services.relationships.types import TypeEntry
from c360.state.admin_entries import OrderedEntries
from c360.state.guard import requires

NAMES = ("name", "reverse", "shape", "from_kind", "to_kind", "part", "is_party", "color", "comment")


class RelationTypes(OrderedEntries, rx.State):
    """The relation types and what their administrator does with them."""

    entity_key: ClassVar[str] = "relation_type"
    works: ClassVar[Mapping[str, Callable[..., Any]]] = {
        "move": types.move, "retire": types.retire, "offer": types.offer, "delete": types.delete,
    }  # fmt: skip

    rows: rx.Field[list[TypeEntry]] = rx.field(default_factory=list)
    draft: rx.Field[TypeEntry] = rx.field(default_factory=TypeEntry)

    async def _fill(self) -> None:
        self.rows = await self._ask(types.entries)

    def _ids(self) -> list[str]:
        return [row.id for row in self.rows]

    @rx.event
    @requires("update")
    async def ask_for(self, entry_id: str):
        """Open the dialog on a type, or on a new one."""
        self.draft = next((row for row in self.rows if row.id == entry_id), TypeEntry())
        self.errors, self.dialog = {}, "type"

    @rx.event
    @requires("update")
    async def save(self, form: dict[str, Any]):
        """Keep what the dialog holds."""
        values = {name: str(form.get(name, "")) for name in NAMES}
        values["is_party"] = values["is_party"] or "no"
        if self.draft.id:
            return await self._kept(await self._try(types.change, id_of(self.draft.id), values, self.draft.version))
        return await self._kept(await self._try(types.add, values))
