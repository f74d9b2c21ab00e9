"""The lists: what a person decides there. Rows, counts and options come over HTTP."""

from typing import Any, ClassVar, TypedDict
from uuid import UUID

import reflex as rx
from reflex_base.event import Event

from c360.core.actor import Verb
from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import bulk_changes, cells, profiles, settings, views
from c360.services.duplicates import asking
from c360.services.profiles import Compact
from c360.services.views import SavedView
from c360.state import browser, toasts
from c360.state.exporting import Exporting
from c360.state.guard import requires
from c360.state.places import PlacesState

ACTS = {
    "edit": Verb.UPDATE, "assign": Verb.ASSIGN, "tag": Verb.UPDATE, "untag": Verb.UPDATE, "export": Verb.EXPORT,
    "add_to_folder": Verb.READ, "remove_from_folder": Verb.READ, "merge": Verb.MERGE,
    "find_duplicates": Verb.READ, "inactivate": Verb.UPDATE, "activate": Verb.UPDATE, "archive": Verb.ARCHIVE,
}  # fmt: skip
"""What may be done to a selection, and the right it takes."""


class ViewRow(TypedDict):
    """A saved view as the list shows it."""

    id: str
    name: str
    color: str
    query: dict[str, Any]
    mine: bool
    sharing: str
    is_default: bool
    is_favourite: bool


def row_of(view: SavedView) -> ViewRow:
    """Return a saved view as the browser gets it."""
    return {
        "id": str(view.id), "name": view.name, "color": view.color, "query": dict(view.query), "mine": view.mine,
        "sharing": view.sharing, "is_default": view.is_default, "is_favourite": view.is_favourite,
    }  # fmt: skip


def tell_grid(op: str, **detail: Any) -> Event:
    """Send the table a command."""
    return browser.emit("c360:grid", {"op": op, **detail})


