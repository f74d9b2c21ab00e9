"""The form of a group in the chart: its name and who stands in it."""

import reflex as rx

from c360.core.errors import C360Error, Invalid
from c360.core.ids import id_of
from c360.services.relationships import groups
from c360.state.guard import requires
from c360.state.relations import RelationsTab, known
from c360.state.session import ServiceCalls


class GroupForm(ServiceCalls, rx.State):
    """The dialog that puts customers of the chart together under a name."""

    dialog: bool = False
    members: list[str] = []
    name: str = ""
    known: list[str] = []
    errors: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    _ids: list[str] = []
    _center: str = ""

    @rx.event
    @requires()
    async def ask(self, node_ids: list[str]):
        """Ask for the group of some nodes; one that stands in a group shows its name."""
        tab = await self.get_state(RelationsTab)
        wanted = set(node_ids) - {tab.center}
        found = [node for node in known(tab).nodes if node.id in wanted and not node.masked]
        if not found:
            return
        self._ids, self._center = [node.id for node in found], tab.center
        self.members = [node.label for node in found]
        self.name = next((node.group for node in found if node.group), "")
        self.known = sorted({node.group for node in known(tab).nodes if node.group})
        self.errors, self.dialog = {}, True

    @rx.event
    @requires()
    async def save(self, form: dict[str, str]):
        """Put them under the name the form holds; none takes them out of their groups."""
        name = form.get("name", "").strip()
        center, ids = id_of(self._center), [id_of(one) for one in self._ids]
        try:
            made = (
                await self._call(groups.put, center, ids, name) if name else await self._call(groups.part, center, ids)
            )
        except C360Error as error:
            language = (await self._actor()).language
            self.errors = error.texts(language) if isinstance(error, Invalid) else {"name": error.text(language)}
            return None
        self.dialog = False
        return RelationsTab.tell("relations.done.group" if name else "relations.done.part", str(made))

    @rx.event
    @requires()
    async def close(self):
        """Close the form."""
        self.dialog, self.errors = False, {}
