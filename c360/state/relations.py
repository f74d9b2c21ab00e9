"""The Relations tab: who is tied to a customer, as a chart, a table or a tree, and every change to it."""

from typing import Annotated, Any
from uuid import UUID

import reflex as rx
from pydantic import StringConstraints

from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services.relationships import bundling, graph, lines, making, roles, structure, suggestions
from c360.services.relationships.bundling import BUNDLE
from c360.services.relationships.graph import Edge, Graph, Node
from c360.services.relationships.lines import Branch, TieRow
from c360.services.relationships.roles import Need
from c360.services.relationships.suggestions import Suggestion
from c360.services.uow import UnitOfWork
from c360.state import toasts
from c360.state.changes import day_of
from c360.state.entries import ShownEntry, shown
from c360.state.guard import requires
from c360.state.leaving import Leaving
from c360.state.undoing import Undoing

Short = Annotated[str, StringConstraints(max_length=60)]
VIEWS = ("chart", "table", "tree")
LONG = 12_000


class RelationsTab(Undoing, Leaving, rx.State):
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
    needs: rx.Field[list[Need]] = rx.field(default_factory=list)
    """The roles the account should have."""
    left: int = 0
    folded: int = 0
    """How many customers stand together in the chart."""
    earliest: str = ""
    past: list[ShownEntry] = []
    past_more: bool = False
    _key: str = ""
    _id: str = ""
    _opened: list[str] = []
    _graph: Graph = Graph("")
    _unfolded: list[str] = []
    _each: bool = False
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
            self._opened, self._unfolded, self._each, self.nodes, self.edges = [], [], False, [], []
            self.suggested, self.needs = [], []
        self._key, self._id, self.is_account = parts[0], parts[1], parts[0] == "account"
        await self._fill()
        if not self.problem:
            kinds = await self._ask(making.kinds_in_use)
            self.kind_options = [{"value": kind.value, "label": kind.label, "color": kind.color} for kind in kinds]
            await self._suggest()
            self.needs = await self._ask(_needs, id_of(self._id)) if self.is_account else []
            self.earliest = await self._ask(graph.earliest, id_of(self._id))

    @rx.event
    @requires()
    async def show(self, view: Short):
        """Show it as a chart, a table or a tree."""
        self.view = view if view in VIEWS else "chart"
        await self._draw()

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
        """Show each customer as a card of his own."""
        self._each = True
        await self._draw()

    @rx.event
    @requires()
    async def expand(self, node_id: Short):
        """Show everybody a node is tied to, or who stands together in it."""
        if node_id.startswith(BUNDLE):
            self._unfolded = [*self._unfolded, node_id][-graph.STEPS :]
            await self._draw()
        elif node_id not in self._opened and any(node.id == node_id and not node.masked for node in self._graph.nodes):
            self._opened = [*self._opened, node_id][-graph.STEPS :]
            await self._fill()

    @rx.event
    @requires()
    async def open(self, node_id: Short):
        """Put a node into the middle: its own Relations tab; a bundle opens where it is."""
        if node_id.startswith(BUNDLE):
            return RelationsTab.expand(node_id)
        node = next((one for one in self._graph.nodes if one.id == node_id and not one.masked), None)
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
    async def dismiss(self, other_id: Short):
        """Remember that a suggested customer has nothing to do with this one."""
        return await self._act("relations.done.dismiss", suggestions.dismiss, [self._id, other_id])

    @rx.event
    @requires()
    async def undo(self, set_id: Short):
        """Take a change back."""
        told = await self._take_back(set_id)
        await self._fill()
        await self._suggest()
        return told

    @rx.event
    @requires()
    async def more_past(self):
        """Show an older page of the group's history."""
        await self._history(self._past_after)

    async def _act(self, said: str, work: Any, ids: list[str], *args: Any, **kwargs: Any) -> Any:
        try:
            made = await self._call(work, *args, *(id_of(one) for one in ids), **kwargs)
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
            self._graph, self.ready = Graph(""), True
            await self._draw()
            return
        self._graph, self.center, self.left, self.problem, self.ready = found, found.center, found.left, "", True
        await self._draw()
        self.past = []
        if self.scope == "structure":
            await self._history(None)

    async def _draw(self) -> None:
        """Show what was read: as cards, of whom many may stand together, and as the lines of the chosen view."""
        found, language = self._graph, (await self._actor()).language
        most = graph.MOST if self._each else graph.AT_FIRST
        drawn = bundling.bundled(found, language, opened=self._unfolded, most=most)
        self.nodes, self.edges = drawn.nodes, drawn.edges
        self.folded = sum(node.count for node in drawn.nodes)
        self.rows = lines.rows(found) if self.view == "table" else []
        self.branches = lines.tree(found) if self.view == "tree" and found.nodes else []

    async def _suggest(self) -> None:
        if not self.problem:
            self.suggested = await self._ask(suggestions.of, id_of(self._id))

    async def _read(self) -> Graph:
        if self.scope == "structure":
            return await self._ask(structure.whole, id_of(self._id))
        return await self._ask(
            graph.around, id_of(self._id), rings=self.rings, opened=[id_of(one) for one in self._opened],
            day=day_of(self.day), former=self.former, only=self.only,
        )  # fmt: skip

    async def _history(self, after: int | None) -> None:
        page = await self._ask(structure.past, id_of(self._id), after)
        new = [shown(entry) for entry in page.entries]
        self.past = [*self.past, *new] if after is not None else new
        self._past_after, self.past_more = page.after, page.after is not None


def _needs(uow: UnitOfWork, account_id: UUID) -> list[Need]:
    return roles.of(uow, uow.get("account", account_id, archived=True))


def known(tab: RelationsTab) -> Graph:
    """Return everybody and every tie the tab has read, whatever of it is drawn."""
    return tab._graph


def record_of(edge_id: str) -> UUID:
    """Return the row a tie stands for; what is no tie of this reader leads nowhere."""
    return id_of(edge_id.partition(".")[2])
