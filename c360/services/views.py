"""Saved views of lists and folders: kept by their owners, shared as they say, preferred by each user for himself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.errors import Forbidden, Invalid
from c360.models.view import Folder, View, ViewPreference
from c360.query import criteria
from c360.query.complete import complete
from c360.services import bulk_changes, listing, records
from c360.services.uow import UnitOfWork

LISTS = ("contact", "account", "customer", "activity")
ROWS = (25, 50, 100)
WIDEST = 2000


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view as its list shows it to one user."""

    id: UUID
    entity: str
    name: str
    color: str
    sharing: str
    mine: bool
    is_default: bool
    is_favourite: bool
    query: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SavedFolder:
    """A folder in its place in the tree."""

    id: UUID
    entity: str
    name: str
    mode: str
    sharing: str
    mine: bool
    depth: int
    is_favourite: bool
    parent_id: UUID | None
    criteria: Mapping[str, Any]


def views(uow: UnitOfWork, key: str | None = None) -> list[SavedView]:
    """Return the views the actor may open, of one list or of all, favourites first."""
    found = uow.select("view")
    if key:
        found = found.where(col(View.entity) == key)
    rows = uow.session.exec(found.order_by(col(View.position), col(View.name), col(View.id))).all()
    liked = {one.view_id: one for one in _preferences(uow)}
    shown = [_saved(uow, row, liked.get(row.id)) for row in rows]
    return sorted(shown, key=lambda view: not view.is_favourite)


def _saved(uow: UnitOfWork, row: View, preference: ViewPreference | None) -> SavedView:
    return SavedView(
        id=row.id,
        entity=row.entity,
        name=row.name,
        color=row.color,
        sharing=row.sharing,
        mine=_keeps(uow, "view", row),
        is_default=bool(preference and preference.is_default),
        is_favourite=bool(preference and preference.is_favourite),
        query=row.query,
    )


def _keeps(uow: UnitOfWork, key: str, row: View | Folder) -> bool:
    owners = uow.actor.owners(key, Verb.UPDATE)
    return owners is None or row.owner_id in owners


def save_view(
    uow: UnitOfWork, key: str, name: str, sharing: str, query: Mapping[str, Any], color: str = "indigo"
) -> UUID:
    """Save the state of a list as a new view and return its id."""
    _listed(key)
    values = {"entity": key, "name": name, "sharing": sharing, "color": color}
    return records.create(uow, "view", values, query=stored(uow, key, query))


def keep_view(uow: UnitOfWork, view_id: UUID, query: Mapping[str, Any]) -> None:
    """Save the state of a list in the view it was opened with."""
    view: View = uow.get("view", view_id, Verb.UPDATE)
    view.query = stored(uow, view.entity, query)


def rename_view(uow: UnitOfWork, view_id: UUID, name: str, sharing: str) -> None:
    """Give a view another name and share it with others."""
    records.update(uow, "view", view_id, {"name": name, "sharing": sharing})


def delete_view(uow: UnitOfWork, view_id: UUID) -> None:
    """Take a view away; the records it showed stay."""
    records.archive(uow, "view", view_id)


def prefer(uow: UnitOfWork, view_id: UUID, *, default: bool | None = None, favourite: bool | None = None) -> None:
    """Open a list with this view from now on, or put the view among the favourites; each for the actor alone."""
    view: View = uow.get("view", view_id)
    mine = _preferences(uow)
    if default:
        for other in mine:
            if other.entity == view.entity and other.view_id != view_id:
                other.is_default = False
    found = next((one for one in mine if one.view_id == view_id), None)
    if found is None:
        values = {"entity": view.entity, "view_id": str(view_id)}
        made = records.create(uow, "view_preference", values)
        uow.flush()
        found = uow.get("view_preference", made)
    found.is_default = found.is_default if default is None else default
    found.is_favourite = found.is_favourite if favourite is None else favourite


def _preferences(uow: UnitOfWork) -> list[ViewPreference]:
    return list(uow.session.exec(uow.select("view_preference")).all())


