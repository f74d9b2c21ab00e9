"""The lists of contacts, accounts, customers and activities."""

from typing import Any

import reflex as rx

from c360.components.activity_list import activity_facts, buttons_of, kind_icon
from c360.components.bulk_dialog import bulk_dialog
from c360.components.compact_profile import compact_profile
from c360.components.folder_dialog import folder_dialog
from c360.components.kit import E
from c360.components.peek import peek_panel
from c360.components.view_dialog import view_dialog
from c360.components.wraps.i18n import tr
from c360.components.wraps.records import record_list
from c360.pages.frame import LOADS, frame
from c360.pages.route import Route
from c360.registry.entity import entity_for
from c360.services import bulk_changes
from c360.services.activity_lines import ActivityLine
from c360.state.activity_list import ActivityList
from c360.state.listing import AccountList, ContactList, CustomerList
from c360.state.places import PlacesState

LISTS: tuple[Any, ...] = (ContactList, AccountList, CustomerList, ActivityList)


def list_page(state: Any) -> rx.Component:
    """Return the page of one list, wired to its state."""
    entity = entity_for(state.entity_key)
    title = tr(f"shell.{entity.path}")
    adds = "contacts" if entity.key == "customer" else entity.path
    rows = record_list(
        ready=state.ready,
        entity=entity.key,
        path=adds,
        views=state.views,
        folders=PlacesState.folders,
        fallback=state.fallback,
        acts=state.acts,
        may_add=state.may_add,
        may_import=state.may_import,
        currency=state.currency,
        fresh=state.fresh,
        on_peek=state.peek,
        on_edit=state.edit,
        on_bulk=state.bulk_open,
        on_view=state.view_act,
        on_folder=state.folder_act,
    )
    dialog = view_dialog(
        act=state.dialog,
        name=state.view_name,
        sharing=state.view_sharing,
        error=state.error,
        on_submit=state.view_submit,
        on_close=state.close,
    )
    shelf = folder_dialog(
        act=state.dialog,
        name=state.view_name,
        sharing=state.view_sharing,
        mode=state.folder_mode,
        parent=state.folder_parent,
        parents=state.parents,
        by_hand="add_to_folder" in bulk_changes.offered(entity.key),
        error=state.error,
        on_submit=state.folder_submit,
        on_close=state.close,
    )
    panel = rx.cond(state.peek_open, _activity(state) if entity.key == "activity" else _profile(state))
    return frame(
        rows, panel, dialog, shelf, bulk_dialog(state), active=entity.key, title=title, scope="list",
        commands=state.commands,
    )  # fmt: skip


def _profile(state: Any) -> rx.Component:
    header = state.peeked.header
    return peek_panel(f"/{header.entity}/{header.id}", compact_profile(state.peeked))


def _activity(state: Any) -> rx.Component:
    def one(line: ActivityLine) -> rx.Component:
        head = E.div(
            E.span(kind_icon(line.kind, 18), class_name="lico"),
            rx.link(line.subject, href=line.href, underline="hover", class_name="cname grow"),
            class_name="row chead",
        )
        return peek_panel(line.href, head, buttons_of(line, state), activity_facts(line, state))

    return rx.fragment(rx.foreach(state.lines, one))


def _route(state: Any) -> Route:
    path = entity_for(state.entity_key).path
    return Route(f"/{path}", lambda: list_page(state), f"shell.{path}", [*LOADS, state.load])


ROUTES = [_route(state) for state in LISTS]
