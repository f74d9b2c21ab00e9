"""The page of administrators' fields: those of contacts or of accounts, in their order."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypedDict

import reflex as rx

from c360.core.ids import id_of
from c360.services import custom_fields
from c360.services.settings import KINDS
from c360.state.admin_entries import OrderedEntries
from c360.state.guard import requires

SWITCHES = ("required", "is_unique", "in_list", "in_form", "in_import", "in_merge", "in_history")
TEXTS = ("label", "kind", "help", "default", "target", "privacy")


class OptionRow(TypedDict):
    """An option of a field in the dialog."""

    key: str
    label: str
    color: str


class FieldRow(TypedDict):
    """A field as the page shows it."""

    id: str
    key: str
    label: str
    help: str
    kind: str
    default: str
    target: str
    privacy: str
    on: list[str]
    used: int
    retired: bool
    version: int
    options: list[OptionRow]


NEW: FieldRow = {
    "id": "", "key": "", "label": "", "help": "", "kind": "text", "default": "", "target": "", "privacy": "personal",
    "on": ["in_list", "in_form", "in_import", "in_merge", "in_history"], "used": 0, "retired": False, "version": 0,
    "options": [],
}  # fmt: skip
BLANK: OptionRow = {"key": "", "label": "", "color": "gray"}


class CustomFields(OrderedEntries, rx.State):
    """The fields added to one entity."""

    entity_key: ClassVar[str] = "custom_field"
    works: ClassVar[Mapping[str, Callable[..., Any]]] = {
        "move": custom_fields.move, "retire": custom_fields.retire, "offer": custom_fields.bring_back,
    }  # fmt: skip
    said: ClassVar[str] = "admin.field.done"

    which: str = "contact"
    rows: list[FieldRow] = []
    draft: FieldRow = NEW
    kind: str = "text"

    @rx.event
    @requires()
    async def load(self):
        """Load the fields of the entity named in the address."""
        if await self._may():
            self.which = self._last(KINDS)
            await self._fill()
        self.ready = True

    async def _fill(self) -> None:
        self.rows = [
            {
                "id": str(one.id), "used": one.used, "retired": one.retired, "version": one.version,
                "key": one.row["key"], "label": one.row["label"], "help": one.row["help"] or "",
                "kind": one.row["kind"], "default": one.row["default"] or "", "target": one.row["target"] or "",
                "privacy": one.row["privacy"], "on": [name for name in SWITCHES if one.row[name]],
                "options": [{"key": c["key"], "label": c["label"], "color": c["color"]} for c in one.row["choices"]],
            }
            for one in await self._ask(custom_fields.listed, self.which)
        ]  # fmt: skip

    def _ids(self) -> list[str]:
        return [row["id"] for row in self.rows]

    @rx.event
    @requires("update")
    async def ask_for(self, entry_id: str):
        """Open the dialog on a field, or on a new one."""
        found = next((row for row in self.rows if row["id"] == entry_id), NEW)
        self.draft = {**found, "options": [*found["options"], BLANK, BLANK]}
        self.kind, self.errors, self.dialog = found["kind"], {}, "field"

    @rx.event
    @requires("update")
    async def choose_kind(self, kind: str):
        """Show what a field of this kind needs."""
        self.kind = kind

    @rx.event
    @requires("update")
    async def more_options(self):
        """Offer room for more options."""
        self.draft = {**self.draft, "options": [*self.draft["options"], BLANK, BLANK, BLANK]}

    @rx.event
    @requires("update")
    async def save(self, form: dict[str, Any]):
        """Keep what the dialog holds."""
        # A box that is not on the page comes as null: only a reference shows what it points at.
        values = {name: str(form.get(name) or "") for name in TEXTS}
        values |= {name: "yes" if form.get(name) else "no" for name in SWITCHES}
        options = [
            {"key": row["key"], "label": str(form.get(f"option-{i}", "")), "color": str(form.get(f"color-{i}", "gray"))}
            for i, row in enumerate(self.draft["options"])
        ]
        if self.draft["id"]:
            change, version = custom_fields.change, self.draft["version"]
            return await self._kept(await self._try(change, id_of(self.draft["id"]), values, options, version))
        return await self._kept(await self._try(custom_fields.add, {**values, "entity": self.which}, options))