def stored(uow: UnitOfWork, key: str, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a view keeps of a list: its query, columns with width and pin, quick filters, density, rows."""
    read = listing.from_json({**query, "entity": key})
    known = uow.fields(key)
    uow.where(key, complete(read.criteria))
    layout = [_place(one) for one in query.get("layout") or [] if isinstance(one, dict) and one.get("id") in known]
    quick = [name for name in query.get("quick") or [] if isinstance(name, str) and name in known]
    return {
        **listing.to_json(read),
        "columns": [name for name in read.columns if name in known],
        "layout": layout,
        "quick": quick,
        "density": "compact" if query.get("density") == "compact" else "normal",
        "rows": query["rows"] if query.get("rows") in ROWS else ROWS[-1],
    }


def _place(one: Mapping[str, Any]) -> dict[str, Any]:
    width = one.get("width")
    pinned = one.get("pinned") if one.get("pinned") in ("left", "right") else None
    return {"id": one["id"], "pinned": pinned} | (
        {"width": int(width)} if isinstance(width, int | float) and 0 < width < WIDEST else {}
    )


def _listed(key: str) -> None:
    if key not in LISTS:
        raise Invalid.field("entity", "listing.entity.unknown")


def folders(uow: UnitOfWork, key: str | None = None) -> list[SavedFolder]:
    """Return the folders the actor may open as a tree laid flat, each with its depth."""
    found = uow.select("folder")
    if key:
        found = found.where(col(Folder.entity) == key)
    rows = uow.session.exec(found.order_by(col(Folder.position), col(Folder.name), col(Folder.id))).all()
    seen = {row.id for row in rows}
    below: dict[UUID | None, list[Folder]] = {}
    for row in rows:
        # A folder whose parent is not shared with the actor stands at the top.
        below.setdefault(row.parent_id if row.parent_id in seen else None, []).append(row)
    return list(_branches(uow, below, None, 0))


def _branches(uow: UnitOfWork, below: Mapping[UUID | None, list[Folder]], parent: UUID | None, depth: int) -> Any:
    for row in below.get(parent, []):
        yield SavedFolder(
            row.id, row.entity, row.name, row.mode, row.sharing, _keeps(uow, "folder", row), depth, row.is_favourite,
            row.parent_id, row.criteria,
        )  # fmt: skip
        yield from _branches(uow, below, row.id, depth + 1)


def save_folder(
    uow: UnitOfWork, key: str, name: str, mode: str, sharing: str, rule: Mapping[str, Any], parent_id: UUID | None
) -> UUID:
    """Make a folder: a dynamic one holds what its rule finds, a static one what people put there."""
    _listed(key)
    if mode == "static" and "add_to_folder" not in bulk_changes.offered(key):
        raise Invalid.field("mode", "folder.by_rule")
    kept = _rule(uow, key, rule) if mode == "dynamic" else {}
    values = {"entity": key, "name": name, "mode": mode, "sharing": sharing}
    values |= {"parent_id": str(parent_id)} if parent_id else {}
    return records.create(uow, "folder", values, criteria=kept)


def change_folder(
    uow: UnitOfWork, folder_id: UUID, name: str, sharing: str, parent_id: UUID | None, rule: Mapping[str, Any] | None
) -> None:
    """Rename, share or move a folder, or give a dynamic one another rule."""
    folder: Folder = uow.get("folder", folder_id, Verb.UPDATE)
    if parent_id and folder_id in _above(uow, parent_id):
        raise Invalid.field("parent_id", "folder.circle")
    values = {"name": name, "sharing": sharing, "parent_id": str(parent_id) if parent_id else ""}
    records.update(uow, "folder", folder_id, values)
    if rule is not None and folder.mode == "dynamic":
        folder.criteria = _rule(uow, folder.entity, rule, folder_id)


def _above(uow: UnitOfWork, folder_id: UUID) -> set[UUID]:
    found: set[UUID] = set()
    current: UUID | None = folder_id
    while current and current not in found:
        found.add(current)
        current = uow.session.exec(select(Folder.parent_id).where(col(Folder.id) == current)).first()
    return found


def _rule(uow: UnitOfWork, key: str, rule: Mapping[str, Any], *inside: UUID) -> dict[str, Any]:
    read = complete(criteria.from_json(rule))
    if not read.of:
        raise Invalid.field("criteria", "folder.rule.empty")
    uow.where(key, read, inside=inside)
    return criteria.to_json(read)


def delete_folder(uow: UnitOfWork, folder_id: UUID) -> None:
    """Take a folder away; its records stay, and its folders move up to its parent."""
    folder: Folder = uow.get("folder", folder_id, Verb.ARCHIVE)
    for child in uow.session.exec(uow.select("folder").where(col(Folder.parent_id) == folder_id)).all():
        if not _keeps(uow, "folder", child):
            raise Forbidden("folder.delete.shared", name=child.name)
        child.parent_id = folder.parent_id
    records.archive(uow, "folder", folder_id)


def favour_folder(uow: UnitOfWork, folder_id: UUID, favourite: bool) -> None:
    """Put a folder of one's own among the favourites."""
    folder: Folder = uow.get("folder", folder_id, Verb.UPDATE)
    folder.is_favourite = favourite
