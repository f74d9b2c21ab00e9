"""The views and folders in the sidebar, with how many records each finds."""

from typing import Any, TypedDict

import reflex as rx

from c360.core.errors import C360Error
from c360.registry.entity import entity_for
from c360.services import listing, views
from c360.services.listing import ListQuery
from c360.services.uow import UnitOfWork
from c360.services.views import SavedFolder, SavedView
from c360.state.guard import requires
from c360.state.session import ServiceCalls

MOST = 12
"""Views and folders that are counted; the rest open all the same."""


class Place(TypedDict):
    """A saved view or a folder."""

    id: str
    entity: str
    name: str
    href: str
    color: str
    mode: str
    depth: int
    star: bool
    count: int
    exact: bool


class PlacesState(ServiceCalls, rx.State):
    """What the sidebar shows below the lists."""

    views: list[Place] = []
    folders: list[Place] = []

    @rx.event
    @requires()
    async def load(self):
        """Load the views and folders; their counts follow."""
        counted = {place["id"]: place for place in [*self.views, *self.folders]}
        self.views, self.folders = await self._ask(_places, counted)
        return PlacesState.count

    @rx.event
    @requires()
    async def count(self):
        """Count what each place holds."""
        counts = await self._ask(_counts)
        self.views = [_counted(place, counts) for place in self.views]
        self.folders = [_counted(place, counts) for place in self.folders]


def _places(uow: UnitOfWork, before: dict[str, Place]) -> tuple[list[Place], list[Place]]:
    saved = [_place(one, f"view={one.id}", one.color, 0, before) for one in views.views(uow)]
    shelves = [_place(one, f"view=all&folder={one.id}", "", one.depth, before) for one in views.folders(uow)]
    return saved, shelves


def _place(one: SavedView | SavedFolder, query: str, color: str, depth: int, before: dict[str, Place]) -> Place:
    last = before.get(str(one.id))
    return {
        "id": str(one.id), "entity": one.entity, "name": one.name,
        "href": f"/{entity_for(one.entity).path}?{query}", "color": color, "mode": getattr(one, "mode", ""),
        "depth": depth, "star": one.is_favourite, "count": last["count"] if last else -1,
        "exact": last["exact"] if last else True,
    }  # fmt: skip


def _counts(uow: UnitOfWork) -> dict[str, listing.Count]:
    asked: list[tuple[str, ListQuery]] = []
    for view in views.views(uow)[:MOST]:
        asked.append((str(view.id), listing.from_json({**view.query, "entity": view.entity})))
    for folder in views.folders(uow)[:MOST]:
        asked.append((str(folder.id), ListQuery(folder.entity, folder=folder.id)))
    found = {}
    for place, query in asked:
        try:
            page = listing.rows(uow, ListQuery(query.entity, ("id",), query.criteria, query.search, (), query.folder,
                                               query.include_inactive), 0, 1)  # fmt: skip
        except C360Error:
            continue  # A shared view may test a field this user may not read: it has no number for him.
        found[place] = listing.Count(page.total, page.exact)
    return found


def _counted(place: Place, counts: dict[str, listing.Count]) -> Any:
    count = counts.get(place["id"])
    return {**place, "count": count.total, "exact": count.exact} if count else place
