"""The page of pick lists: one list at a time, its entries in their order."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypedDict

import reflex as rx

from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import choices
from c360.state.admin_entries import OrderedEntries
from c360.state.guard import requires


class ListLink(TypedDict):
    """A pick list one can open."""

    key: str
    label: str
    n: int


class EntryRow(TypedDict):
    """An entry as the page shows it."""

    id: str
    name: str
    color: str
    comment: str
    family: str
    is_default: bool
    retired: bool
    version: int
    used: int
    href: str


NEW: EntryRow = {
    "id": "", "name": "", "color": "gray", "comment": "", "family": "", "is_default": False, "retired": False,
    "version": 0, "used": 0, "href": "",
}  # fmt: skip


class PickLists(OrderedEntries, rx.State):
    """The entries of one pick list and what their administrator does with them."""

    entity_key: ClassVar[str] = "choice"
    works: ClassVar[Mapping[str, Callable[..., Any]]] = {
        "move": choices.move, "retire": choices.retire, "offer": choices.offer, "delete": choices.delete,
    }  # fmt: skip

    lists: list[ListLink] = []
    which: str = ""
    title: str = ""
    rows: list[EntryRow] = []
    draft: EntryRow = NEW

    @rx.event
    @requires()
    async def load(self):
        """Load the list named in the address."""
        if await self._may():
            counted = await self._ask(choices.counts)
            language = await self._language()
            self.lists = [
                {"key": key, "label": text(language, f"option.pick_list.{key}"), "n": n} for key, n in counted.items()
            ]
            self.which = self._last(tuple(counted))
            self.title = next(one["label"] for one in self.lists if one["key"] == self.which)
            await self._fill()
        self.ready = True

    async def _fill(self) -> None:
        found = await self._ask(choices.entries, self.which)
        self.rows = [
            {
                "id": str(e.id), "name": e.name, "color": e.color, "comment": e.comment, "family": e.family,
                "is_default": e.is_default, "retired": e.retired, "version": e.version, "used": e.used, "href": e.href,
            }
            for e in found
        ]  # fmt: skip
        self.lists = [
            {**one, "n": sum(not row["retired"] for row in self.rows)} if one["key"] == self.which else one
            for one in self.lists
        ]

    def _ids(self) -> list[str]:
        return [row["id"] for row in self.rows]

    @rx.event
    @requires("update")
    async def ask_for(self, entry_id: str):
        """Open the dialog on an entry, or on a new one."""
        empty: EntryRow = {**NEW, "family": "email" if self.which == "communication_type" else ""}
        self.draft = next((row for row in self.rows if row["id"] == entry_id), empty)
        self.errors, self.dialog = {}, "entry"

    @rx.event
    @requires("update")
    async def save(self, form: dict[str, Any]):
        """Keep what the dialog holds."""
        values = {name: str(form.get(name, "")) for name in ("name", "color", "comment")}
        values["is_default"] = "yes" if form.get("is_default") else "no"
        if self.which == "communication_type":
            values["family"] = str(form.get("family", ""))
        if self.draft["id"]:
            change = self._try(choices.change, id_of(self.draft["id"]), values, self.draft["version"])
            return await self._kept(await change)
        return await self._kept(await self._try(choices.add, self.which, values))
