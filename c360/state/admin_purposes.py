"""The pages of purposes and of the texts people read before they agree."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import reflex as rx

from c360.core.ids import id_of
from c360.registry.entity import entity_for
from c360.services import names
from c360.services.consents import purposes
from c360.services.consents.purposes import Entry, TextRow
from c360.state.admin import Administration
from c360.state.admin_entries import OrderedEntries
from c360.state.guard import requires

CHANNELS: Any = entity_for("purpose").fields["media"].options
TEXTS = ("key", "name", "description", "nature", "basis", "lasts_months", "data_categories", "recipients")


class Purposes(OrderedEntries, rx.State):
    """What data is used for, in order."""

    entity_key: ClassVar[str] = "purpose"
    works: ClassVar[Mapping[str, Callable[..., Any]]] = {
        "move": purposes.move, "retire": purposes.retire, "offer": purposes.offer,
    }  # fmt: skip

    rows: rx.Field[list[Entry]] = rx.field(default_factory=list)
    draft: rx.Field[Entry] = rx.field(default_factory=Entry)

    async def _fill(self) -> None:
        self.rows = await self._ask(purposes.entries)

    def _ids(self) -> list[str]:
        return [row.id for row in self.rows]

    @rx.event
    @requires("update")
    async def ask_for(self, entry_id: str):
        """Open the dialog on a purpose, or on a new one."""
        self.draft = next((row for row in self.rows if row.id == entry_id), Entry())
        self.errors, self.dialog = {}, "purpose"

    @rx.event
    @requires("update")
    async def save(self, form: dict[str, Any]):
        """Keep what the dialog holds."""
        values = {name: str(form.get(name) or "") for name in TEXTS}
        values["media"] = "; ".join(medium for medium in CHANNELS.values if form.get(f"on-{medium}"))
        values["double_opt_in"] = "yes" if form.get("double_opt_in") else "no"
        if self.draft.id:
            return await self._kept(await self._try(purposes.change, id_of(self.draft.id), values, self.draft.version))
        return await self._kept(await self._try(purposes.add, values))


class ConsentTexts(Administration, rx.State):
    """The texts of the purpose in the address: every version, one active for each language and country."""

    entity_key: ClassVar[str] = "consent_text"

    purpose: str = ""
    name: str = ""
    rows: rx.Field[list[TextRow]] = rx.field(default_factory=list)
    draft: rx.Field[TextRow] = rx.field(default_factory=TextRow)
    countries: list[list[str]] = []
    languages: list[list[str]] = []

    @rx.event
    @requires()
    async def load(self):
        """Load the texts of the purpose named in the address."""
        if await self._may():
            self.purpose = self.router.url.path.rstrip("/").rpartition("/")[2]
            language = await self._language()
            self.countries = [[code, label] for code, label in names.every("country", language)]
            self.languages = [[code, label] for code, label in names.every("language", language)]
            await self._fill()
        self.ready = True

    async def _fill(self) -> None:
        self.name = await self._ask(purposes.title, id_of(self.purpose))
        self.rows = await self._ask(purposes.texts, id_of(self.purpose))

    @rx.event
    @requires("update")
    async def ask_for(self, text_id: str):
        """Open the dialog for a new version of a text, or for a text in another language."""
        language = await self._language()
        self.draft = next((row for row in self.rows if row.id == text_id), TextRow(language=language))
        self.errors, self.dialog = {}, "text"

    @rx.event
    @requires("update")
    async def close(self):
        """Close the dialog."""
        self.dialog, self.errors = "", {}

    @rx.event
    @requires("update")
    async def save(self, form: dict[str, Any]):
        """Publish the text as the active version of its language and country."""
        told = [str(form.get(name) or "") for name in ("language", "country", "title", "text")]
        failed = await self._try(purposes.publish, id_of(self.purpose), *told)
        if failed is not None:
            return failed
        await self._fill()
        return await self._said("admin.texts.published")

    @rx.event
    @requires("update")
    async def activate(self, text_id: str):
        """Make an older version the active one again."""
        failed = await self._try(purposes.activate, id_of(text_id))
        await self._fill()
        return failed if failed is not None else await self._said("admin.texts.activated")