class Listing(Exporting, mixin=True):
    """The list of one entity: its views, the record looked at, the dialog that is open."""

    adds: ClassVar[bool] = True
    """Whether a record can be made here, with no other one to belong to."""

    ready: bool = False
    views: list[ViewRow] = []
    fallback: str = ""
    acts: list[str] = []
    commands: list[str] = []
    may_add: bool = False
    may_import: bool = False
    currency: str = ""
    peeked: Compact = Compact()
    peek_open: bool = False
    dialog: str = ""
    view_name: str = ""
    view_sharing: str = "private"
    error: str = ""
    folder_mode: str = "dynamic"
    folder_parent: str = ""
    parents: list[dict[str, str]] = []
    _folder_id: str = ""
    _view_id: str = ""
    _query: dict[str, Any] = {}

    @rx.event
    @requires("read")
    async def load(self):
        """Load the views and what the user may do here."""
        actor = await self._actor()
        self.dialog, self.error = "", ""
        self._bulk_reset()
        keys = ("contact", "account") if self.entity_key == "customer" else (self.entity_key,)
        known = {*bulk_changes.offered(self.entity_key), "export"}
        if set(keys) & {"contact", "account"}:
            known.add("merge")
        if self.entity_key in (*asking.KINDS, asking.MIXED):
            known.add("find_duplicates")
        self.acts = [act for act, verb in ACTS.items() if act in known and any(actor.may(verb, key) for key in keys)]
        self.commands = [act for act in self.acts if act != "remove_from_folder"]
        self.may_add = self.adds and any(actor.may(Verb.CREATE, key) for key in keys)
        self.may_import = self.adds and any(actor.may(Verb.IMPORT, key) for key in keys)
        self.currency = await self._ask(lambda uow: settings.read(uow.session).currency)
        await self._load_views()
        self.ready = True

    async def _load_views(self) -> None:
        found = await self._ask(views.views, self.entity_key)
        self.views = [row_of(view) for view in found]
        self.fallback = next((view["id"] for view in self.views if view["is_default"]), "")

    @rx.event(supersedes=True)
    @requires("read")
    async def peek(self, record_id: str):
        """Show a record beside the list; an empty id closes the panel."""
        self.peek_open = bool(record_id)
        if record_id:
            await self._look(id_of(record_id))

    async def _look(self, record_id: UUID) -> None:
        self.peeked = await self._call(profiles.compact, self.entity_key, record_id)

    @rx.event
    @requires("update")
    async def edit(self, record_id: str, field: str, value: str, seen: str):
        """Keep what was typed into a cell; what cannot be kept is taken back and explained."""
        try:
            await self._call(cells.change, self.entity_key, id_of(record_id), field, value, seen)
        except C360Error as error:
            language = (await self._actor()).language
            return [tell_grid("refresh"), toasts.failed(error.text(language))]
        return tell_grid("refresh")

    @rx.event
    @requires("read")
    async def view_act(self, act: str, view_id: str, query: dict[str, Any]):
        """Do what the menu of a view says: some acts ask for a name first."""
        self._view_id, self._query, self.error = view_id, query, ""
        if act in ("save_as", "rename", "delete"):
            known = next((view for view in self.views if view["id"] == view_id), None)
            self.view_name = known["name"] if known and act != "save_as" else ""
            self.view_sharing = known["sharing"] if known and act != "save_as" else "private"
            self.dialog = act
            return None
        return await self._at_once(act, id_of(view_id))

    async def _at_once(self, act: str, view_id: UUID) -> Any:
        if act == "save":
            await self._call(views.keep_view, view_id, self._query)
        elif act in ("default", "no_default"):
            await self._call(views.prefer, view_id, default=act == "default")
        elif act in ("favourite", "no_favourite"):
            await self._call(views.prefer, view_id, favourite=act == "favourite")
        await self._load_views()
        return [PlacesState.load, toasts.done(await self._text(f"list.view.done.{act}"))]

    @rx.event
    @requires("read")
    async def view_submit(self, form: dict[str, Any]):
        """Save, rename or delete the view the dialog asks about."""
        name, sharing = str(form.get("name", "")).strip(), str(form.get("sharing", "private"))
        act, opened = self.dialog, ""
        try:
            if act == "save_as":
                opened = str(await self._call(views.save_view, self.entity_key, name, sharing, self._query))
            elif act == "rename":
                await self._call(views.rename_view, id_of(self._view_id), name, sharing)
            elif act == "delete":
                await self._call(views.delete_view, id_of(self._view_id))
        except C360Error as error:
            self.error = error.text((await self._actor()).language)
            return None
        self.dialog = ""
        await self._load_views()
        done = [PlacesState.load, toasts.done(await self._text(f"list.view.done.{act}"))]
        if act in ("save_as", "delete"):
            done.append(rx.redirect(f"?view={opened or 'all'}"))
        return done

    @rx.event
    @requires("read")
    async def folder_act(self, act: str, folder_id: str, query: dict[str, Any]):
        """Do what the menu of a folder says; most acts ask first."""
        self._folder_id, self._query, self.error = folder_id, query, ""
        found = await self._ask(views.folders, self.entity_key)
        self.parents = [{"value": str(one.id), "label": one.name} for one in found if str(one.id) != folder_id]
        known = next((one for one in found if str(one.id) == folder_id), None)
        if known and act == "folder_star":
            await self._call(views.favour_folder, known.id, not known.is_favourite)
            return PlacesState.load
        if known and act == "folder_rule":
            rule = query.get("criteria") or {}
            try:
                await self._call(views.change_folder, known.id, known.name, known.sharing, known.parent_id, rule)
            except C360Error as error:
                return toasts.failed(error.text((await self._actor()).language))
            return [PlacesState.load, toasts.done(await self._text("list.folder.done.folder_rule"))]
        self.view_name, self.view_sharing = (known.name, known.sharing) if known else ("", "private")
        self.folder_parent = str(known.parent_id or "") if known else ""
        self.folder_mode = known.mode if known else "dynamic"
        self.dialog = act
        return None

    @rx.event
    @requires("read")
    async def folder_submit(self, form: dict[str, Any]):
        """Make, change or delete the folder the dialog asks about."""
        name, sharing = str(form.get("name", "")).strip(), str(form.get("sharing", "private"))
        parent = id_of(form["parent"]) if form.get("parent") else None
        rule, opened = self._query.get("criteria") or {}, self._folder_id
        act = self.dialog
        try:
            if act == "folder_new":
                mode = str(form.get("mode", "dynamic"))
                made = await self._call(views.save_folder, self.entity_key, name, mode, sharing, rule, parent)
                opened = str(made)
            elif act == "folder_edit":
                await self._call(views.change_folder, id_of(opened), name, sharing, parent, None)
            elif act == "folder_delete":
                await self._call(views.delete_folder, id_of(opened))
        except C360Error as error:
            self.error = error.text((await self._actor()).language)
            return None
        self.dialog = ""
        target = "?view=all" if act == "folder_delete" else f"?view=all&folder={opened}"
        done = toasts.done(await self._text(f"list.folder.done.{act}"))
        return [PlacesState.load, done] + ([] if act == "folder_edit" else [rx.redirect(target)])

    @rx.event
    @requires("read")
    async def close(self):
        """Close the dialog."""
        self.dialog, self.error = "", ""

    async def _text(self, key: str, **params: Any) -> str:
        return text((await self._actor()).language, key, **params)


class ContactList(Listing, rx.State):
    """The list of people."""

    entity_key: ClassVar[str] = "contact"


class AccountList(Listing, rx.State):
    """The list of organisations."""

    entity_key: ClassVar[str] = "account"


class CustomerList(Listing, rx.State):
    """The list of both."""

    entity_key: ClassVar[str] = "customer"
