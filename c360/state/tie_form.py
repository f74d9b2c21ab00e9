"""The form of a relation: whom to tie to whom, how, since when; new or changed."""

from typing import Annotated
from uuid import UUID

import reflex as rx
from pydantic import StringConstraints

from c360.core.errors import C360Error, Invalid
from c360.core.ids import id_of
from c360.services.relationships import lines, making
from c360.services.relationships.graph import Node
from c360.services.relationships.making import Facts
from c360.services.relationships.suggestions import Suggestion
from c360.state import toasts
from c360.state.guard import requires
from c360.state.relations import RelationsTab, known, record_of
from c360.state.session import ServiceCalls

Short = Annotated[str, StringConstraints(max_length=60)]


class TieForm(ServiceCalls, rx.State):
    """The one dialog of the Relations tab."""

    dialog: str = ""
    one: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    other: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    wordings: rx.Field[list[dict[str, str]]] = rx.field(default_factory=list)
    draft: rx.Field[Facts] = rx.field(default_factory=lambda: Facts("", ""))
    errors: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    relays: bool = False
    """Whether one of the two can be a relay of the other."""
    stamp: int = 0

    @rx.event
    @requires()
    async def ask_add(self, one_id: Short, other_id: Short):
        """Ask for a new tie, from a node, perhaps to another one or to somebody suggested."""
        tab = await self.get_state(RelationsTab)
        found = {node.id: node for node in known(tab).nodes if not node.masked}
        one = found.get(one_id or tab.center)
        if one is None:
            return
        offered = {suggestion.id: suggestion for suggestion in tab.suggested}
        self.one, self.other = _named(one), _named(found.get(other_id) or offered.get(other_id))
        self.draft, self.errors, self.wordings, self.relays, self.dialog = Facts("", ""), {}, [], False, "add"
        self.stamp += 1
        if self.other:
            await self._offer()

    @rx.event
    @requires()
    async def choose_other(self, ids: list[str]):
        """Choose whom to tie; the wordings that fit follow."""
        self.other, self.wordings = ({"id": ids[0], "label": ""} if ids else {}), []
        if ids:
            await self._offer()

    @rx.event
    @requires()
    async def ask_edit(self, edge_id: Short):
        """Show what a relation says, read from the side nearer to the middle."""
        tab = await self.get_state(RelationsTab)
        row = next(
            (one for one in lines.rows(known(tab)) if one.id == edge_id and one.editable and one.origin == "relation"),
            None,
        )
        edge = next((one for one in known(tab).edges if one.id == edge_id), None)
        if row is None or edge is None:
            return None
        side = edge.source if row.other_id == edge.target else edge.target
        self.one, self.other = {"id": side, "label": row.one}, {"id": row.other_id, "label": row.other}
        try:
            self.draft = await self._ask(making.facts, record_of(edge_id), id_of(side))
        except C360Error as error:
            return toasts.failed(error.text((await self._actor()).language))
        self.errors, self.dialog, self.stamp = {}, "edit", self.stamp + 1
        await self._offer(id_of(self.draft.value.partition(":")[0]))
        return None

    @rx.event
    @requires()
    async def save(self, form: dict[str, str]):
        """Make or change the tie the form describes."""
        wording = form.get("wording", "")
        ticks = {name: form.get(name) or "no" for name in ("is_former", "is_primary")}
        values = {name: form.get(name, "") for name in making.FACTS} | ticks
        language = (await self._actor()).language
        try:
            if not self.other.get("id"):
                raise Invalid.field("to_id", "relation.whom")
            one, other = id_of(self.one["id"]), id_of(self.other["id"])
            if self.dialog == "edit":
                row = id_of(self.draft.id)
                made = await self._call(making.change, row, one, wording, values, self.draft.version)
            else:
                made = await self._call(making.connect, one, other, wording, values)
        except Invalid as error:
            self.errors = error.texts(language)
            return None
        except C360Error as error:
            self.errors = {"record": error.text(language)}
            return None
        said = f"relations.done.{self.dialog}"
        self.dialog, self.errors = "", {}
        return RelationsTab.tell(said, str(made))

    @rx.event
    @requires()
    async def close(self):
        """Close the form."""
        self.dialog, self.errors = "", {}

    @rx.var
    def problem(self) -> str:
        """What is wrong with the form as a whole."""
        own = ("to_id", "type_id", "since_on", "until_on")
        return "; ".join(said for name, said in self.errors.items() if name not in own)

    async def _offer(self, also: UUID | None = None) -> None:
        language = (await self._actor()).language
        try:
            one, other = id_of(self.one["id"]), id_of(self.other["id"])
            found = await self._ask(making.wordings, one, other, also=also)
        except C360Error as error:
            found, self.errors = [], {"to_id": error.text(language)}
        self.wordings = [{"value": w.value, "label": w.label, "color": w.color} for w in found]
        self.relays = any(w.part == "relay" for w in found)


def _named(node: Node | Suggestion | None) -> dict[str, str]:
    return {"id": node.id, "label": node.label} if node is not None else {}
