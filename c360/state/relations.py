"""The Relations tab: who is tied to a customer, as a chart, a table or a tree, and every change to it."""

from typing import Annotated, Any
from uuid import UUID

import reflex as rx
from pydantic import StringConstraints

from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import undo
from c360.services.relationships import graph, lines, making, structure, suggestions
from c360.services.relationships.graph import Edge, Graph, Node
from c360.services.relationships.lines import Branch, TieRow
from c360.services.relationships.suggestions import Suggestion
from c360.services.turning import UndoOutcome
from c360.state import toasts
from c360.state.changes import day_of
from c360.state.entries import ShownEntry, shown
from c360.state.guard import requires
from c360.state.session import ServiceCalls

Short = Annotated[str, StringConstraints(max_length=60)]
VIEWS = ("chart", "table", "tree")
LONG = 12_000


class RelationsTab(ServiceCalls, rx.State):
    """The surroundings of the record in the address."""

    ready: bool = False
    problem: str = ""
    view: str = "chart"
    scope: str = "around"
    layout: str = "network"
    rings: int = 1
    former: bool = False
    day: str = ""
    only: list[str] = []
    kind_options: rx.Field[list[dict[str, str]]] = rx.field(default_factory=list)
    is_account: bool = False
    center: str = ""
    nodes: rx.Field[list[Node]] = rx.field(default_factory=list)
    edges: rx.Field[list[Edge]] = rx.field(default_factory=list)
    rows: rx.Field[list[TieRow]] = rx.field(default_factory=list)
    branches: rx.Field[list[Branch]] = rx.field(default_factory=list)
    suggested: rx.Field[list[Suggestion]] = rx.field(default_factory=list)
    left: int = 0
    earliest: str = ""
    past: list[ShownEntry] = []
    past_more: bool = False
    _key: str = ""
    _id: str = ""
    _opened: list[str] = []
    _most: int = graph.AT_FIRST
    _past_after: int | None = None

    @rx.event
    @requires()
    async def load(self):
        """Show the surroundings of the record the address names; nothing on another tab."""
        parts = self.router.url.path.strip("/").split("/")
        if len(parts) < 3 or parts[0] not in ("contact", "account") or parts[2] != "relations":
            return
        if (parts[0], parts[1]) != (self._key, self._id):
            self.ready, self.rings, self.day, self.only, self.scope, self.layout = False, 1, "", [], "around", "network"
            self._opened, self._most, self.nodes, self.edges = [], graph.AT_FIRST, [], []
            self.suggested = []
        self._key, self._id, self.is_account = parts[0], parts[1], parts[0] == "account"
        await self._fill()
        if not self.problem:
            kinds = await self._ask(making.kinds_in_use)
            self.kind_options = [{"value": kind.value, "label": kind.label, "color": kind.color} for kind in kinds]
            await self._suggest()
            self.earliest = await self._ask(graph.earliest, id_of(self._id))

    @rx.event
    @requires()
    async def show(self, view: Short):
        """Show it as a chart, a table or a tree."""
        self.view = view if view in VIEWS else "chart"

    @rx.event
    @requires()
    async def look_at(self, scope: Short):
        """Show who is around, or the whole corporate structure."""
        self.scope = "structure" if scope == "structure" and self.is_account else "around"
        self.layout = "tree" if self.scope == "structure" else "network"
        await self._fill()

    @rx.event
    @requires()
    async def lay_out(self, layout: Short):
        """Draw a network or a hierarchy."""
        self.layout = "tree" if layout == "tree" else "network"

    @rx.event
    @requires()
    async def widen(self, rings: int):
        """Show everybody within so many steps."""
        self.rings = min(max(rings, 1), 3)
        await self._fill()

    @rx.event
    @requires()
    async def with_former(self, former: bool):
        """Show what is over too, or no longer."""
        self.former = former
        await self._fill()

    @rx.event(supersedes=True)
    @requires()
    async def on_day(self, day: Short):
        """Show what held on a day; an empty one means now."""
        self.day = day
        await self._fill()

    @rx.event
    @requires()
    async def pick(self, kinds: list[str]):
        """Show ties of some types alone; none means all."""
        self.only = kinds
        await self._fill()

    @rx.event
    @requires()
    async def show_all(self):
        """Show as many as a chart can hold."""
        self._most = graph.MOST
        await self._fill()

    @rx.event
    @requires()
    async def expand(self, node_id: Short):
        """Show everybody a node is tied to."""
        if node_id not in self._opened and any(node.id == node_id and not node.masked for node in self.nodes):
            self._opened = [*self._opened, node_id][-graph.STEPS :]
            await self._fill()

    @rx.event
    @requires()
    async def open(self, node_id: Short):
        """Go to the profile of a node."""
        node = next((one for one in self.nodes if one.id == node_id and not one.masked), None)
        if node is not None and node_id != self.center:
            return rx.redirect(f"/{node.kind}/{node.id}/relations")
        return None

    @rx.event
    @requires()
    async def tell(self, said: Short, set_id: Short):
        """Show what was changed, and offer the way back."""
        return await self._said(said, id_of(set_id))

    @rx.event
    @requires()
    async def end(self, edge_id: Short):
        """End a relation today."""
        return await self._do("relations.done.end", edge_id, making.end)

    @rx.event
    @requires()
    async def remove(self, edge_id: Short):
        """Take a tie away that should not be there."""
        return await self._do("relations.done.remove", edge_id, making.remove, edge_id.partition(".")[0])

    @rx.event
    @requires()
    async def dismiss(self, other_id: Short):
        """Remember that a suggested customer has nothing to do with this one."""
        return await self._act("relations.done.dismiss", suggestions.dismiss, [self._id, other_id])

    @rx.event
    @requires()
    async def undo(self, set_id: Short):
        """Take a change back."""
        language = (await self._actor()).language
        try:
            found = await self._call(undo.begin, id_of(set_id))
        except C360Error as error:
            return toasts.failed(error.text(language))
        await self._fill()
        await self._suggest()
        kept = found.kept if isinstance(found, UndoOutcome) else 0
        return toasts.done(text(language, "relations.undone.partly" if kept else "relations.undone"))

    @rx.event
    @requires()
    async def more_past(self):
        """Show an older page of the group's history."""
        await self._history(self._past_after)

    async def _do(self, said: str, edge_id: str, work: Any, *args: Any) -> Any:
        return await self._act(said, work, [edge_id.partition(".")[2]], *args)

    async def _act(self, said: str, work: Any, ids: list[str], *args: Any) -> Any:
        try:
            made = await self._call(work, *args, *(id_of(one) for one in ids))
        except C360Error as error:
            return toasts.failed(error.text((await self._actor()).language))
        return await self._said(said, made)

    async def _said(self, said: str, set_id: UUID) -> Any:
        await self._fill()
        await self._suggest()
        language = (await self._actor()).language
        return toasts.done(text(language, said), RelationsTab.undo(str(set_id)), text(language, "list.undo"))

    async def _fill(self) -> None:
        try:
            found = await self._read()
        except C360Error as error:
            self.problem = error.text((await self._actor()).language)
            self.nodes, self.edges, self.rows, self.branches, self.ready = [], [], [], [], True
            return
        self.center, self.nodes, self.edges, self.left = found.center, found.nodes, found.edges, found.left
        self.rows, self.branches, self.problem, self.ready = lines.rows(found), lines.tree(found), "", True
        self.past = []
        if self.scope == "structure":
            await self._history(None)

    async def _suggest(self) -> None:
        if not self.problem:
            self.suggested = await self._ask(suggestions.of, id_of(self._id))

    async def _read(self) -> Graph:
        if self.scope == "structure":
            return await self._ask(structure.whole, id_of(self._id))
        return await self._ask(
            graph.around, id_of(self._id), rings=self.rings, opened=[id_of(one) for one in self._opened],
            day=day_of(self.day), former=self.former, only=self.only, most=self._most,
        )  # fmt: skip

    async def _history(self, after: int | None) -> None:
        page = await self._ask(structure.past, id_of(self._id), after)
        new = [shown(entry) for entry in page.entries]
        self.past = [*self.past, *new] if after is not None else new
        self._past_after, self.past_more = page.after, page.after is not None


def record_of(edge_id: str) -> UUID:
    """Return the row a tie stands for; what is no tie of this reader leads nowhere."""
    return id_of(edge_id.partition(".")[2])
